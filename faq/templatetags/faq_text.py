"""What templates need to show articles."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from faq.models import Translation
from helpcenter.i18n import path_in_language

register = template.Library()


@register.filter
def article_html(text: Translation) -> SafeString:
    """The article's HTML, which was cleaned when it was saved (faq/core/markup.py)."""
    return mark_safe(text.body_html)  # noqa: S308 - cleaned by nh3 at save


@register.simple_tag(takes_context=True)
def url_in_language(context: template.Context, language: str) -> str:
    """The full address of this page in another language."""
    return settings.SITE_URL + path_in_language(context["request"].path, language)
