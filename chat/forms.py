"""The forms of left messages: what is checked, and the words for what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chat.core.terms import MAX_TEXT, Nack
from chat.core.text import TextRefused, clean_text
from chat.services.attachments import MAX_FILES, Refusal
from chat.services.left_messages import LIMITS, Writing
from chat.services.tickets import Standing
from faq.models import Category
from helpcenter.masking import mask_text, mask_url

# After "“name” was not added:".
REFUSALS: dict[str, str | Promise] = {
    "empty": _("it is empty."),
    "too_large": _("it is larger than 10 MB."),
    "type": _("only PNG, JPG, WebP, PDF and TXT can be sent."),
    "mismatch": _("what is in it doesn't match its name. Save it anew as PNG, JPG, WebP, PDF or TXT."),
    "too_many_pixels": _("the picture has more than 25 million pixels. Make it smaller or cut out a part."),
    "bomb": _("the picture is far too large when opened."),
    "broken": _("it is damaged. Open it, save it anew and add that."),
    "pdf_active": _("the PDF holds scripts, forms or other files. Send a screenshot of it instead."),
    "text_encoding": _("it holds more than plain text. Send a screenshot of it instead."),
    "too_many": _("at most 5 files can be sent."),
    "unavailable": _(
        "it can't be stored right now. Add it again in a minute, or send the message without it."
    ),
    "too_often": _("too many files came from your network. Try again later or send the message without it."),
}
REFUSED = _("it can't be opened safely.")

STANDINGS = {
    Standing.TOO_FAST: _(
        "That was very quick, so we held it back in case a program did it. Nothing is lost: send it again."
    ),
    Standing.EXPIRED: _(
        "This form was open for more than a day. Your text is still here: check it and send it again."
    ),
    Standing.BROKEN: _("The form was damaged on its way. Your text is still here: send it again."),
}
NOT_STORED = _("This can't be stored right now. Your text is still here: send it again in a minute.")
ALREADY_SENT = _(
    "You have sent this form before, with another text or other files. "
    "To send this as a second message, send it again."
)
HONEYPOT_FILLED = _(
    "A field that people can't see was filled in, perhaps by your browser. "
    "We have emptied it: send the form again."
)


class LineField(forms.CharField):
    """One line: every break and run of spaces in it becomes a single space."""

    def to_python(self, value: object) -> str:
        """The text as one line."""
        return " ".join(str(super().to_python(value)).split())


class ParagraphField(forms.CharField):
    """Several lines, whose breaks count as one character, as people count them."""

    def to_python(self, value: object) -> str:
        """The text with plain line breaks."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class AddressField(LineField):
    """An e-mail address that can be written to and that holds no card number or code."""

    def clean(self, value: object) -> str:
        """The address; raises `ValidationError`."""
        email = str(super().clean(value))
        if not email:
            return ""
        _refuse_too_long(email, LIMITS["email"])
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(_("Enter an e-mail address such as name@example.com.")) from None
        if mask_text(email).kinds - {"phone"}:
            raise ValidationError(_("This address looks like a card number or a code. Enter another one."))
        return email


class SlugOrNothing(forms.CharField):
    """Where the visitor came from: a wrong value isn't their mistake and just counts as none."""

    def clean(self, value: object) -> str:
        """The slug, or an empty string."""
        slug = str(value or "")
        is_slug = len(slug) <= 80 and slug.replace("-", "").replace("_", "").isalnum() and slug.isascii()
        return slug if is_slug else ""


class PageOrNothing(forms.CharField):
    """The address of the page that led here, likewise."""

    def clean(self, value: object) -> str:
        """The address without its query and without secrets, or an empty string."""
        return mask_url(str(value or "").replace("\0", ""))


class MessageField(ParagraphField):
    """What becomes a message of a conversation: cleaned as in a chat, never longer than there."""

    def clean(self, value: object) -> str:
        """The cleaned text; raises `ValidationError`."""
        text = str(super().clean(value))
        if not text and not self.required:
            return ""
        _refuse_too_long(text, MAX_TEXT)
        try:
            return clean_text(text)
        except TextRefused as refused:
            if refused.code == Nack.EMPTY:
                raise ValidationError(self.error_messages["required"]) from None
            # Composed characters may come out longer than they were typed.
            raise ValidationError(_("This is a little too long. Shorten it.")) from None


class OnceField(forms.UUIDField):
    """The number under which a text is sent once, however often its form is posted."""

    def clean(self, value: object) -> str:
        """The number, or a new one in the place of none or a wrong one."""
        try:
            return str(super().clean(value) or uuid4())
        except ValidationError:
            return str(uuid4())


