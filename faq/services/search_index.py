"""The index of what customers can find: written with the article, held in memory by every process.

The database is its only source. A process that notices a new content version reads the documents that
differ from what it has; while one thread does so, the others answer from what there was.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from faq.core.analysis import ANALYSIS_VERSION, AnalysedDocument, SearchText, analyse
from faq.core.index import Index
from faq.core.ranking import Match, merged
from faq.core.synonyms import SynonymBook, SynonymRule
from faq.models import Article, SearchDocument, Synonym, Translation
from faq.services import content_version
from helpcenter.i18n import LANGUAGE_CODES, other_languages

# Announcements stand behind the articles that answer the same question.
NEWS_BOOST = 0.8
MOST_MATCHES = 60
# With more changed documents than this a fresh index is built aside.
MOST_READ_BY_ID = 500
ROWS_AT_ONCE = 200
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


def find(text: str, language: str) -> list[Found]:
    """The articles that answer a text, best first, in whichever language they do.

    What answers in `language` counts more; never more than `MOST_MATCHES` of either language.
    """
    return _shelf.find(text, language)


def forget() -> None:
    """Read everything anew at the next search (tests)."""
    _shelf.forget()


@dataclass(frozen=True)
class Found:
    """An article that answers, with the text to show of it; `terms` are what to mark."""

    slug: str
    translation_id: int
    score: float
    terms: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """Which text a document in the index was made of."""

    version: int
    language: str
    slug: str


@dataclass
class _Held:
    """What a process has in memory and of which state of the database it is."""

    version: content_version.Version | None = None
    indexes: dict[str, Index] = field(default_factory=lambda: {code: Index() for code in LANGUAGE_CODES})
    documents: dict[int, _Known] = field(default_factory=dict)
    translations: dict[tuple[str, str], int] = field(default_factory=dict)
    synonyms: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def find(self, text: str, language: str) -> list[Found]:
        """The answers of every language as one ranking."""
        own = self.indexes[language].search(text, MOST_MATCHES)
        others: list[Match] = []
        for code in other_languages(language):
            # Two letters of pinyin begin many an English word.
            others += self.indexes[code].search(text, MOST_MATCHES, is_typing=False)
        ranked = merged(own, others)
        return [Found(m.key, self._shown(m.key, language), m.score, m.terms) for m in ranked]

    def remove(self, pk: int) -> None:
        """Take a document out if it is there."""
        gone = self.documents.pop(pk, None)
        if gone:
            self.indexes[gone.language].remove(gone.slug)
            self.translations.pop((gone.slug, gone.language), None)

    def add(self, pk: int, known: _Known, document: AnalysedDocument) -> None:
        """Put a document in."""
        self.indexes[known.language].add(known.slug, document)
        self.documents[pk] = known
        self.translations[known.slug, known.language] = pk

    def is_worn(self) -> bool:
        """Whether replaced documents take so much room that a fresh start is better."""
        dead = sum(index.dead_count for index in self.indexes.values())
        return dead > MOST_DEAD and dead > DEAD_SHARE * len(self.documents)

    def _shown(self, slug: str, language: str) -> int:
        """The text in the page's language, else in the first language that has one."""
        order = [language, *LANGUAGE_CODES]
        return next(self.translations[slug, code] for code in order if (slug, code) in self.translations)


class _Shelf:
    def __init__(self) -> None:
        self._held = _Held()
        self._refreshing = threading.Lock()
        # Searching is pure computing, so taking turns costs nothing; it keeps changes out meanwhile.
        self._using = threading.Lock()

    def find(self, text: str, language: str) -> list[Found]:
        self._refresh(content_version.known())
        with self._using:
            return self._held.find(text, language)

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
        held, wanted = self._held, _published_documents()
        changed = {pk for pk, known in wanted.items() if held.documents.get(pk) != known}
        if held.version is None or held.is_worn() or len(changed) > MOST_READ_BY_ID:
            held = _Held()
            _apply(held, wanted, _stored_documents(wanted), _changed_books(held))
            changed = set()
        documents = list(_stored_documents(changed)) if changed else []
        books = _changed_books(held)
        with self._using:
            _apply(held, wanted, documents, books)
            held.version = version
            self._held = held


def _apply(
    held: _Held,
    wanted: dict[int, _Known],
    documents: Iterable[tuple[int, AnalysedDocument]],
    books: dict[str, SynonymBook],
) -> None:
    """Take out what is gone, put in what is new, and use the changed rules."""
    for pk in held.documents.keys() - wanted.keys():
        held.remove(pk)
    for pk, document in documents:
        held.remove(pk)
        held.add(pk, wanted[pk], document)
    for language, book in books.items():
        held.indexes[language].use_synonyms(book)


def _published_documents() -> dict[int, _Known]:
    """What customers may find now, by the id of its translation."""
    published = Translation.objects.published().order_by().values("pk")
    fields = ("translation_id", "version", "translation__language", "translation__article__slug")
    rows = SearchDocument.objects.filter(translation__in=published).values_list(*fields)
    return {pk: _Known(version, language, slug) for pk, version, language, slug in rows.iterator()}


def _stored_documents(wanted: Collection[int]) -> Iterator[tuple[int, AnalysedDocument]]:
    """The documents of translations one by one: many of them decoded at once would take much memory."""
    rows = SearchDocument.objects.order_by("pk")
    if len(wanted) <= MOST_READ_BY_ID:
        rows = rows.filter(translation__in=wanted)
    for pk, stored in rows.values_list("translation_id", "fields").iterator(chunk_size=ROWS_AT_ONCE):
        if pk in wanted:
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
