"""What things are: frozen values that refuse to exist when wrong. No I/O, no clock, no chance."""
