"""What machines read: the site map, robots.txt and the feed of announcements."""

from __future__ import annotations

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from faq.models import Article, Category, Guide
from faq.services import reading
from helpcenter.i18n import HTML_CODES, LANGUAGE_CODES
from helpcenter.page_cache.decorators import public_page

FEED_LENGTH = 20
ICON_CACHE_CONTROL = "public, max-age=86400"
STATIC_PAGES = ("faq:home", "faq:contact", "faq:official", "chat:messenger", "chat:contact_email")


@require_safe
@public_page(every_language=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, each naming its other languages."""
    return render(request, "faq/sitemap.xml", {"pages": _pages()}, content_type="application/xml")


@require_safe
@public_page(every_language=True)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers needn't read, and where the site map is."""
    context = {"languages": LANGUAGE_CODES, "sitemap": settings.SITE_URL + reverse("sitemap")}
    return render(request, "robots.txt", context, content_type="text/plain")


@require_safe
@public_page(every_language=True)
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The announcements of one language as Atom."""
    if language not in LANGUAGE_CODES:
        raise Http404("No such language.")
    with translation.override(language):
        return AnnouncementFeed(language)(request)


class AnnouncementFeed(Feed):
    """Announcements, newest first."""

    feed_type = Atom1Feed

    def __init__(self, language: str) -> None:
        self.language_code = language
        self.language = HTML_CODES[language]

    def get_feed(self, obj: object, request: HttpRequest) -> SyndicationFeed:
        """Django's feed, with addresses below the operator's own."""
        self.title = _("Topay announcements")
        self.subtitle = _("New features, tips and safety measures")
        self.link = settings.SITE_URL + reverse("faq:category", args=["news"])
        self.feed_url = settings.SITE_URL + request.path
        return super().get_feed(obj, request)

    def items(self) -> list[reading.Row]:
        """What the feed holds."""
        return reading.announcement_rows(self.language_code, FEED_LENGTH)

    def item_title(self, item: reading.Row) -> str:
        """An announcement's headline."""
        return item.title

    def item_description(self, item: reading.Row) -> str:
        """The announcement in short."""
        return item.summary

    def item_link(self, item: reading.Row) -> str:
        """Where to read it."""
        return settings.SITE_URL + reverse("faq:article", args=[item.slug])

    def item_updateddate(self, item: reading.Row) -> object:
        """When it was last changed."""
        return item.updated_at

    item_pubdate = item_updateddate


def _pages() -> list[dict[str, object]]:
    """Each page once for each language in which it has a text of its own."""
    pages = [_page(name, [], LANGUAGE_CODES) for name in STATIC_PAGES]
    pages += [_page("faq:category", [c.slug], LANGUAGE_CODES) for c in Category.objects.all()]
    pages += [_page("faq:guide", [g.slug], LANGUAGE_CODES) for g in Guide.objects.published()]
    for article in Article.objects.with_published_texts():
        languages = [code for code in LANGUAGE_CODES if any(t.language == code for t in article.texts)]
        newest = max(text.updated_at for text in article.texts)
        pages.append(_page("faq:article", [article.slug], languages) | {"updated_at": newest})
    return pages


def _page(name: str, args: list[str], languages: list[str]) -> dict[str, object]:
    addresses = []
    for code in languages:
        with translation.override(code):
            addresses.append((HTML_CODES[code], settings.SITE_URL + reverse(name, args=args)))
    return {"addresses": addresses, "default": addresses[0][1]}


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon at the address where browsers look for it beside pages that name none, such as a feed."""
    response = redirect(static("img/icon.svg"))
    response.headers["Cache-Control"] = ICON_CACHE_CONTROL
    return response
