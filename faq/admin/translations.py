"""The addresses of one text: its revisions and previews. Its form is on its article's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path

from faq.admin import preview, revisions
from faq.admin.access import text_for_editor
from faq.models import Translation


@admin.register(Translation)
class TranslationAdmin(admin.ModelAdmin):
    """No list and no form of its own, so that no text is ever saved without a revision."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not on the index."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A text starts on its article's page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A text goes with its article."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Only what belongs to one text."""
        text = "<int:pk>/"
        revision = f"{text}revisions/<int:number>/"
        views: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "changelist": ("", self.to_articles),
            "live_preview": ("preview/", preview.live_preview),
            "preview": (f"{text}preview/", preview.page_preview),
            "change": ("<path:object_id>/change/", self.to_article),
            "history": ("<path:object_id>/history/", self.to_revisions),
            "still_correct": (f"{text}still-correct/", revisions.still_correct),
            "revisions": (f"{text}revisions/", revisions.revision_list),
            "revision": (revision, revisions.revision_detail),
            "restore": (f"{revision}restore/", revisions.restore),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"faq_translation_{name}")
            for name, (route, view) in views.items()
        ]

    def to_articles(self, request: HttpRequest) -> HttpResponse:
        """Texts are listed with their articles."""
        return redirect("admin:faq_article_changelist")

    def to_article(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page on which a text is written."""
        text = text_for_editor(request, object_id, "view")
        return redirect("admin:faq_article_change", text.article_id)

    def to_revisions(self, request: HttpRequest, object_id: str, **_extra: Any) -> HttpResponse:
        """A text's history is its revisions."""
        return redirect("admin:faq_translation_revisions", text_for_editor(request, object_id, "view").pk)
