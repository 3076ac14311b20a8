"""How a stranger's program is held: one box, one job, one bounded answer, then nothing is left."""
