"""What the editors' pages have in common: visible changes are announced, observations are only read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import DateTimeField, Field, Model, QuerySet
from django.forms import BaseModelForm, SplitDateTimeField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from i18nfield.fields import I18nCharField, I18nTextField

from faq.admin.widgets import DateAndTime, LanguagesInput, LanguagesTextarea
from faq.services import content_version

EDITORS_WIDGETS: dict[type[Any], dict[str, Any]] = {
    I18nCharField: {"widget": LanguagesInput},
    I18nTextField: {"widget": LanguagesTextarea},
    DateTimeField: {"form_class": SplitDateTimeField, "widget": DateAndTime},
}


class VisibleContentAdmin(admin.ModelAdmin):
    """For what customers can see: every change counts as a new version of the content.

    The admin runs each of these inside the transaction of the change, so pages and version never differ.
    """

    formfield_overrides = EDITORS_WIDGETS

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


class RowsInline(admin.TabularInline):
    """Rows of a table; each input says itself what it is, since Django's heads of columns don't label it."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """The form field with its label for those who don't see the column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", field.label)
        return field


def chip(kind: str, label: object) -> SafeString:
    """A state as a short word; the colour only repeats it."""
    return format_html('<span class="chip {}">{}</span>', kind, label)
