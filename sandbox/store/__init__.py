"""The books and the keys on disk; SQLite, and a memory store that passes the same suite."""
