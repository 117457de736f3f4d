"""What an editor does to an article's texts, on top of publishing: several languages at once, and checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from faq.models import Article, Guide, Revision, Translation
from faq.services import content_version, editorial, publishing, search_index
from faq.services.publishing import Text

INTERNAL_LINK = re.compile(r"\]\((article|guide):([a-z0-9-]+)\)")
READ_NAMES = ("title", "summary", "body")
UNKNOWN_PAGE = re.compile(r"\]\(page:([a-z0-9-]+)\)")


@dataclass(frozen=True)
class TextChange:
    """A text as an editor wants it; a small change leaves its date and the other language alone."""

    target: Translation
    text: Text
    note: str = ""
    is_small: bool = False


def save_texts(changes: Sequence[TextChange], *, author: User | None) -> list[Revision]:
    """Save the texts that really differ, all or none, with one date; the others get no revision."""
    with transaction.atomic():
        real = [change for change in changes if _differs(change)]
        now, together = timezone.now(), {change.target.language for change in real}
        return [
            publishing.save_text(
                change.target,
                change.text,
                author=author,
                note=change.note,
                updated_at=_content_date(change, together, now),
            )
            for change in real
        ]


def confirm_still_correct(target: Translation, *, author: User | None) -> Revision | None:
    """Note that a stale text holds all the same: it takes the date of the newer language.

    The revision says who looked; None when the text wasn't stale.
    """
    newest = editorial.newest_other(target, target.article.translations.all())
    if newest is None or newest <= target.updated_at:
        return None
    return publishing.save_text(
        target, Text.of(target), author=author, note=_("Checked: still correct"), updated_at=newest
    )


def restore(revision: Revision, *, author: User | None) -> Revision | None:
    """Bring back an earlier text; None when the current one reads the same."""
    names = ("title", "summary", "body", "keywords")
    current = revision.translation
    if all(getattr(revision, name) == getattr(current, name) for name in names):
        return None
    note = _("Restored from revision %(number)d") % {"number": revision.number}
    return publishing.restore(revision, author=author, note=note)


def refresh_search(article: Article) -> None:
    """Write the search documents anew after something outside the texts changed how they are found."""
    with transaction.atomic():
        for text in article.translations.select_related("article"):
            search_index.write_document(text)
        content_version.bump()


def links_to_nowhere(body: str) -> list[str]:
    """The internal links of a Markdown text whose article, guide or page doesn't exist."""
    wanted = set(INTERNAL_LINK.findall(body))
    known = {
        "article": set(
            Article.objects.filter(slug__in=[s for _k, s in wanted]).values_list("slug", flat=True)
        ),
        "guide": set(Guide.objects.filter(slug__in=[s for _k, s in wanted]).values_list("slug", flat=True)),
    }
    lost = [f"{kind}:{slug}" for kind, slug in sorted(wanted) if slug not in known[kind]]
    return lost + [f"page:{name}" for name in UNKNOWN_PAGE.findall(body) if name not in publishing.PAGES]


def texts_linking_to(kind: str, slug: str) -> list[Translation]:
    """The texts with an internal link to an article or a guide."""
    return list(Translation.objects.filter(body__contains=f"]({kind}:{slug})").for_reading())


def _differs(change: TextChange) -> bool:
    return change.target.pk is None or Text.of(change.target) != change.text


def _content_date(change: TextChange, together: set[str], now: datetime) -> datetime:
    """The date customers see and parity is judged by.

    A text that has never been published is a translation of what is there already and takes its date:
    otherwise every translation added later would make its original look stale.
    """
    target = change.target
    publishing_day = max(now, change.text.published_at or now)
    if target.pk and change.is_small:
        return target.updated_at
    if target.pk and target.revisions.filter(status=Translation.Status.PUBLISHED).exists():
        return publishing_day if _reads_differently(change) else target.updated_at
    siblings = target.article.translations.exclude(language__in=together)
    return editorial.newest_other(target, siblings) or publishing_day


def _reads_differently(change: TextChange) -> bool:
    """Whether customers read something new; when it is shown and how it is found is no new text."""
    return any(getattr(change.target, name) != getattr(change.text, name) for name in READ_NAMES)
