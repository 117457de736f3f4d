"""Votes on articles: anonymous, one for each browser, changeable."""

from __future__ import annotations

from django.db import transaction

from faq.models import Article, Vote
from helpcenter.masking import mask_text

MAX_COMMENT = 500


def cast_vote(
    article: Article,
    language: str,
    *,
    is_solved: bool,
    reason: str = "",
    comment: str = "",
    earlier: int | None = None,
) -> Vote:
    """Store a vote, or change the one this browser gave before (`earlier` is its id).

    A reason counts only with "no"; the comment is masked before it is stored.
    """
    values = {
        "language": language,
        "is_solved": is_solved,
        "reason": "" if is_solved else reason,
        "comment": "" if is_solved else mask_text(comment[:MAX_COMMENT]).text[:MAX_COMMENT],
    }
    with transaction.atomic():
        vote = Vote.objects.filter(pk=earlier, article=article).first() if earlier else None
        vote = vote or Vote(article=article)
        for name, value in values.items():
            setattr(vote, name, value)
        vote.save()
    return vote
