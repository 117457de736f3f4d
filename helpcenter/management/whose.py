"""How a command is told whose data it is about."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from chat.models import Visitor
from chat.services.personal_data import NobodyFound, find_visitors


def add_arguments(parser: ArgumentParser) -> None:
    """Exactly one way to name the person."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--reference", default="", help="reference of one of their conversations, TP-…")
    whose.add_argument("--email", default="", help="the address that they gave")
    whose.add_argument(
        "--subject", default="", help="the app's id of its user (`sub` of the signed identity)"
    )
    whose.add_argument("--visitor", default="", help="the visitor's key, as an export shows it")


def visitors(options: dict[str, Any]) -> list[Visitor]:
    """The people who were named; raises `CommandError`."""
    key = options["visitor"]
    try:
        if key:
            UUID(key)
        return find_visitors(
            reference=options["reference"], email=options["email"], subject=options["subject"], key=key
        )
    except (NobodyFound, ValueError):
        raise CommandError("Nobody fits that.") from None
