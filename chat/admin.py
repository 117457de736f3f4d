"""Conversations for administrators and supervisors: reading, answering and closing, nothing else."""

from __future__ import annotations

from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import linebreaks_filter
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chat.access import attachment_in
from chat.agents_admin import AgentAdmin, RatingAdmin
from chat.core.terms import AuthorKind, EventKind, Nack, State
from chat.forms import MessageField, OnceField
from chat.models import Block, CannedResponse, Conversation, Event, hidden_labels
from chat.services import blocking
from chat.services.agents import agent_of
from chat.services.append import AppendRefused
from chat.services.conversations import close
from chat.services.left_messages import reply_to
from chat.services.refusal import Refused
from chat.sockets.texts import text_of
from chat.views.files import file_response
from helpcenter.masking import asks_for_secret

# Registered where they are made; Django looks for them here.
__all__ = ["AgentAdmin", "BlockAdmin", "CannedResponseAdmin", "ConversationAdmin", "RatingAdmin"]
ANSWER = ("answer", "solved", "mid")
SHOWN_OF_BLOCKS = ("visitor", "conversation", "reason", "by", "created_at", "ends_at", "lifted_at")
AUTHORS: dict[str, str | Promise] = {
    AuthorKind.VISITOR: _("customer"),
    AuthorKind.AGENT: _("Topay support"),
    AuthorKind.ASSISTANT: _("assistant"),
    AuthorKind.SYSTEM: _("Topay"),
}


class AnswerForm(forms.ModelForm):
    """The text of an answer, and whether that was all; nothing else of the conversation is edited here."""

    answer = MessageField(
        label=_("answer"),
        help_text=_("The customer reads it on the private page."),
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )
    solved = forms.BooleanField(label=_("solved"), required=False)
    mid = OnceField(required=False, label="", widget=forms.HiddenInput, initial=uuid4)

    def clean_answer(self) -> str:
        """The text, unless it asks for what we promise never to ask for."""
        text: str = self.cleaned_data["answer"]
        if asks_for_secret(text):
            raise ValidationError(_words(Nack.SECRET_REQUEST))
        return text

    def clean(self) -> dict[str, Any]:
        """What was written; raises `ValidationError` when there is neither an answer nor an end."""
        written: dict[str, Any] = super().clean() or self.cleaned_data
        if written.get("answer") == "" and not written["solved"]:
            self.add_error("answer", self.fields["answer"].error_messages["required"])
        return written


