"""People who work here: how they sign in, what proves it is them, and what they did."""
