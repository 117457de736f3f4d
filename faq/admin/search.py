"""Synonyms, and what customers searched for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.admin.base import ObservationAdmin, VisibleContentAdmin
from faq.admin.widgets import plain_text_field
from faq.models import SearchQuery, Synonym


def add_synonym_url(text: str, language: str) -> str:
    """The form for a new synonym, filled in with what was searched for."""
    return f"{reverse('admin:faq_synonym_add')}?{urlencode({'phrases': text, 'language': language})}"


class SynonymForm(forms.ModelForm):
    """Phrases and what they mean in our articles' words."""

    phrases = plain_text_field(Synonym, "phrases", 5, required=True)

    class Meta:
        model = Synonym
        fields = ["kind", "language", "phrases", "terms", "is_active"]


@admin.register(Synonym)
class SynonymAdmin(VisibleContentAdmin):
    """What customers say and our articles don't."""

    form = SynonymForm
    list_display = ["terms", "phrase_line", "kind", "language", "is_active"]
    list_filter = ["language", "kind", "is_active"]
    search_fields = ["terms", "phrases"]

    @admin.display(description=gettext_lazy("phrases"))
    def phrase_line(self, synonym: Synonym) -> str:
        """All phrases in one line."""
        return " · ".join(synonym.phrase_list())


class FoundFilter(admin.SimpleListFilter):
    """Searches with and without a result."""

    title = gettext_lazy("result")
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two sorts."""
        return [("no", _("No result")), ("yes", _("With results"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The searches of the sort that was chosen."""
        if self.value() == "no":
            return queryset.filter(results=0)
        return queryset.filter(results__gt=0) if self.value() == "yes" else queryset


@admin.register(SearchQuery)
class SearchQueryAdmin(ObservationAdmin):
    """What was searched for, day by day, without anything about who."""

    list_display = ["text", "language", "day", "count", "results", "opened", "synonym"]
    list_filter = [FoundFilter, "language", "day"]
    search_fields = ["text"]
    date_hierarchy = "day"

    @admin.display(description=gettext_lazy("opened"))
    def opened(self, query: SearchQuery) -> str:
        """The articles that were opened from this search."""
        return ", ".join(f"{slug} ({times})" for slug, times in sorted(query.clicks.items()))

    @admin.display(description=gettext_lazy("synonym"))
    def synonym(self, query: SearchQuery) -> SafeString:
        """A way to help the next customer."""
        url = add_synonym_url(query.text, query.language)
        return format_html('<a href="{}">{}</a>', url, _("Add synonym"))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Adding is offered to those who may."""
        may_add = request.user.has_perm("faq.add_synonym")
        return [name for name in self.list_display if may_add or name != "synonym"]
