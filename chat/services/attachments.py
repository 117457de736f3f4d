"""Files on their way in: checked, cleaned, kept as drafts of a form until its message is sent."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from chat.core.attachments import MAX_BYTES, AttachmentRefused, CleanFile, sanitise
from chat.models import Attachment, Conversation
from chat.services.tickets import Ticket
from helpcenter import rate_limit
from helpcenter.faults import passes
from helpcenter.masking import mask_filename

logger = logging.getLogger(__name__)
MAX_FILES = 5
MAX_NAME = 100
DRAFT_LIFE = timedelta(hours=24)
FORGOTTEN_AT_ONCE = 50
# A refusal that isn't the file's fault.
UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and the rule that it broke."""

    name: str
    code: str


def drafts_of(ticket: Ticket, kept: Collection[UUID]) -> list[Attachment]:
    """The form's drafts among `kept`, the ids that the form brought back."""
    return list(Attachment.objects.filter(draft_key=ticket.key, pk__in=kept))


def add_drafts(
    ticket: Ticket, files: Iterable[UploadedFile], present: Sequence[Attachment], *, address: str
) -> tuple[list[Attachment], list[Refusal]]:
    """Keep the good files with the drafts `present`; return all drafts, and the refusals.

    A file that is there already is kept once. `address` is the client's, for its ceiling of uploads.
    """
    drafts = list(present)
    refusals = []
    for file in files:
        name = (file.name or "")[-MAX_NAME:]
        try:
            draft = _take(ticket, file, name, drafts, address)
        except AttachmentRefused as refused:
            refusals.append(Refusal(mask_filename(name), refused.code))
        except (DatabaseError, OSError) as problem:
            # The text of the form must not be lost with its file.
            if not passes(problem):
                raise
            logger.error("A file can't be stored", exc_info=problem)
            refusals.append(Refusal(mask_filename(name), UNAVAILABLE))
        else:
            drafts += [draft] if draft not in drafts else []
    return drafts, refusals


def add_to_conversation(conversation: Conversation, file: UploadedFile, *, author: int = 0) -> Attachment:
    """Keep a file that its uploader is about to send; `author` is an agent's key, 0 for the visitor.

    Raises `AttachmentRefused`.
    """
    waiting = Attachment.objects.filter(conversation=conversation, seq=None, author=author)
    if waiting.filter(created_at__gt=timezone.now() - DRAFT_LIFE).count() >= MAX_FILES:
        raise AttachmentRefused("too_many")
    if (file.size or 0) > MAX_BYTES:
        raise AttachmentRefused("too_large")
    name = (file.name or "")[-MAX_NAME:]
    clean = sanitise(name, file.read(), declared=file.content_type or "")
    return _keep(clean, conversation=conversation, author=author)


def remove_drafts(ticket: Ticket, unwanted: Collection[UUID]) -> None:
    """Delete drafts that the visitor took back, or that belong to a second post of a sent form."""
    if unwanted:
        _delete([draft.pk for draft in drafts_of(ticket, unwanted)])


def hand_over_drafts(old: Ticket, new: Ticket) -> None:
    """Let a form with a fresh ticket keep its files."""
    Attachment.objects.filter(draft_key=old.key).update(draft_key=new.key)


def forget_drafts(now: datetime | None = None) -> None:
    """Delete files that nobody sent within `DRAFT_LIFE`, of forms and of conversations, some at a time."""
    overdue = Attachment.objects.filter(seq=None, created_at__lt=(now or timezone.now()) - DRAFT_LIFE)
    _delete(overdue.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])


def described(attachment: Attachment) -> dict[str, Any]:
    """The file as the wire shows it; who may fetch it is decided when it is fetched."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "size": attachment.size,
        "type": attachment.media_type,
        "width": attachment.width,
        "height": attachment.height,
        "url": f"/api/chat/attachments/{attachment.pk}/",
    }


def content(attachment: Attachment) -> bytes:
    """The file's bytes; raises `FileNotFoundError` when the storage has lost it."""
    with default_storage.open(attachment.path) as file:
        return file.read()


def _take(
    ticket: Ticket, file: UploadedFile, name: str, drafts: Sequence[Attachment], address: str
) -> Attachment:
    """One file as a draft, perhaps one of `drafts`; raises `AttachmentRefused`."""
    if len(drafts) >= MAX_FILES:
        raise AttachmentRefused("too_many")
    if (file.size or 0) > MAX_BYTES:
        raise AttachmentRefused("too_large")
    if rate_limit.seconds_to_wait("upload", address, settings.UPLOAD_ADDRESS_RATE):
        raise AttachmentRefused("too_often")
    clean = sanitise(name, file.read(), declared=file.content_type or "")
    digest = hashlib.sha256(clean.data).hexdigest()
    same = next((draft for draft in drafts if draft.sha256 == digest), None)
    return same or _keep(clean, draft_key=ticket.key)


def _keep(clean: CleanFile, **owner: Any) -> Attachment:
    """Write the file first, so that no row ever points nowhere; `owner` says whose it is."""
    path = _store(clean.data)
    try:
        return Attachment.objects.create(
            name=mask_filename(clean.name),
            size=len(clean.data),
            media_type=clean.media_type,
            width=clean.width,
            height=clean.height,
            sha256=hashlib.sha256(clean.data).hexdigest(),
            path=path,
            **owner,
        )
    except DatabaseError:
        default_storage.delete(path)
        raise


def _store(data: bytes) -> str:
    """Where the bytes are kept under a random name; raises `OSError`, and then nothing is left of them."""
    random = uuid4().hex
    path = f"attachments/{random[:2]}/{random}"
    try:
        return default_storage.save(path, ContentFile(data))
    except OSError:
        # A full disk has taken the first half.
        with suppress(OSError):
            default_storage.delete(path)
        raise


def _delete(ids: Iterable[UUID]) -> None:
    """Rows first: a file without a row is only waste, a row without a file would be an error."""
    with transaction.atomic():
        # A draft that has just become part of a message is no draft any more and stays.
        drafts = Attachment.objects.select_for_update().filter(seq=None, pk__in=list(ids))
        paths = list(drafts.values_list("path", flat=True))
        Attachment.objects.filter(path__in=paths).delete()
    for path in paths:
        default_storage.delete(path)
