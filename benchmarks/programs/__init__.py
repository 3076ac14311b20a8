"""Programs as a researcher would write them; they are submitted as text."""
