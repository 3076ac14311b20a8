"""The HTTP door: thin handlers over the flow."""
