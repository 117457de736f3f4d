"""How the desk's fragments say things."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import ngettext

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def age(value: timedelta | None) -> str:
    """A span in its greatest whole unit: "5 min", "2 h", "3 days"."""
    if value is None:
        return ""
    seconds = int(value.total_seconds())
    if seconds < HOUR:
        count = seconds // MINUTE
        return ngettext("%(count)d min", "%(count)d min", count) % {"count": count}
    if seconds < DAY:
        count = seconds // HOUR
        return ngettext("%(count)d h", "%(count)d h", count) % {"count": count}
    count = seconds // DAY
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
