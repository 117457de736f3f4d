"""An article's texts in both languages on the article's page; saving goes through faq/services/editing.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.admin.base import EDITORS_WIDGETS
from faq.admin.widgets import PlainTextField, plain_text_field
from faq.models import Translation
from faq.services.editing import TextChange
from faq.services.editorial import TextState, text_states
from faq.services.publishing import Text
from helpcenter.i18n import HTML_CODES, LANGUAGE_CODES

TEXT_NAMES = frozenset(field.name for field in fields(Text))
STATUS_CHOICES = [
    (Translation.Status.DRAFT, gettext_lazy("Draft: only editors see it")),
    (Translation.Status.PUBLISHED, gettext_lazy("Published: customers see it from the time below on")),
]


def _plain(name: str, rows: int) -> PlainTextField:
    return plain_text_field(Translation, name, rows, required=False)


class TranslationForm(forms.ModelForm):
    """One language's column."""

    language = forms.ChoiceField(
        choices=[(code, code) for code in LANGUAGE_CODES], widget=forms.HiddenInput, show_hidden_initial=False
    )
    summary = _plain("summary", 3)
    body = _plain("body", 22)
    keywords = _plain("keywords", 4)
    status = forms.ChoiceField(
        label=gettext_lazy("status"),
        choices=STATUS_CHOICES,
        widget=forms.RadioSelect,
        initial=Translation.Status.DRAFT,
    )
    note = forms.CharField(
        label=gettext_lazy("note for the revisions"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What you changed and why; customers don't see it."),
    )
    is_small = forms.BooleanField(
        label=gettext_lazy("Small correction: keep the date, the other language stays up to date"),
        required=False,
    )
    # The number of the newest revision when the page was opened.
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Translation
        fields = ["language", "title", "summary", "body", "keywords", "status", "published_at"]
        help_texts = {
            "published_at": gettext_lazy(
                "Empty: at once. A time to come: not before then, and until then not at all."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["language"].disabled = True
            self.initial["based_on"] = self._newest_number
        self.fields["title"].widget.attrs["class"] = "wide"

    @cached_property
    def _newest_number(self) -> int:
        return self.instance.revisions.aggregate(newest=Max("number"))["newest"] or 0

    def clean(self) -> dict[str, Any]:
        """Nothing empty goes public, and nobody writes over what somebody else saved meanwhile."""
        data = super().clean() or self.cleaned_data
        is_published = data.get("status") == Translation.Status.PUBLISHED
        if is_published and not data.get("body") and not data.get("summary"):
            self.add_error("body", _("Write the text before you publish it."))
        based_on = data.get("based_on")
        if self.instance.pk and self.has_new_text and based_on not in (None, self._newest_number):
            raise ValidationError(
                _("Somebody saved this text while you were writing. Copy your text, then open the page anew.")
            )
        return data

    @property
    def has_new_text(self) -> bool:
        """Whether any of the text's own fields was changed."""
        return bool(TEXT_NAMES & set(self.changed_data))

    def change(self, article: Model) -> TextChange:
        """What the editor wants, for the service that saves it."""
        pk, language = self.instance.pk, self.cleaned_data["language"]
        target = (
            Translation.objects.get(pk=pk) if pk else Translation(article_id=article.pk, language=language)
        )
        # What the editor left alone stays exactly as it is stored: a form holds no fractions of a second
        # and no line break at the end of a text.
        wanted = {name: self.cleaned_data[name] for name in TEXT_NAMES & set(self.changed_data)}
        text = replace(Text.of(target), **wanted)
        return TextChange(target, text, self.cleaned_data["note"], self.cleaned_data["is_small"])


@dataclass(frozen=True)
class Column:
    """A language's form with the state of the text that is stored."""

    form: TranslationForm
    language: str
    state: TextState

    @property
    def html_language(self) -> str:
        """The code for lang attributes."""
        return HTML_CODES[self.language]


class TranslationFormSet(BaseInlineFormSet):
    """One form a language, whether its text exists or not."""

    forms: list[Any]  # of TranslationForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._texts = list(self.queryset or [])
        present = {text.language for text in self._texts}
        missing = [code for code in LANGUAGE_CODES if code not in present]
        self.initial_extra = [{"language": code} for code in missing]
        self.extra = len(missing)

    def columns(self) -> Iterator[Column]:
        """The forms in the order of our languages."""
        states = {state.language: state for state in text_states(self._texts)}
        by_language = {self._language(form): form for form in self.forms}
        for code in LANGUAGE_CODES:
            if code in by_language:
                yield Column(by_language[code], code, states[code])

    @staticmethod
    def _language(form: TranslationForm) -> str:
        return str(form.instance.language or form["language"].value())

    def changes(self) -> list[TextChange]:
        """The texts that an editor really changed."""
        return [form.change(self.instance) for form in self.forms if form.has_changed() and form.has_new_text]


class TranslationInline(admin.StackedInline):
    """Both languages side by side."""

    model = Translation
    form = TranslationForm
    formset = TranslationFormSet
    formfield_overrides = EDITORS_WIDGETS
    template = "admin/faq/article/texts.html"
    max_num = len(LANGUAGE_CODES)
    # A text that is to vanish becomes a draft; so its revisions stay.
    can_delete = False
    fields = [
        "language", "title", "summary", "body", "keywords", "status", "published_at", "note", "is_small",
        "based_on",
    ]  # fmt: skip

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        """The form set adds one form for each language without a text."""
        return 0
