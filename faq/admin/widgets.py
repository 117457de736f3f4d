"""Inputs that the editors' forms share."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import Field as ModelField
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nTextarea, I18nTextInput

from helpcenter.i18n import HTML_CODES


class SideBySide:
    """A text in every language, next to each other, each under the name of its language."""

    locales: list[str]

    def format_output(self, rendered_widgets: list[str], id_: str | None) -> SafeString:
        """The inputs with their labels."""
        names = dict(settings.LANGUAGES)
        columns = [
            (f"{id_}_{place}", HTML_CODES[code], names[code], widget)
            for place, (code, widget) in enumerate(zip(self.locales, rendered_widgets, strict=True))
        ]
        inputs = format_html_join("", '<div><label for="{}" lang="{}">{}</label>{}</div>', columns)
        return format_html('<div class="languages" id="{}">{}</div>', id_ or "", inputs)


class LanguagesInput(SideBySide, I18nTextInput):
    """One line in every language."""


class LanguagesTextarea(SideBySide, I18nTextarea):
    """A few lines in every language."""

    def __init__(self, locales: list[str], field: forms.Field, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(locales, field, {"rows": 4} | (attrs or {}))


class DateAndTime(AdminSplitDateTime):
    """Django's pair of inputs, each with a name of its own."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, label in zip(self.widgets, (gettext_lazy("Date"), gettext_lazy("Time")), strict=True):
            widget.attrs["aria-label"] = label


class PlainTextField(forms.CharField):
    """Text of several lines; what only the browser's line ends differ in is no change."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with one sort of line end and nothing invisible at its ends."""
        return super().to_python(str(value or "").replace("\r\n", "\n").replace("\r", "\n")) or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether an editor changed the text."""
        return self.to_python(initial) != self.to_python(data)


def plain_text_field(model: type[Model], name: str, rows: int, *, required: bool) -> PlainTextField:
    """The form field of a model's text with the model's own label and help."""
    field = cast(ModelField, model._meta.get_field(name))
    return PlainTextField(
        label=field.verbose_name,
        help_text=field.help_text,
        required=required,
        widget=forms.Textarea({"rows": rows}),
    )
