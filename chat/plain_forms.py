"""The forms of a conversation without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.core.api import OpeningBody
from chat.forms import (
    HONEYPOT_FILLED,
    AddressField,
    FollowUpForm,
    LineField,
    MessageField,
    SlugOrNothing,
)
from faq.models import Category

MOST_NAME = 80
SCORES = [
    (5, _("Very good")),
    (4, _("Good")),
    (3, _("So-so")),
    (2, _("Bad")),
    (1, _("Very bad")),
]


class OpeningForm(forms.Form):
    """A question with its topic, and who asks, if they like to say."""

    use_required_attribute = False

    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    text = MessageField(
        label=_("Your question"),
        help_text=_("What did you want to do, and what happened instead?"),
        error_messages={"required": _("Write your question in a sentence or two.")},
        widget=forms.Textarea({"rows": 5}),
    )
    name = LineField(
        label=_("Your name"),
        required=False,
        max_length=MOST_NAME,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    # People don't see it; programs that fill in everything do.
    website = forms.CharField(required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="plain-%s")
        topics = [(category.slug, str(category.title)) for category in Category.objects.exclude(slug="news")]
        topic = cast(forms.ChoiceField, self.fields["topic"])
        topic.choices = [("", gettext("Not sure, or something else")), *topics]
        topic.error_messages["invalid_choice"] = _("Choose one of the topics.")

    def clean(self) -> dict[str, object]:
        """Hold a question back whose hidden field was filled in."""
        if self.cleaned_data.get("website"):
            raise ValidationError(HONEYPOT_FILLED)
        return self.cleaned_data

    def opening(self, mid: str, language: str, came_from: Mapping[str, str]) -> OpeningBody:
        """What is to be opened, of a valid form, under the number `mid`; `came_from` is a page's query."""
        known = {name: self.cleaned_data[name] for name in ("topic", "text", "name", "email")}
        known |= {name: SlugOrNothing().clean(came_from.get(name)) for name in ("article", "guide")}
        return OpeningBody(mid, language=language, **known)


class SayForm(FollowUpForm):
    """What somebody adds to a conversation; files are taken beside it, and then the text may be empty."""

    file = forms.Field(label=_("Add a file"), required=False, disabled=True)

    def __init__(self, data: QueryDict | dict[str, str] | None = None, *, has_file: bool = False) -> None:
        super().__init__(data)
        self.fields["text"].required = not has_file
        self.fields["text"].label = _("Your message")


class RatingForm(forms.Form):
    """How it was."""

    use_required_attribute = False

    score = forms.TypedChoiceField(
        label=_("How was it?"),
        coerce=int,
        choices=SCORES,
        error_messages={
            "required": _("Choose one of the five."),
            "invalid_choice": _("Choose one of the five."),
        },
        widget=forms.RadioSelect,
    )
    comment = LineField(label=_("Anything you want to add"), required=False, max_length=1000)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="rating-%s")
