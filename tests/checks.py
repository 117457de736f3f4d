"""`make check`: format, lint, types, templates, translations, layers and the dependency audit."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["helpcenter", "faq", "chat", "tests", "bench", "manage.py"]
PROJECT_TESTS = ["tests/project/test_layers.py", "tests/project/test_translations.py"]


def main() -> int:
    """Run every check, even after one has failed; 0 only when all are green."""
    checks = {
        "format": ["ruff", "format", "--check", *SOURCES],
        "lint": ["ruff", "check", *SOURCES],
        "types": ["mypy"],
        "templates": ["djlint", "--lint", "--quiet", "templates"],
        "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
        "layers and translations": ["pytest", "-q", "-p", "no:cacheprovider", *PROJECT_TESTS],
    }
    failed = [title for title, command in checks.items() if not _passes(title, command)]
    failed += [] if _audit() else ["dependency audit"]
    print("\nmake check:", f"failed: {', '.join(failed)}" if failed else "all green")  # noqa: T201
    return 1 if failed else 0


def _passes(title: str, command: list[str]) -> bool:
    print(f"--- {title}", flush=True)  # noqa: T201
    program = command[0]
    start = [program] if program.endswith(".py") else ["-m", program]
    return subprocess.call([sys.executable, *start, *command[1:]], cwd=ROOT) == 0


def _audit() -> bool:
    """Known faults of the locked versions; where the advisories can't be reached, that is said and no more."""
    print("--- dependency audit", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "audit.json"
        command = ["pip_audit", "-r", "requirements/base.txt", "--disable-pip", "--format", "json"]
        run = subprocess.run(
            [sys.executable, "-m", *command, "--output", str(report), "--progress-spinner", "off"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        text = report.read_text() if report.exists() else ""
    audited = [d for d in json.loads(text or '{"dependencies": []}')["dependencies"] if "vulns" in d]
    if not audited:
        last = (run.stderr.strip().splitlines() or ["no answer"])[-1][:160]
        print(f"NOT AUDITED: the advisories can't be reached from here ({last})")  # noqa: T201
        return True
    faulty = [f"{d['name']} {d['version']}: {v['id']}" for d in audited for v in d["vulns"]]
    print("\n".join(faulty) or f"{len(audited)} packages without known faults")  # noqa: T201
    return not faulty


if __name__ == "__main__":
    raise SystemExit(main())
