"""How the desk's fragments say things."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext, ngettext

from chat.services.browsers import described

register = template.Library()
register.filter("browser", described)

MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def seconds(value: float | None) -> str:
    """A time in seconds: "42 s", "3 min 5 s", "2 h 10 min"; a dash when there is none."""
    if value is None:
        return "–"
    whole = round(value)
    if whole < MINUTE:
        return gettext("%(seconds)d s") % {"seconds": whole}
    if whole < HOUR:
        return gettext("%(minutes)d min %(seconds)d s") % {
            "minutes": whole // MINUTE,
            "seconds": whole % MINUTE,
        }
    return gettext("%(hours)d h %(minutes)d min") % {
        "hours": whole // HOUR,
        "minutes": whole % HOUR // MINUTE,
    }


@register.filter
def percent(value: float | None) -> str:
    """A share from 0 to 1 as percent; a dash when there is none."""
    return "–" if value is None else f"{value:.0%}"


@register.filter
def named(names: dict[str, str], key: str) -> str:
    """The name of a key."""
    return names.get(key, key)


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
