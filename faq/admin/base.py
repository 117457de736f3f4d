"""What the editors' pages have in common: visible changes are announced, observations are only read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from i18nfield.fields import I18nCharField, I18nTextField

from faq.admin.widgets import LanguagesInput, LanguagesTextarea
from faq.services import content_version

I18N_WIDGETS = {I18nCharField: {"widget": LanguagesInput}, I18nTextField: {"widget": LanguagesTextarea}}


class VisibleContentAdmin(admin.ModelAdmin):
    """For what customers can see: every change counts as a new version of the content.

    The admin runs each of these inside the transaction of the change, so pages and version never differ.
    """

    formfield_overrides = I18N_WIDGETS

    def save_model(self, request: HttpRequest, obj: Model, form: BaseModelForm, change: bool) -> None:
        """Save and announce."""
        super().save_model(request, obj, form, change)
        content_version.bump()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what is edited on the same page and announce."""
        super().save_related(request, form, formsets, change)
        content_version.bump()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete and announce."""
        super().delete_model(request, obj)
        content_version.bump()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete several and announce."""
        super().delete_queryset(request, queryset)
        content_version.bump()


class ObservationAdmin(admin.ModelAdmin):
    """For what customers did: to be read, never to be written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes up an observation."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody removes one here."""
        return False


def chip(kind: str, label: object) -> SafeString:
    """A state as a short word; the colour only repeats it."""
    return format_html('<span class="chip {}">{}</span>', kind, label)
