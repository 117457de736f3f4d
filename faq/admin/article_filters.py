"""Filters of the list of articles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.services import editorial


class StateFilter(admin.SimpleListFilter):
    """Articles with a text that waits for an editor."""

    title = gettext_lazy("state of the texts")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What a text may wait for."""
        return [
            ("missing", _("Missing")),
            ("stale", _("Stale")),
            ("drafts", _("Draft")),
            ("scheduled", _("Scheduled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles of the editors' list of that name."""
        chosen = self.value() or ""
        if chosen not in dict(self.lookup_choices):
            return queryset
        items = getattr(editorial.todo(), chosen)
        return queryset.filter(pk__in={item.article.pk for item in items})
