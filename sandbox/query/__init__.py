"""The query lane: SQL or builder, compiled to a plan, estimated from noisy integers."""
