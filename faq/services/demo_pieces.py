"""The files of fixtures/ as pieces that `demo_content` can load."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from faq.models import (
    Article,
    Category,
    ContactChannel,
    Guide,
    OfficialIdentity,
    OpeningRange,
    SpecialDay,
    Synonym,
    Translation,
)
from faq.services import guides, publishing
from faq.services.demo_content import Piece

FRONT_MATTER = "+++\n"


def all_pieces(folder: Path) -> Iterator[Piece]:
    """Every piece of a fixtures folder, in the order in which they need each other."""
    yield from _categories(folder)
    yield from _articles(folder)
    yield from _texts(folder)
    yield from _related(folder)
    yield from _guides(folder)
    yield from _synonyms(folder)
    yield from _contacts(folder)


def read_article_file(path: Path) -> tuple[dict[str, Any], str]:
    """The front matter and the Markdown of an article's file; raises `ValueError` when it has none."""
    _empty, front, body = path.read_text(encoding="utf-8").split(FRONT_MATTER, 2)
    return tomllib.loads(front), body.strip() + "\n"


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _row_piece(key: str, model: type[Model], match: dict[str, Any], values: dict[str, Any]) -> Piece:
    """A piece that is one row, found by `match`, holding `values`."""

    def read() -> dict[str, Any] | None:
        row = model._default_manager.filter(**match).first()
        return None if row is None else {name: _plain(getattr(row, name)) for name in values}

    def write() -> None:
        model._default_manager.update_or_create(**match, defaults={k: _stored(v) for k, v in values.items()})

    return Piece(key, values, read, write)


def _plain(value: Any) -> Any:
    if isinstance(value, LazyI18nString):
        return value.data if isinstance(value.data, dict) else (value.data or {})
    return value.strftime("%H:%M") if isinstance(value, time) else value


def _stored(value: Any) -> Any:
    return LazyI18nString(value) if isinstance(value, dict) else value


def _categories(folder: Path) -> Iterator[Piece]:
    for row in _toml(folder / "categories.toml")["category"]:
        values = {name: row[name] for name in ("position", "title", "summary")}
        yield _row_piece(f"category:{row['slug']}", Category, {"slug": row["slug"]}, values)


def _article_rows(folder: Path) -> list[dict[str, Any]]:
    return list(_toml(folder / "articles.toml")["article"])


def _articles(folder: Path) -> Iterator[Piece]:
    for row in _article_rows(folder):
        values = {name: row[name] for name in ("category", "position", "kind", "popular")}
        slug = row["slug"]
        yield Piece(
            f"article:{slug}", values, partial(_read_article, slug), partial(_write_article, slug, values)
        )


def _read_article(slug: str) -> dict[str, Any] | None:
    fields = ("category__slug", "position", "kind", "popular")
    row = Article.objects.filter(slug=slug).values_list(*fields).first()
    return None if row is None else dict(zip(("category", "position", "kind", "popular"), row, strict=True))


def _write_article(slug: str, values: dict[str, Any]) -> None:
    category = Category.objects.get(slug=values["category"])
    Article.objects.update_or_create(slug=slug, defaults=values | {"category": category})


def _texts(folder: Path) -> Iterator[Piece]:
    for row in _article_rows(folder):
        for path in sorted((folder / "articles").glob(f"{row['slug']}.*.md")):
            language = path.name.split(".")[1]
            front, body = read_article_file(path)
            text = publishing.Text(
                title=front["title"],
                summary=front["summary"],
                body=body,
                keywords="\n".join(front.get("keywords", [])),
                status=Translation.Status.PUBLISHED,
                published_at=timezone.make_aware(datetime.combine(row["updated"], time(9))),
            )
            yield Piece(
                f"text:{row['slug']}:{language}",
                asdict(text),
                partial(_read_text, row["slug"], language),
                partial(_write_text, row["slug"], language, text),
            )


def _read_text(slug: str, language: str) -> dict[str, Any] | None:
    found = Translation.objects.filter(article__slug=slug, language=language).first()
    if found is None:
        return None
    text = asdict(publishing.Text.of(found))
    return text | {"published_at": found.published_at and timezone.localtime(found.published_at)}


