"""Carries a Dockerfile out without a container engine: each stage is a folder, each command runs in order.

What changes the machine itself (packages, users) is only looked at; everything else really happens.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

MACHINE = re.compile(r"^(?:apt-get|useradd)\b")


@dataclass
class Stage:
    """One FROM and what follows; `root` stands for / of the image."""

    name: str
    root: Path
    workdir: str = "/"
    user: str = "root"
    env: dict[str, str] = field(default_factory=dict)
    command: str = ""

    def path(self, name: str) -> Path:
        """A path of the image on this machine."""
        inside = name if name.startswith("/") else f"{self.workdir}/{name}"
        return self.root / inside.lstrip("/")


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their arguments."""
    joined = text.replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _space, rest in (line.partition(" ") for line in lines)]


def carry_out(text: str, context: Path, folder: Path) -> list[Stage]:
    """Build every stage below `folder`; raises `CalledProcessError` when a command fails."""
    stages: list[Stage] = []
    for word, rest in instructions(text):
        if word == "FROM":
            name = rest.split(" AS ")[1] if " AS " in rest else str(len(stages))
            stages.append(Stage(name, folder / name))
            stages[-1].root.mkdir()
        else:
            _do(word, rest, stages, context)
    return stages


def _do(word: str, rest: str, stages: list[Stage], context: Path) -> None:
    stage = stages[-1]
    if word == "WORKDIR":
        stage.workdir = rest
        stage.path(rest).mkdir(parents=True, exist_ok=True)
    elif word == "COPY":
        _copy(rest, stage, stages, context)
    elif word == "RUN" and not MACHINE.match(rest):
        _run(rest, stage)
    elif word == "USER":
        stage.user = rest
    elif word == "ENV":
        stage.env |= dict(part.split("=", 1) for part in shlex.split(rest))
    elif word == "CMD":
        stage.command = rest


def _copy(rest: str, stage: Stage, stages: list[Stage], context: Path) -> None:
    words = rest.split()
    flags = [one for one in words if one.startswith("--")]
    source, target = [one for one in words if not one.startswith("--")]
    others = {one.name: one for one in stages}
    origin = next((others[one.removeprefix("--from=")].path(source) for one in flags), context / source)
    destination = stage.path(target)
    destination.parent.mkdir(parents=True, exist_ok=True)
    if origin.is_dir():
        shutil.copytree(origin, destination, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(origin, destination)


def _run(command: str, stage: Stage) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PIP_CONFIG_FILE") if name in os.environ}
    cached = command.replace("--no-cache-dir ", "")
    subprocess.run(cached, shell=True, check=True, cwd=stage.path(stage.workdir), env=kept | stage.env)
