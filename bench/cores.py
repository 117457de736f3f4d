"""Who runs where: the server has one core to itself, the load another."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence


def pinned(what: str, command: Sequence[str]) -> list[str]:
    """`command` on the core of `what` ("server" or "load"); on a machine with one core they share it."""
    cores = sorted(os.sched_getaffinity(0))
    core = cores[0] if what == "server" else cores[min(1, len(cores) - 1)]
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core), *command] if taskset else list(command)