def _write_text(slug: str, language: str, text: publishing.Text) -> None:
    article = Article.objects.get(slug=slug)
    target = Translation.objects.filter(article=article, language=language).first()
    target = target or Translation(article=article, language=language)
    publishing.save_text(target, text, note="demo content", updated_at=text.published_at)


def _related(folder: Path) -> Iterator[Piece]:
    for row in _article_rows(folder):
        slug, related = row["slug"], list(row.get("related", []))
        yield Piece(
            f"related:{slug}", related, partial(_read_related, slug), partial(_write_related, slug, related)
        )


def _read_related(slug: str) -> list[str] | None:
    article = Article.objects.filter(slug=slug).first()
    return (list(article.related_in_order().values_list("slug", flat=True)) or None) if article else None


def _write_related(slug: str, related: list[str]) -> None:
    article = Article.objects.get(slug=slug)
    article.related.clear()
    for other in related:  # one by one, because their order is the order of adding
        article.related.add(Article.objects.get(slug=other))


def _guides(folder: Path) -> Iterator[Piece]:
    for path in sorted((folder / "guides").glob("*.toml")):
        document = guides.normalised(_toml(path))
        yield Piece(
            f"guide:{document['slug']}",
            document,
            partial(_read_guide, document["slug"]),
            partial(guides.write_guide, document),
        )


def _read_guide(slug: str) -> dict[str, Any] | None:
    found = Guide.objects.with_flow().filter(slug=slug).first()
    return guides.guide_document(found) if found else None


def _synonyms(folder: Path) -> Iterator[Piece]:
    merged: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in _toml(folder / "synonyms.toml")["synonym"]:
        merged[row["language"], row["kind"], row["terms"]] += row["phrases"]
    for (language, kind, terms), phrases in merged.items():
        match = {"language": language, "kind": kind, "terms": terms}
        values = {"phrases": "\n".join(dict.fromkeys(phrases)), "is_active": True}
        yield _row_piece(f"synonym:{language}:{kind}:{terms}", Synonym, match, values)


def _contacts(folder: Path) -> Iterator[Piece]:
    content = _toml(folder / "contacts.toml")
    names = ("value", "url", "position", "label", "note", "fits", "prepare")
    for row in content["channel"]:
        values = {name: row[name] for name in names}
        yield _row_piece(f"channel:{row['kind']}", ContactChannel, {"kind": row["kind"]}, values)
    hours = sorted(_hours_rows(content.get("hours", [])))
    yield Piece("hours", hours, _read_hours, partial(_write_hours, hours))
    for row in content.get("special_day", []):
        yield _special_day(row)
    for row in content.get("official", []):
        match = {"kind": row["kind"], "value": row["value"]}
        values = {"note": row["note"]}
        yield _row_piece(f"official:{row['kind']}:{row['value']}", OfficialIdentity, match, values)


def _special_day(row: dict[str, Any]) -> Piece:
    values = {
        "is_working": row["working"],
        "opens": row.get("opens"),
        "closes": row.get("closes"),
        "note": row["note"],
    }
    return _row_piece(f"special-day:{row['date']}", SpecialDay, {"date": row["date"]}, values)


def _hours_rows(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        for weekday in row["weekdays"]:
            yield [row.get("channel", ""), weekday, row["opens"], row["closes"]]


def _read_hours() -> list[list[Any]] | None:
    rows = OpeningRange.objects.values_list("channel__kind", "weekday", "opens", "closes")
    return (
        sorted([kind or "", day, _plain(opens), _plain(closes)] for kind, day, opens, closes in rows) or None
    )


def _write_hours(hours: list[list[Any]]) -> None:
    channels = {channel.kind: channel for channel in ContactChannel.objects.all()}
    OpeningRange.objects.all().delete()
    for kind, weekday, opens, closes in hours:
        OpeningRange.objects.create(channel=channels.get(kind), weekday=weekday, opens=opens, closes=closes)
