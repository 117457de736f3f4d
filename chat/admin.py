"""Left messages for administrators and supervisors: reading them and answering, nothing else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms import BaseModelFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chat.models import Attachment, LeftMessage, Reply
from chat.services.left_messages import MAX_REPLY, reply_to
from chat.views.files import file_response
from helpcenter.masking import asks_for_secret


class ReplyForm(forms.ModelForm):
    """The text of an answer."""

    text = forms.CharField(label=_("text"), max_length=MAX_REPLY, widget=forms.Textarea({"rows": 6}))

    class Meta:
        model = Reply
        fields = ["text"]

    def clean_text(self) -> str:
        """The text, unless it asks for what we promise never to ask for."""
        text = self.cleaned_data["text"]
        if asks_for_secret(text):
            raise ValidationError(_("We never ask customers for a password or a code. Say it differently."))
        return text


class ReplyInline(admin.StackedInline):
    """Answers so far, and room for one more; what the customer may have read stays as it was."""

    model = Reply
    form = ReplyForm
    extra = 1
    max_num = None
    readonly_fields = ["author", "created_at"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody rewrites an answer."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody takes an answer back."""
        return False


@admin.register(LeftMessage)
class LeftMessageAdmin(admin.ModelAdmin):
    """What customers left, newest first; only the state can be changed."""

    list_display = ["reference", "state", "topic", "language", "name", "created_at"]
    list_filter = ["state", "language", "topic"]
    search_fields = ["reference", "name", "email"]
    date_hierarchy = "created_at"
    inlines = [ReplyInline]
    fields = (
        *("reference", "state", "created_at", "language", "topic", "name", "email"),
        *("problem", "steps", "device", "files", "hidden_labels", "article", "guide", "page"),
    )
    readonly_fields = fields[:1] + fields[2:]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Messages come from the form only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The visitor's link is to stay good."""
        return False

    @admin.display(description=_("files"))
    def files(self, message: LeftMessage) -> SafeString | str:
        """Downloads; a file from a stranger is opened by nobody's browser."""
        rows = [
            (reverse("admin:chat_leftmessage_file", args=[message.pk, file.pk]), file.name)
            for file in message.attachments.all()
        ]
        return format_html_join("", '<p><a href="{}">{}</a></p>', rows) or "-"

    @admin.display(description=_("hidden"))
    def hidden_labels(self, message: LeftMessage) -> str:
        """What masking took out of the texts."""
        return ", ".join(message.hidden_labels) or "-"

    def get_urls(self) -> list[URLPattern]:
        """The admin's own addresses and the downloads."""
        download = path(
            "<int:message>/files/<uuid:file>/",
            self.admin_site.admin_view(self.download),
            name="chat_leftmessage_file",
        )
        return [download, *super().get_urls()]

    def download(self, request: HttpRequest, message: int, file: UUID) -> HttpResponse:
        """One file of a message, for those who may read the message."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Attachment.objects.filter(pk=file, left_message=message).first()
        if found is None:
            raise Http404("No such file.")
        return file_response(found)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        """Answers go through the service, which masks them and marks the message as answered."""
        for reply in formset.save(commit=False):
            reply_to(form.instance, cast(User, request.user), reply.text)