@admin.register(Conversation)
class ConversationAdmin(admin.ModelAdmin):
    """What customers wrote, newest first, and room for one more answer."""

    form = AnswerForm
    list_display = ["reference", "state", "topic", "language", "visitor", "created_at", "agent_wrote_at"]
    list_filter = ["state", "language", "topic"]
    list_select_related = ["visitor"]
    search_fields = ["reference", "visitor__name", "visitor__email"]
    date_hierarchy = "created_at"
    readonly_fields = (
        *("reference", "state", "priority", "created_at", "language", "topic", "agent", "visitor", "email"),
        *("said", "steps", "device", "article", "guide", "page"),
    )

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Room for an answer only where one can be given."""
        answer = ANSWER if self.has_change_permission(request, obj) else ()
        return [*self.readonly_fields, *answer]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Conversations come from customers only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The visitor's link is to stay good."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A left message is answered by whoever may; what an agent answers, by that agent."""
        may = super().has_change_permission(request, obj)
        if not isinstance(obj, Conversation):
            return may
        is_own = obj.state == State.ACTIVE and obj.agent_id == request.user.pk
        return may and (obj.state == State.MESSAGE or is_own)

    @admin.display(description=_("e-mail"))
    def email(self, conversation: Conversation) -> str:
        """Where the visitor says that they can be written to."""
        return conversation.visitor.email or "-"

    @admin.display(description=_("steps"))
    def steps(self, conversation: Conversation) -> SafeString | str:
        """What the visitor did."""
        steps = conversation.fields.get("steps", "")
        return linebreaks_filter(steps) if steps else "-"

    @admin.display(description=_("device"))
    def device(self, conversation: Conversation) -> str:
        """What the visitor did it with."""
        return conversation.fields.get("device", "") or "-"

    @admin.display(description=_("messages"))
    def said(self, conversation: Conversation) -> SafeString | str:
        """Everything that was said, with notes of agents and downloads of files."""
        kinds = (EventKind.MESSAGE, EventKind.NOTE)
        events = Event.objects.filter(conversation=conversation, kind__in=kinds).order_by("seq")
        return format_html_join("", "{}", ((_said(event),) for event in events)) or "-"

    def get_urls(self) -> list[URLPattern]:
        """The admin's own addresses and the downloads."""
        download = path(
            "<int:conversation>/files/<uuid:file>/",
            self.admin_site.admin_view(self.download),
            name="chat_conversation_file",
        )
        return [download, *super().get_urls()]

    def download(self, request: HttpRequest, conversation: int, file: UUID) -> HttpResponse:
        """One file of a conversation, for those who may read it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return file_response(attachment_in(conversation, file))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; what was refused in the last moment is said on it."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (AppendRefused, Refused) as refused:
            messages.error(request, _words(refused.code))
            return HttpResponseRedirect(request.path)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, list[str]]]]:
        """What the admin's log keeps: that somebody answered or closed, not what they wrote."""
        done = [name for name in ("answer", "solved") if form.cleaned_data[name]]
        return [{"changed": {"fields": done}}]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Add the answer and close; the row itself moves only under its lock and is not saved here."""
        written, user = form.cleaned_data, cast(User, request.user)
        if written["answer"]:
            reply_to(obj, user, written["answer"], mid=written["mid"])
        if written["solved"]:
            # Closing locks what waits as well, which isn't for a transaction that holds this row already.
            transaction.on_commit(partial(close, agent_of(user).pk, obj.pk, "solved"))


@admin.register(CannedResponse)
class CannedResponseAdmin(admin.ModelAdmin):
    """The texts that agents find by "/" at the desk."""

    list_display = ["shortcut", "language", "title", "topic"]
    list_filter = ["language", "topic"]
    search_fields = ["shortcut", "title", "text"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, with what the placeholders are."""
        kwargs["help_texts"] = {
            "shortcut": _("What agents type after the slash."),
            "text": _(
                "Filled in at the desk: {name}, {agent}, {code}, {reference}, {topic}, {help}. "
                "What is not known is left out."
            ),
            "topic": _("Slug of a topic; empty for every topic."),
        }
        return super().get_form(request, obj, change, **kwargs)


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):
    """Visitors to whom the chat is closed; made at the desk, lifted here or there."""

    list_display = SHOWN_OF_BLOCKS
    list_select_related = ["visitor", "conversation", "by"]
    readonly_fields = (*SHOWN_OF_BLOCKS, "lifted_by")
    actions = ["lift"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Blocks come from the desk only, where there is a conversation to see."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was done stays as it was; `lift` ends it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who was blocked, and by whom, is kept."""
        return False

    @admin.action(description=_("Lift the chosen blocks"), permissions=["view"])
    def lift(self, request: HttpRequest, queryset: models.QuerySet[Block]) -> None:
        """Let these visitors in again."""
        agent = agent_of(cast(User, request.user))
        for made in queryset:
            blocking.lift(made, agent)
            self.log_change(request, made, "lift_block")


def _said(event: Event) -> SafeString:
    text = gettext("(taken back)") if event.data.get("redacted") else event.text
    parts = (_author(event), _at(event), linebreaks_filter(text), _hidden(event), _files(event))
    return format_html("<p><strong>{}</strong> {}</p>{}{}{}", *parts)


def _author(event: Event) -> str:
    name = event.author_name or str(AUTHORS[event.author_kind])
    return f"{name} ({gettext('note')})" if event.kind == EventKind.NOTE else name


def _at(event: Event) -> str:
    return formats.date_format(timezone.localtime(event.at), "Y-m-d H:i")


def _hidden(event: Event) -> SafeString | str:
    labels = hidden_labels(event.data.get("hidden", ()))
    return format_html("<p>{}: {}</p>", gettext("hidden"), ", ".join(labels)) if labels else ""


def _files(event: Event) -> SafeString:
    """Downloads; a file from a stranger is opened by nobody's browser."""
    rows = [
        (reverse("admin:chat_conversation_file", args=[event.conversation_id, file["id"]]), file["name"])
        for file in event.attachments
    ]
    return format_html_join("", '<p><a href="{}">{}</a></p>', rows)


def _words(code: Nack) -> str:
    return text_of(code, get_language() or "en")
