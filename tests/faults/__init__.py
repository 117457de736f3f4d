"""Faults on purpose: what the chat promises is checked while processes die and networks fail."""
