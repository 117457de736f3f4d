"""A consistent copy of the database in one file, and back again, for both kinds of database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections

# Seconds to wait for another writer, as everywhere else.
PATIENCE = 60


class KeepingFailed(Exception):
    """A backup could not be made or restored; the text says why."""


def vendor() -> str:
    """`sqlite` or `postgresql`."""
    return str(connection.vendor)


def dump(target: Path) -> None:
    """Write the database of one moment to `target` while others go on writing; raises `KeepingFailed`."""
    if vendor() == "sqlite":
        _copy_sqlite(_sqlite_path(), target)
    else:
        _run(
            "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--file={target}"
        )


def load(source: Path) -> None:
    """Put what `dump` wrote in the place of everything there is; raises `KeepingFailed` and changes nothing then."""
    connections.close_all()
    if vendor() == "sqlite":
        # Through the database's own locks, so that running processes see the old state or the new one.
        _copy_sqlite(source, _sqlite_path())
    else:
        _run(
            "pg_restore",
            *("--clean", "--if-exists", "--no-owner", "--no-privileges"),
            *("--single-transaction", "--exit-on-error", f"--dbname={_settings()['NAME']}"),
            str(source),
        )


def _sqlite_path() -> Path:
    return Path(str(_settings()["NAME"]))


def _settings() -> dict[str, Any]:
    return dict(connection.settings_dict)


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(source, timeout=PATIENCE)) as old,
            closing(sqlite3.connect(target, timeout=PATIENCE)) as new,
        ):
            old.backup(new)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as problem:
        raise KeepingFailed(f"SQLite: {problem}") from problem
    if verdict != "ok":
        raise KeepingFailed(f"SQLite finds the copy damaged: {verdict}")


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    # The program is PostgreSQL's own, and no argument is anybody's but ours and the operator's.
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise KeepingFailed(f"{program}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")


def _program(name: str) -> str:
    """PostgreSQL's own tool, of the newest version that is installed."""
    versions: Sequence[Path] = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(versions[0]) if versions else None)
    if found is None:
        raise KeepingFailed(f"{name} is not installed; it comes with PostgreSQL's client tools")
    return found


def _environment() -> dict[str, str]:
    """Where the database is; the password goes through the environment and never onto a command line."""
    known = _settings()
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    return dict(os.environ) | {name: str(known[key]) for name, key in names.items() if known.get(key)}
