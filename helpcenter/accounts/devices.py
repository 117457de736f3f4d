"""Telling people which of their sessions is which."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext

# The first that fits; every browser also claims to be older ones.
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One session in the list."""

    pk: int
    browser: str
    system: str
    address: str
    began: datetime
    seen: datetime
    is_this: bool


def seen(row: UserSession, *, is_this: bool) -> Seen:
    """A session as it is shown to whose it is."""
    agent = row.user_agent
    return Seen(
        pk=row.pk,
        browser=_first(BROWSERS, agent) or gettext("Unknown browser"),
        system=_first(SYSTEMS, agent),
        address=shortened(row.ip),
        began=row.created_at,
        seen=row.last_seen_at,
        is_this=is_this,
    )


def shortened(address: str) -> str:
    """An address without its last part: enough to know it again."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return ".".join(str(found).split(".")[:3]) + ".…"
    return ":".join(found.exploded.split(":")[:3]) + ":…"


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in known if sign in agent), "")
