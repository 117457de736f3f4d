"""The programs on this machine that tests run: found, or installed where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

# The same engine without windows around its pages: the journeys take half as long.
HEADLESS_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = (HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The path of a Chromium (`CHROMIUM` decides, else the usual names)."""
    return os.environ.get("CHROMIUM") or _first(CHROMIUM_NAMES)


def postgres_binary(name: str) -> str | None:
    """The path of one of PostgreSQL's server programs, which Debian keeps off the PATH."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(newest[0]) if newest else shutil.which(name)


def has_chinese_font() -> bool:
    """Whether pictures of Chinese pages show characters and not boxes."""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    return bool(subprocess.run([listing, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def missing_packages() -> list[str]:
    """Debian's names of what isn't there."""
    needs = {
        HEADLESS_SHELL: chromium() is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "postgresql": postgres_binary("initdb") is not None,
        "redis-server": shutil.which("redis-server") is not None,
        "gettext": shutil.which("xgettext") is not None,
        "nginx-light": shutil.which("nginx") is not None,
        "docker-compose": shutil.which("docker-compose") is not None,
    }
    return [package for package, is_there in needs.items() if not is_there]


def ensure_tools() -> list[str]:
    """Install what is missing where this user may; returns what is missing still."""
    missing = missing_packages()
    wanted = missing or _wanted_packages()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(wanted)}…", flush=True)  # noqa: T201
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *wanted]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)
        missing = missing_packages()
    return missing


def _wanted_packages() -> list[str]:
    """What the tests can do without, though they are slower, where Debian has it."""
    if os.environ.get("CHROMIUM") or shutil.which(HEADLESS_SHELL) or not shutil.which("apt-cache"):
        return []
    known = subprocess.run(["apt-cache", "show", HEADLESS_SHELL], capture_output=True, check=False)
    return [HEADLESS_SHELL] if known.returncode == 0 else []


def _first(names: Iterable[str]) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)
