"""Foreign files are opened in a process of their own: what goes wrong there ends there.

The parent's side (`run_worker`) and the child's (`serve`). A child reads the file from its standard input and
answers with one line of JSON and the cleaned file after it.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chat.core.refusal import AttachmentRefused

ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 30
CPU_SECONDS = 20
MEMORY_BYTES = 1024**3
OPEN_FILES = 32

Answer = tuple[dict[str, Any], bytes]


def run_worker(module: str, data: bytes, *arguments: str, seconds: float = WALL_SECONDS) -> Answer:
    """What the worker module makes of the file: its facts, and the cleaned bytes.

    Raises `AttachmentRefused` with the worker's code, or with `broken` when it crashes, answers nonsense or
    takes longer than `seconds`.
    """
    command = [sys.executable, "-E", "-s", "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, the file only comes by the pipe
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8"},
            check=True,
        )
        line, _, cleaned = done.stdout.partition(b"\n")
        facts = json.loads(line)
    except (subprocess.SubprocessError, ValueError) as problem:
        raise AttachmentRefused("broken") from problem
    if refusal := facts.pop("refused", None):
        raise AttachmentRefused(refusal, **facts)
    return facts, cleaned


def serve(clean: Callable[..., Answer]) -> None:
    """Run in the child: answer with what `clean(data, *arguments)` returns, or with the refusal it raises."""
    limit_resources()
    cleaned = b""
    try:
        facts, cleaned = clean(sys.stdin.buffer.read(), *sys.argv[1:])
    except AttachmentRefused as refused:
        facts = {"refused": refused.code, **refused.params}
    except MemoryError:
        facts = {"refused": "bomb"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + cleaned)


def limit_resources() -> None:
    """Bound what this process may use, for good; and let the pages of visitors go first."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)
