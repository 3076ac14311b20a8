"""Data Range (数据靶场): answers from data that may not be handed over.

Start reading at `sandbox.model` (what things are) and `sandbox.flow` (what happens to them).
"""
