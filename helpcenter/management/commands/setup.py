"""`manage.py setup`: from a fresh installation to one's own site."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from environs import Env

from helpcenter.env import BASE_DIR, ENV_FILE, LANGUAGES, BadEnvironment, read_environment

# Flag, variable, question, and what is taken when nothing is typed.
QUESTIONS = (
    ("site_name", "SITE_NAME", "Name of the site", "Topay"),
    ("language", "DEFAULT_LANGUAGE", f"Language of the start page ({' or '.join(LANGUAGES)})", LANGUAGES[0]),
    ("address", "SITE_URL", "Public address, for example https://help.example.com", ""),
    ("mail", "EMAIL_URL", "Mail server, smtp+tls://user:password@host:587 (empty: mails are printed)", ""),
    ("sender", "DEFAULT_FROM_EMAIL", "Sender of mails (empty: the demo's)", ""),
    ("database", "DATABASE_URL", "Database, postgres://user:password@host/name (empty: SQLite)", ""),
    ("redis", "REDIS_URL", "Redis, redis://host:6379/0 (empty: one process without)", ""),
    ("time_zone", "TIME_ZONE", "Time zone of the opening hours", "Asia/Shanghai"),
)


class Command(BaseCommand):
    """Asks, or takes flags; writes an env file, makes the first administrator, says what comes next."""

    help = "Set the site up: writes .env, prepares the database, makes the first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A flag for each question; with --no-input what isn't given keeps its default."""
        for flag, variable, question, _default in QUESTIONS:
            parser.add_argument(f"--{flag.replace('_', '-')}", dest=flag, help=f"{question} [{variable}]")
        parser.add_argument("--admin", help="user name of the first administrator")
        parser.add_argument(
            "--admin-password-env", metavar="NAME", help="variable that holds the administrator's password"
        )
        parser.add_argument("--file", type=Path, default=ENV_FILE, help="the env file to write")
        parser.add_argument("--force", action="store_true", help="replace an env file that exists")
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, check, write, prepare."""
        target: Path = options["file"]
        if target.exists() and not options["force"]:
            raise CommandError(f"{target} exists; --force replaces it")
        values = self._answers(options)
        values["SECRET_KEY"] = secrets.token_urlsafe(64)
        _check(values)
        name = options["admin"] or (
            "" if options["no_input"] else _ask("User name of the administrator", "admin")
        )
        password = self._password(name, options) if name else ""
        _write(target, values)
        self.stdout.write(f"written: {target}")
        if name:
            self._administrator(name, password, target, set(values))
        self._say_next(values)

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        values = {}
        for flag, variable, question, default in QUESTIONS:
            value = options[flag]
            if value is None:
                value = default if options["no_input"] else _ask(question, default)
            if value.strip():
                values[variable] = value.strip()
        return values

    def _password(self, name: str, options: dict[str, Any]) -> str:
        """From the environment, or typed; it is never on a command line."""
        variable = options["admin_password_env"]
        password = os.environ.get(variable, "") if variable else ""
        if not password and not options["no_input"]:
            password = getpass(f"Password for {name}: ")
        try:
            validate_password(password)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        return password

    def _administrator(self, name: str, password: str, target: Path, written: set[str]) -> None:
        """In a process of its own, because this one has the settings of before."""
        environment = {key: value for key, value in os.environ.items() if key not in written}
        environment |= {"HELPCENTER_ENV_FILE": str(target), "DJANGO_SUPERUSER_PASSWORD": password}
        for arguments in (
            ["migrate", "--verbosity", "0"],
            ["createsuperuser", "--no-input", "--username", name, "--email", ""],
        ):
            command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode != 0:
                reason = (done.stderr.strip().splitlines() or ["it failed"])[-1]
                raise CommandError(f"{arguments[0]}: {reason}")
        self.stdout.write(f"administrator: {name}")

    def _say_next(self, values: dict[str, str]) -> None:
        self.stdout.write(
            "\nNext:\n"
            "  manage.py prepare     database tables, static files, content when there is none\n"
            "  manage.py doctor      is everything sound?\n"
            f"  make run              serve {values.get('SITE_URL', settings.SITE_URL)}\n"
            "docs/install.md tells of services that start by themselves, TLS and more than one process."
        )


def _ask(question: str, default: str) -> str:
    try:
        return input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
    except EOFError:
        raise CommandError("There is nobody to ask; use flags and --no-input") from None


def _check(values: dict[str, str]) -> None:
    """Raises `CommandError` for what the site could not start with."""
    kept = dict(os.environ)
    try:
        for name in ("DEBUG", "ALLOWED_HOSTS", *(variable for _flag, variable, *_rest in QUESTIONS)):
            os.environ.pop(name, None)
        os.environ.update(values)
        read_environment(Env(expand_vars=False))
    except BadEnvironment as refused:
        raise CommandError(str(refused)) from None
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _write(target: Path, values: dict[str, str]) -> None:
    """One variable a line, quoted so that shells, systemd and we read the same; for the owner only."""
    lines = ["# Written by manage.py setup; docs/configuration.md tells of every variable."]
    for name, value in values.items():
        if "'" in value or "\n" in value:
            raise CommandError(f"{name}: must not hold quotes or line breaks")
        lines.append(f"{name}='{value}'")
    partial = target.with_name(target.name + ".partial")
    with open(partial, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("\n".join(lines) + "\n")
    partial.replace(target)
