"""Bringing what was written to those who listen: memory first, the database whenever in doubt."""
