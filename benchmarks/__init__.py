"""Measurements that are repeated by hand; nothing here runs in the product."""
