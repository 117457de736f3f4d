"""The chat under load: what a message costs next to a relay that stores nothing, and what breaks when."""
