"""`datarange demo`: the whole story on real data, with a real site in a process of its own."""
