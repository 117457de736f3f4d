"""Tells browsers which modules a page will need, so that they needn't find out level by level."""

from __future__ import annotations

import posixpath
import re
from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()
IMPORT = re.compile(r"""^(?:import|export|\})[^"'()]*["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)
FOLDER = settings.BASE_DIR / "static"


@register.simple_tag
def preload_modules(*entries: str) -> SafeString:
    """A `modulepreload` link for each of our modules that `entries` (such as `js/messenger/main.js`) import."""
    names = dict.fromkeys(name for entry in entries for name in modules_behind(entry))
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(name),) for name in names))


@cache
def modules_behind(entry: str) -> tuple[str, ...]:
    """`entry` and all that it imports at once, near ones first; what it imports later isn't among them."""
    found, waiting = {entry: None}, [entry]
    while waiting:
        name = waiting.pop(0)
        text = (FOLDER / name).read_text(encoding="utf-8")
        for path in IMPORT.findall(text):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(found)
