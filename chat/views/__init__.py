"""Pages of conversations: they parse, ask a service and render."""
