"""Search as you type, through the service, on a database of its own with many made-up articles.

The articles recombine the sentences of the help center's own ones, so that their words are as common as
real ones are. On its own: `python -m bench.search [articles]`.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpcenter.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from faq.core.analysis import ANALYSIS_VERSION, SearchText, analyse  # noqa: E402
from faq.models import Article, Category, ContentVersion, SearchDocument, Translation  # noqa: E402
from faq.services import content_version, demo_content, demo_pieces  # noqa: E402
from faq.services.search import search  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "tests" / "faq" / "search-open.jsonl"
ARTICLES = 10_000
SENTENCES, KEYWORDS, HEADINGS = 14, 6, 4
SEED = 20261123
BATCH = 500
SUGGESTIONS = 6
REACH_MS, GOAL_MS = 50, 20


def run(articles: int = ARTICLES) -> dict[str, float]:
    """Type every open query letter by letter against `articles` articles in two languages.

    Prints one line and gives milliseconds, megabytes and seconds. Works in Django's test database, so
    nobody's content is touched.
    """
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        previous = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            _fill(articles)
            _gather_statistics()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                figures = fresh.submit(_measure, connection.settings_dict["NAME"]).result()
        finally:
            connection.creation.destroy_test_db(previous, verbosity=0)
            content_version.forget()
    print(
        f"search as you type, {articles} articles, {figures['queries']:.0f} keystrokes: "
        f"p50 {figures['p50_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms (reach {REACH_MS}, goal {GOAL_MS}); "
        f"index built in {figures['build_seconds']:.1f} s, {figures['memory_mb']:.0f} MB; "
        f"one article more seen in {figures['refresh_ms']:.0f} ms"
    )
    return figures


def _measure(database: str) -> dict[str, float]:
    """What a process that has just started sees of the filled database."""
    connection.settings_dict["NAME"] = database
    content_version.known()
    before, started = _resident_mb(), time.perf_counter()
    search("支付", "zh-hans")
    build_seconds, memory = time.perf_counter() - started, _resident_mb() - before
    spent = sorted(_seconds(text, language) for text, language in _typed())
    _publish_one_more()
    return {
        "queries": len(spent),
        "p50_ms": 1000 * spent[len(spent) // 2],
        "p99_ms": 1000 * spent[int(len(spent) * 0.99)],
        "build_seconds": build_seconds,
        "memory_mb": memory,
        "refresh_ms": 1000 * _seconds("支付", "zh-hans"),
    }


def _seconds(text: str, language: str) -> float:
    started = time.perf_counter()
    for hit in search(text, language, limit=SUGGESTIONS).hits:
        _ = hit.title_parts
    return time.perf_counter() - started


def _typed() -> Iterator[tuple[str, str]]:
    """What is sent while the open queries are typed: the text after each letter."""
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from ((row["q"][:length], row["lang"]) for length in range(1, len(row["q"]) + 1))


def _fill(articles: int) -> None:
    """The help center's own content and, beside it, enough made-up articles."""
    ContentVersion.objects.get_or_create(pk=1)
    demo_content.load(demo_pieces.all_pieces(ROOT / "fixtures"))
    category = Category.objects.first()
    missing = articles - Article.objects.count()
    Article.objects.bulk_create(
        [Article(slug=f"made-up-{number}", category=category) for number in range(missing)], batch_size=BATCH
    )
    made_up = list(Article.objects.filter(slug__startswith="made-up-").order_by("pk"))
    for language in Translation.objects.order_by().values_list("language", flat=True).distinct():
        _write(made_up, language, list(_made_up_texts(language, len(made_up))))
    content_version.bump()
    content_version.forget()


def _gather_statistics() -> None:
    """What a database does by itself some time after so many rows have come."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write(articles: list[Article], language: str, texts: list[SearchText]) -> None:
    now = timezone.now()
    translations = Translation.objects.bulk_create(
        (
            Translation(
                article=article,
                language=language,
                title=text.title,
                summary=text.summary,
                plain_text=text.body,
                status=Translation.Status.PUBLISHED,
                published_at=now,
            )
            for article, text in zip(articles, texts, strict=True)
        ),
        batch_size=BATCH,
    )
    with ProcessPoolExecutor() as pool:
        documents = pool.map(_document, texts, chunksize=BATCH)
        SearchDocument.objects.bulk_create(
            (
                SearchDocument(translation=translation, version=1, fields=fields)
                for translation, fields in zip(translations, documents, strict=True)
            ),
            batch_size=BATCH,
        )


def _document(text: SearchText) -> dict[str, Any]:
    return analyse(text).as_json() | {"analysis": ANALYSIS_VERSION}


def _made_up_texts(language: str, count: int) -> Iterator[SearchText]:
    rows = list(Translation.objects.filter(language=language).order_by("pk"))
    sentences = [line for row in rows for line in row.plain_text.splitlines() if line]
    keywords = [word for row in rows for word in row.keywords.splitlines()]
    headings = [heading["text"] for row in rows for heading in row.toc]
    chance = random.Random(SEED)
    for number in range(count):
        yield SearchText(
            title=f"{chance.choice(rows).title} {chance.choice(keywords)} {number}",
            summary=chance.choice(rows).summary,
            keywords=tuple(chance.sample(keywords, KEYWORDS)),
            headings=tuple(chance.sample(headings, HEADINGS)),
            body="\n".join(chance.sample(sentences, SENTENCES)),
        )


def _publish_one_more() -> None:
    SearchDocument.objects.filter(pk=SearchDocument.objects.latest("pk").pk).update(version=2)
    content_version.bump()
    content_version.forget()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    run(*map(int, sys.argv[1:2]))
