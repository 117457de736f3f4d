"""Pure Python about help content: no Django, no clock."""
