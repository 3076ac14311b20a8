"""Data Range (数据靶场): questions of data that may not be handed over, answered with a privacy bill.

Start reading at `sandbox.model` (what things are) and `sandbox.flow` (what happens to them).
"""
