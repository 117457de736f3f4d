"""Which languages the help center speaks and how one language's address leads to the other's."""

from django.conf import settings
from django.utils.translation import get_language

DEFAULT_LANGUAGE = settings.LANGUAGE_CODE
LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]
# What HTML's lang and hreflang attributes want.
HTML_CODES = {"zh-hans": "zh-Hans", "en": "en"}
OPEN_GRAPH_CODES = {"zh-hans": "zh_CN", "en": "en_US"}


def current_language() -> str:
    """The code of the language of this request, always one of ours."""
    code = get_language() or DEFAULT_LANGUAGE
    return code if code in LANGUAGE_CODES else DEFAULT_LANGUAGE


def other_languages(code: str) -> list[str]:
    """Our languages without `code`, in the order of the settings."""
    return [other for other in LANGUAGE_CODES if other != code]


def path_in_language(path: str, code: str) -> str:
    """The same page's path in another language: /en/contact/ becomes /zh-hans/contact/."""
    head, _slash, rest = path.lstrip("/").partition("/")
    return f"/{code}/{rest}" if head in LANGUAGE_CODES else f"/{code}/"
