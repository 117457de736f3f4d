"""Words for what the tables hold as codes."""

from __future__ import annotations

from django.utils.translation import gettext

from faq.models import Category


def topic_names() -> dict[str, str]:
    """Topics by their slugs; "" is that of those who named none."""
    return {"": gettext("No topic")} | {one.slug: str(one.title) for one in Category.objects.all()}


def reason_words(slug: str) -> str:
    """A reason of a rating."""
    words = {
        "solved": gettext("My problem is solved"),
        "friendly": gettext("Friendly"),
        "fast": gettext("Quick"),
        "slow": gettext("Slow"),
        "not_solved": gettext("Not solved"),
    }
    return words.get(slug, slug)
