"""The codes by which a customer can tell one of our agents from somebody who says so."""

from __future__ import annotations

import re

from chat.models import Agent

# What people read or type for one another; agents' codes hold only the second (chat/core/tokens.py).
READ_AS = str.maketrans("OIL", "011")
SEPARATORS = re.compile(r"[\s\-.]+")


def is_working_code(text: str) -> bool:
    """Whether `text` is the code of an agent whose account works; every text costs the same look-up."""
    code = SEPARATORS.sub("", text).upper().translate(READ_AS)
    return Agent.objects.filter(verify_code=code, user__is_active=True).exists()
