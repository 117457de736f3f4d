"""What every page shows, whatever its view."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from faq.services import contacts
from helpcenter.i18n import HTML_CODES, LANGUAGE_CODES, OPEN_GRAPH_CODES, current_language, path_in_language

OWN_NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class LanguageLink:
    """The same page in one language."""

    code: str
    path: str

    @property
    def html_code(self) -> str:
        """The code for lang and hreflang."""
        return HTML_CODES[self.code]

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        return OWN_NAMES[self.code]

    @property
    def url(self) -> str:
        """The full address."""
        return settings.SITE_URL + self.path


def site(request: HttpRequest) -> dict[str, object]:
    """Language, addresses and contacts for the base templates; contacts are read only when shown."""
    code = current_language()
    links = [LanguageLink(other, path_in_language(request.path, other)) for other in LANGUAGE_CODES]
    return {
        "language": code,
        "html_language": HTML_CODES[code],
        "og_locale": OPEN_GRAPH_CODES[code],
        "language_links": links,
        "other_language_links": [link for link in links if link.code != code],
        "canonical_url": settings.SITE_URL + request.path,
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "contacts": SimpleLazyObject(contacts.site_contacts),
    }
