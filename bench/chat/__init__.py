"""The chat under load, beside a relay that stores nothing and beside the plain way of writing it."""