class ContactForm(forms.Form):
    """Name, address, topic, device, steps and problem; files are taken beside it (`refuse`)."""

    use_required_attribute = False

    name = LineField(
        label=_("Your name"),
        error_messages={"required": _("Tell us your name, so that we know how to address you.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("The answer appears on your private page; there you can ask to be told by e-mail."),
        error_messages={"required": _("Tell us your e-mail address.")},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    problem = MessageField(
        label=_("What went wrong"),
        help_text=_(
            "What did you want to do, and what happened instead? For a payment: its time and amount."
        ),
        error_messages={"required": _("Describe the problem in a sentence or two.")},
        widget=forms.Textarea({"rows": 6, "data-limit": LIMITS["problem"]}),
    )
    steps = ParagraphField(
        label=_("Steps you took"),
        help_text=_("What you did, one after the other, and what you have tried since."),
        required=False,
        widget=forms.Textarea({"rows": 4, "data-limit": LIMITS["steps"]}),
    )
    device = LineField(
        label=_("Your device and app version"),
        help_text=_("For example: Huawei P60, HarmonyOS 4, Topay 5.2."),
        required=False,
    )
    screenshots = forms.Field(label=_("Screenshots or documents"), required=False, disabled=True)
    article = SlugOrNothing(required=False)
    guide = SlugOrNothing(required=False)
    page = PageOrNothing(required=False)
    # People don't see it; programs that fill in everything do.
    website = forms.CharField(required=False)

    def __init__(self, data: QueryDict | None = None, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="contact-%s")
        topics = [(category.slug, str(category.title)) for category in Category.objects.all()]
        topic = cast(forms.ChoiceField, self.fields["topic"])
        topic.choices = [("", gettext("Not sure, or something else")), *topics]
        topic.error_messages["invalid_choice"] = _("Choose one of the topics.")

    def clean_name(self) -> str:
        """The name, within its limit."""
        return self._limited("name")

    def clean_device(self) -> str:
        """The device, within its limit."""
        return self._limited("device")

    def clean_steps(self) -> str:
        """The steps, within their limit."""
        return self._limited("steps")

    def clean(self) -> dict[str, object]:
        """Hold a message back whose hidden field was filled in."""
        if self.cleaned_data.get("website"):
            raise ValidationError(HONEYPOT_FILLED)
        return self.cleaned_data

    @property
    def context_fields(self) -> list[forms.BoundField]:
        """What the form knows of where the visitor came from."""
        return [self[name] for name in ("article", "guide", "page")]

    def refuse(self, refusals: list[Refusal]) -> None:
        """Say beside the field which file broke which rule."""
        for refusal in refusals:
            reason = REFUSALS.get(refusal.code, REFUSED)
            words = {"name": refusal.name, "reason": reason}
            self.add_error("screenshots", gettext("“%(name)s” was not added: %(reason)s") % words)

    def writing(self) -> Writing:
        """What is to be stored, of a valid form."""
        stored = ("name", "email", "topic", "problem", "steps", "device", "article", "guide", "page")
        return Writing(**{name: self.cleaned_data[name] for name in stored})

    def _limited(self, name: str) -> str:
        """The text; raises `ValidationError` when it is too long."""
        text = self.cleaned_data[name]
        _refuse_too_long(text, LIMITS[name])
        return text


class FollowUpForm(forms.Form):
    """What a visitor adds on the private page."""

    use_required_attribute = False

    text = MessageField(
        label=_("Write again"),
        help_text=_("Never send your password, a verification code or a whole card number."),
        error_messages={"required": _("Write what you want to add.")},
        widget=forms.Textarea({"rows": 4}),
    )
    mid = OnceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"mid": str(uuid4())}, auto_id="more-%s")


class EmailAlertForm(forms.Form):
    """Where to tell that there is an answer."""

    use_required_attribute = False

    email = AddressField(
        label=_("Your e-mail address"),
        error_messages={"required": _("Tell us your e-mail address.")},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, email: str = "") -> None:
        super().__init__(data, initial={"email": email}, auto_id="alert-%s")


def _refuse_too_long(text: str, limit: int) -> None:
    """Raise `ValidationError` with by how much (maxlength would cut a paste silently)."""
    over = len(text) - limit
    if over > 0:
        message = ngettext(
            "This is %(over)d character too long; at most %(limit)d fit.",
            "This is %(over)d characters too long; at most %(limit)d fit.",
            over,
        )
        raise ValidationError(message % {"over": over, "limit": limit})


def words_for_wait(seconds: int) -> str:
    """What to tell somebody who has to wait so long until they may send again."""
    return gettext(
        "You have sent several messages already. This one can go in %(wait)s; if it is urgent, call us."
    ) % {"wait": span_in_words(seconds)}


def span_in_words(seconds: int) -> str:
    """A time to wait, rounded up to minutes or hours."""
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def uuids(values: list[str]) -> list[UUID]:
    """The ids among posted values; whatever else was posted is left out."""
    found = []
    for value in values[: 4 * MAX_FILES]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
