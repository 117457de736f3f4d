"""The index of what customers can find: written with the article, held in memory by every process.

The database is its only source. A process that notices a new content version reads the documents that
differ from what it has; while one thread does so, the others answer from what there was.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from faq.core.analysis import ANALYSIS_VERSION, AnalysedDocument, SearchText, analyse
from faq.core.index import Index
from faq.core.ranking import Match, merged
from faq.core.synonyms import SynonymBook, SynonymRule
from faq.models import Article, SearchDocument, Synonym, Translation
from faq.services import content_version
from helpcenter.i18n import LANGUAGE_CODES

# Announcements stand behind the articles that answer the same question.
NEWS_BOOST = 0.8
MOST_MATCHES = 60
# Above this many changed documents they are read in one go instead of by their ids.
MOST_READ_BY_ID = 500
# When so many replaced documents still take room, and they are so large a part of all, start afresh.
MOST_DEAD, DEAD_SHARE = 200, 0.25


def write_document(translation: Translation) -> None:
    """Analyse a translation for search, inside the transaction that saves it."""
    fields = _analysed(translation)
    SearchDocument.objects.update_or_create(
        translation=translation, defaults={"fields": fields, "version": _digest(fields)}
    )


def write_all_documents() -> int:
    """Analyse every translation again and say how many there were."""
    with transaction.atomic():
        translations = list(Translation.objects.select_related("article"))
        for translation in translations:
            write_document(translation)
        content_version.bump()
    return len(translations)


def find(text: str, language: str) -> list[Match]:
    """The articles (by slug) that answer a text, best first, in whichever language they do.

    Articles found in `language` come first; never more than `MOST_MATCHES` of either.
    """
    return _shelf.find(text, language)


def forget() -> None:
    """Read everything anew at the next search (tests)."""
    _shelf.forget()


@dataclass
class _Held:
    """What a process has in memory and of which state of the database it is."""

    version: content_version.Version | None = None
    indexes: dict[str, Index] = field(default_factory=lambda: {code: Index() for code in LANGUAGE_CODES})
    documents: dict[int, _Known] = field(default_factory=dict)
    synonyms: dict[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    """Which text a document in the index was made of."""

    version: int
    language: str
    slug: str


class _Shelf:
    def __init__(self) -> None:
        self._held = _Held()
        self._refreshing = threading.Lock()
        # Searching is pure computing, so taking turns costs nothing; it keeps changes out meanwhile.
        self._using = threading.Lock()

    def find(self, text: str, language: str) -> list[Match]:
        self._refresh(content_version.known())
        with self._using:
            indexes = self._held.indexes
            own = indexes[language].search(text, MOST_MATCHES)
            others = [i.search(text, MOST_MATCHES) for code, i in indexes.items() if code != language]
        return merged(own, [match for found in others for match in found])

    def forget(self) -> None:
        with self._refreshing, self._using:
            self._held = _Held()

    def _refresh(self, version: content_version.Version) -> None:
        """Bring the indexes up to `version`; one thread does, none waits that has something to use."""
        is_empty = self._held.version is None
        if self._held.version == version or not self._refreshing.acquire(blocking=is_empty):
            return
        try:
            if self._held.version != version:
                self._read(version)
        finally:
            self._refreshing.release()

    def _read(self, version: content_version.Version) -> None:
        held = self._held if self._held.version and not _is_worn(self._held) else _Held()
        wanted = _published_documents()
        changed = {pk for pk, known in wanted.items() if held.documents.get(pk) != known}
        documents = dict(_stored_documents(changed))
        books = _changed_books(held)
        with self._using:
            for pk in held.documents.keys() - wanted.keys() | held.documents.keys() & changed:
                gone = held.documents.pop(pk)
                held.indexes[gone.language].remove(gone.slug)
            for pk, document in documents.items():
                held.indexes[wanted[pk].language].add(wanted[pk].slug, document)
                held.documents[pk] = wanted[pk]
            for language, book in books.items():
                held.indexes[language].use_synonyms(book)
            held.version = version
            self._held = held


def _is_worn(held: _Held) -> bool:
    dead = sum(index.dead_count for index in held.indexes.values())
    return dead > MOST_DEAD and dead > DEAD_SHARE * len(held.documents)


def _published_documents() -> dict[int, _Known]:
    rows = _published().values_list("translation_id", "version", "translation__language", "slug")
    return {pk: _Known(version, language, slug) for pk, version, language, slug in rows.iterator()}


def _published() -> QuerySet[SearchDocument]:
    """Documents that customers may find now, always in the same order."""
    published = Translation.objects.published().order_by().values("pk")
    documents = SearchDocument.objects.filter(translation__in=published)
    return documents.annotate(slug=F("translation__article__slug")).order_by("slug", "translation__language")


def _stored_documents(changed: set[int]) -> Iterator[tuple[int, AnalysedDocument]]:
    rows = _published()
    if len(changed) <= MOST_READ_BY_ID:
        rows = rows.filter(translation__in=changed)
    for pk, stored in rows.values_list("translation_id", "fields").iterator():
        if pk in changed:
            yield pk, _document(pk, stored)


def _document(pk: int, stored: dict[str, Any]) -> AnalysedDocument:
    """The stored document, or a fresh one where another version of the program has written it."""
    if stored.get("analysis") != ANALYSIS_VERSION:
        stored = _analysed(Translation.objects.select_related("article").get(pk=pk))
    return AnalysedDocument.from_json(stored)


def _analysed(translation: Translation) -> dict[str, Any]:
    text = SearchText(
        title=translation.title,
        summary=translation.summary,
        keywords=tuple(translation.keywords.splitlines()),
        headings=tuple(heading["text"] for heading in translation.toc),
        body=translation.plain_text,
        boost=NEWS_BOOST if translation.article.kind == Article.Kind.NEWS else 1.0,
    )
    return analyse(text).as_json() | {"analysis": ANALYSIS_VERSION}


def _digest(fields: dict[str, Any]) -> int:
    """A number that changes with the document, small enough for a signed 64-bit column."""
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1


def _changed_books(held: _Held) -> dict[str, SynonymBook]:
    active = Synonym.objects.filter(is_active=True).order_by("kind", "terms", "phrases")
    changed = {}
    for language in LANGUAGE_CODES:
        rows = tuple(active.filter(language=language).values_list("kind", "phrases", "terms"))
        if held.synonyms.get(language) != rows:
            held.synonyms[language] = rows
            changed[language] = SynonymBook(map(_rule, rows))
    return changed


def _rule(row: tuple[str, str, str]) -> SynonymRule:
    kind, phrases, terms = row
    return SynonymRule(kind, tuple(phrases.splitlines()), terms)


_shelf = _Shelf()
