"""Every way an article's text changes: one save, one revision, one search document, one new version."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation

from faq.core.markup import Rendered, render
from faq.models import Revision, Translation
from faq.services import content_version, search_index

PAGES = {
    "contact": "faq:contact",
    "contact-email": "chat:contact_email",
    "official": "faq:official",
    "chat": "chat:messenger",
}


@dataclass(frozen=True)
class Text:
    """What an editor may change in a translation."""

    title: str
    summary: str = ""
    body: str = ""
    keywords: str = ""
    status: str = Translation.Status.DRAFT
    published_at: datetime | None = None

    @classmethod
    def of(cls, source: Translation | Revision) -> Text:
        """The text that a translation or a revision holds."""
        return cls(**{field.name: getattr(source, field.name) for field in fields(cls)})


def save_text(
    target: Translation,
    text: Text,
    *,
    author: User | None = None,
    note: str = "",
    updated_at: datetime | None = None,
) -> Revision:
    """Store `text` as the translation's newest revision and show it as its status says.

    Publishing without a time publishes now. Everything happens in one transaction, the search document
    and the new content version included, so no page and no search result is ever half changed.
    """
    with transaction.atomic():
        for name, value in asdict(text).items():
            setattr(target, name, value)
        if target.status == Translation.Status.PUBLISHED and target.published_at is None:
            target.published_at = timezone.now()
        target.updated_at = updated_at or timezone.now()
        _apply(target, render_body(target.body, target.language))
        target.save()
        revision = _add_revision(target, author, note)
        search_index.write_document(target)
        content_version.bump()
    return revision


def restore(revision: Revision, *, author: User | None = None, note: str = "") -> Revision:
    """Bring back an earlier text (not its status) as a new revision."""
    target = revision.translation
    old = asdict(Text.of(revision)) | {"status": target.status, "published_at": target.published_at}
    return save_text(target, Text(**old), author=author, note=note)


def render_body(markdown: str, language: str) -> Rendered:
    """Render an article's Markdown with its internal links in `language`."""
    with translation.override(language):
        return render(markdown, resolve_link)


def resolve_link(kind: str, name: str) -> str:
    """The path behind an `article:`, `guide:` or `page:` link in the current language."""
    if kind == "page":
        return reverse(PAGES.get(name, "faq:home"))
    return reverse(f"faq:{kind}", args=[name])


def _apply(target: Translation, rendered: Rendered) -> None:
    target.body_html = rendered.html
    target.plain_text = rendered.plain_text
    target.toc = [asdict(heading) for heading in rendered.headings]
    target.steps = list(rendered.steps)


def _add_revision(target: Translation, author: User | None, note: str) -> Revision:
    last = target.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        translation=target, number=last + 1, author=author, note=note, **asdict(Text.of(target))
    )
