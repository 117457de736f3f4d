"""What search engines are told about a page (schema.org, as JSON-LD)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from faq.access import Reading
from faq.models import Article, Category
from helpcenter.i18n import HTML_CODES

# Inside a script element nothing may look like markup.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def breadcrumbs(trail: list[Category], last: tuple[str, str] | None = None) -> SafeString:
    """A BreadcrumbList from the home page over `trail` to `last`, a (title, path)."""
    return _script([_breadcrumb_list(trail, last)])


def article(found: Reading) -> SafeString:
    """FAQPage, HowTo or NewsArticle with its breadcrumbs."""
    last = (found.text.title, found.article.get_absolute_url())
    return _script([_main_entity(found), _breadcrumb_list([found.article.category], last)])


def _main_entity(found: Reading) -> dict[str, Any]:
    kind, text = found.article.kind, found.text
    common = {"inLanguage": HTML_CODES[text.language], "dateModified": text.updated_at.isoformat()}
    if kind == Article.Kind.HOWTO and text.steps:
        steps = [{"@type": "HowToStep", "position": n, "text": s} for n, s in enumerate(text.steps, 1)]
        return {"@type": "HowTo", "name": text.title, "description": text.summary, "step": steps} | common
    if kind == Article.Kind.NEWS:
        published = text.published_at.isoformat() if text.published_at else common["dateModified"]
        return {"@type": "NewsArticle", "headline": text.title, "datePublished": published} | common
    answer = {"@type": "Answer", "text": f"{text.summary}\n{strip_tags(text.body_html)}".strip()}
    question = {"@type": "Question", "name": text.title, "acceptedAnswer": answer}
    return {"@type": "FAQPage", "mainEntity": [question]} | common


def _breadcrumb_list(trail: list[Category], last: tuple[str, str] | None) -> dict[str, Any]:
    places = [(_("Help Center"), reverse("faq:home"))]
    places += [(str(category.title), category.get_absolute_url()) for category in trail]
    places += [last] if last else []
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": settings.SITE_URL + path}
        for position, (name, path) in enumerate(places, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _script(entities: list[dict[str, Any]]) -> SafeString:
    graph = {"@context": "https://schema.org", "@graph": entities}
    return mark_safe(json.dumps(graph, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - escaped above
