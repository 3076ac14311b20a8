"""What a researcher's function needs, as source text: how a program leaves a notebook."""
