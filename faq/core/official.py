"""Compares what a customer was sent with what is really ours. Pure; it never says "safe" of a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA

MAX_LENGTH = 200
PHONE = re.compile(r"^\+?[\d\s\-().]{5,}$")
HOST = re.compile(r"^[^\s@/]+\.[^\s@/.]{2,}$")
# Characters that fakes swap for one another.
LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "3": "e", "|": "l", "-": None, "_": None})
# So few changes make a name look like ours without being it.
NEAR_EDITS = 2


@dataclass(frozen=True)
class Identity:
    """Something that is ours: a phone number, e-mail address, site, social account or app."""

    kind: str
    value: str


@dataclass(frozen=True)
class Verdict:
    """`official` with the identity it is, `imitation` of the one it resembles, `agent` (a code), or `unknown`."""

    result: str
    identity: Identity | None = None


def check(text: str, identities: Iterable[Identity]) -> Verdict:
    """Judge `text` against everything that is ours; an exact match only is official."""
    text = clean(text)
    known = list(identities)
    for identity in known:
        if _form(text, identity.kind) and _form(text, identity.kind) == _form(identity.value, identity.kind):
            return Verdict("official", identity)
    for identity in known:
        if _resembles(text, identity):
            return Verdict("imitation", identity)
    return Verdict("unknown")


def clean(text: str) -> str:
    """The text in its plainest form: full-width to half-width, no invisible characters."""
    folded = unicodedata.normalize("NFKC", text[:MAX_LENGTH])
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc")).strip()


def _form(text: str, kind: str) -> str:
    """The one spelling of `text` as a `kind`; empty when it can't be one."""
    text = clean(text).casefold()
    if kind == "phone":
        return _phone(text)
    if kind == "email":
        return text.removeprefix("mailto:") if "@" in text else ""
    if kind == "site":
        return _host(text)
    bare = re.sub(r"^(https?://)?(www\.)?|\s|/$", "", text)
    return bare.lstrip("@")


def _phone(text: str) -> str:
    if not PHONE.match(text):
        return ""
    digits = re.sub(r"\D", "", text)
    return re.sub(r"^(00)?86(?=\d{10,11}$)", "", digits)


def _host(text: str) -> str:
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    except ValueError:
        return ""
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return ""
    host = host.removeprefix("www.").rstrip(".")
    return host if HOST.match(host) else ""


def _resembles(text: str, identity: Identity) -> bool:
    mine, theirs = _form(identity.value, identity.kind), _form(text, identity.kind)
    if not mine or not theirs or identity.kind == "phone":
        return False
    mine, theirs = mine.translate(LOOKALIKES), theirs.translate(LOOKALIKES)
    brand = mine.split(".")[0].split("@")[-1]
    if identity.kind == "site" and len(brand) >= 4 and brand in theirs:
        return True
    allowed = NEAR_EDITS if len(mine) > 5 else 1
    return OSA.distance(mine, theirs, score_cutoff=allowed) <= allowed
