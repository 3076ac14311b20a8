"""How an exact sum is computed: the only code that reads rows."""
