"""This machine: storage, the kept secret, mail, and versions that are known to be faulty."""

from __future__ import annotations

import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection

from helpcenter.doctor.findings import Finding, ok, problem, warning

LEAST_FREE_BYTES = 2 * 1024**3
MAIL_SECONDS = 10
# From which version on a known fault is gone, and what it was.
SOUND = {
    "django": ("5.2.14", "uploads could be larger than allowed (CVE-2026-5766)"),
    "daphne": ("4.2.2", "messages of any size, and forged headers (CVE-2026-44545, CVE-2026-44546)"),
    "channels": ("3.0.3", "sessions could leak between requests (CVE-2020-35681)"),
}


def storage() -> Iterator[Finding]:
    """Whether attachments can be written, by us and by nobody else, and for how long."""
    root = Path(settings.MEDIA_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=root):
            pass
    except OSError as failed:
        mend = "give the server's user the folder, or set MEDIA_ROOT"
        yield problem("storage", f"{root} can't be written: {failed.strerror}", mend)
        return
    if _is_served(root):
        yield problem(
            "storage", f"{root} is inside of what is served as static files", "set MEDIA_ROOT elsewhere"
        )
    if root.stat().st_mode & 0o002:
        yield problem("storage", f"{root} can be written by everybody", f"run: chmod o-rwx {root}")
    free = shutil.disk_usage(root).free
    if free < LEAST_FREE_BYTES:
        yield warning(
            "storage", f"{free / 1024**3:.1f} GB free", "make room, or keep things for a shorter time"
        )
    else:
        yield ok("storage", f"can be written; {free / 1024**3:.0f} GB free")


def _is_served(root: Path) -> bool:
    served = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    return any(root.resolve().is_relative_to(folder.resolve()) for folder in served)


def secret() -> Iterator[Finding]:
    """Where the key comes from that signs links and sessions."""
    kept = Path(settings.VAR_DIR) / "secret_key"
    if not kept.exists() or kept.read_text().strip() != settings.SECRET_KEY:
        yield ok("secret key", "given by the operator")
    elif settings.ENV.web_concurrency > 1:
        yield warning(
            "secret key",
            "kept in var/ of this machine",
            "with several machines set SECRET_KEY, the same on all",
        )
    elif kept.stat().st_mode & 0o077:
        yield problem("secret key", "can be read by others", f"run: chmod 600 {kept}")
    else:
        yield ok("secret key", "kept in var/; back it up, links and sessions depend on it")


def mail() -> Iterator[Finding]:
    """Whether mails leave the house."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 1)[-1]
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        mend = "set EMAIL_URL, for example smtp+tls://user:password@host:587"
        yield warning("mail", f"mails are not sent anywhere ({backend})", mend)
        return
    if "example.com" in settings.DEFAULT_FROM_EMAIL:
        mend = "set DEFAULT_FROM_EMAIL to an address of yours"
        yield problem("mail", f"the sender is {settings.DEFAULT_FROM_EMAIL}", mend)
    sender = get_connection(timeout=MAIL_SECONDS)
    try:
        sender.open()
        sender.close()
    except (smtplib.SMTPException, OSError) as failed:
        yield problem("mail", f"the mail server refuses: {failed}", "check EMAIL_URL")
    else:
        yield ok("mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes mails")


def versions() -> Iterator[Finding]:
    """Whether something is installed that is known to be faulty."""
    faulty = [name for name, (least, _fault) in SOUND.items() if _numbers(version(name)) < _numbers(least)]
    for name in faulty:
        least, fault = SOUND[name]
        yield problem("versions", f"{name} {version(name)}: {fault}", f"install {name} {least} or newer")
    if not faulty:
        yield ok("versions", ", ".join(f"{name} {version(name)}" for name in SOUND))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
