"""Points at which a fault test lets the process die, as if the power had gone. Pure.

`HELPCENTER_CRASH_AT=after_commit:3` ends the process the third time that it gets there; without the variable
nothing happens.
"""

import os

POINTS = ("after_commit", "before_ack", "before_hint")
EXIT_CODE = 9

_name, _, _count = os.environ.get("HELPCENTER_CRASH_AT", "").partition(":")
_left = int(_count or 1) if _name in POINTS else 0


def crash_point(name: str) -> None:
    """End the process without any tidying up when this is the chosen point and its turn has come."""
    global _left
    if _left and name == _name:
        _left -= 1
        if not _left:
            os._exit(EXIT_CODE)
