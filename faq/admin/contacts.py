"""Ways to reach support, opening hours, what is official, and notices about disturbances."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq.admin.base import RowsInline, VisibleContentAdmin, chip
from faq.models import ContactChannel, OfficialIdentity, OpeningRange, ServiceNotice, SpecialDay


def checked_link(link: str) -> str:
    """A link that a page may hold: https or a path of our own; raises `ValidationError`."""
    if link and not link.startswith("https://") and not (link.startswith("/") and link[1:2] != "/"):
        raise ValidationError(_("A link starts with https:// or, on this site, with /."))
    return link


class OpeningRangeInline(RowsInline):
    """A channel's own hours; without any, the hours of all channels hold."""

    model = OpeningRange
    fields = ["weekday", "opens", "closes"]
    extra = 0


class ContactChannelForm(forms.ModelForm):
    """One way to reach support."""

    class Meta:
        model = ContactChannel
        fields = ["kind", "value", "url", "position", "is_published", "label", "note", "fits", "prepare"]

    def clean(self) -> dict[str, Any]:
        """A link is one; WeChat's is only drawn as a QR code and may be anything."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") != ContactChannel.Kind.WECHAT:
            try:
                checked_link(data.get("url", ""))
            except ValidationError as error:
                self.add_error("url", error)
        return data


@admin.register(ContactChannel)
class ContactChannelAdmin(VisibleContentAdmin):
    """The channels of every page's foot and of the contact page."""

    form = ContactChannelForm

    list_display = ["label", "kind", "value", "position", "is_published"]
    list_editable = ["position", "is_published"]
    list_filter = ["kind", "is_published"]
    fields = ["kind", "value", "url", ("position", "is_published"), "label", "note", "fits", "prepare"]
    inlines = [OpeningRangeInline]


@admin.register(OpeningRange)
class OpeningRangeAdmin(VisibleContentAdmin):
    """The hours of all channels without hours of their own; a channel's own are on its page."""

    list_display = ["weekday", "opens", "closes"]
    list_display_links = ["weekday"]
    fields = ["weekday", "opens", "closes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpeningRange]:
        """Only the hours that belong to no channel."""
        return super().get_queryset(request).filter(channel=None)


class SpecialDayForm(forms.ModelForm):
    """A day off, or a day that is worked."""

    class Meta:
        model = SpecialDay
        fields = ["date", "is_working", "opens", "closes", "note"]

    def clean(self) -> dict[str, Any]:
        """A working day needs its hours."""
        data = super().clean() or self.cleaned_data
        if data.get("is_working") and not (data.get("opens") and data.get("closes")):
            raise ValidationError(_("Say from when to when this day is worked."))
        return data


@admin.register(SpecialDay)
class SpecialDayAdmin(VisibleContentAdmin):
    """Holidays and the days worked in their stead."""

    form = SpecialDayForm
    list_display = ["date", "is_working", "opens", "closes", "note"]
    list_filter = ["is_working"]
    date_hierarchy = "date"


@admin.register(OfficialIdentity)
class OfficialIdentityAdmin(VisibleContentAdmin):
    """What the official check answers yes to."""

    list_display = ["value", "kind", "note"]
    list_filter = ["kind"]
    search_fields = ["value"]


class ServiceNoticeForm(forms.ModelForm):
    """A line on the home page with its time."""

    class Meta:
        model = ServiceNotice
        fields = ["text", "url", "starts_at", "ends_at"]

    def clean_url(self) -> str:
        """A link that a page may hold."""
        return checked_link(self.cleaned_data["url"])

    def clean(self) -> dict[str, Any]:
        """A notice must not end before it starts."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The notice would end before it starts."))
        return data


@admin.register(ServiceNotice)
class ServiceNoticeAdmin(VisibleContentAdmin):
    """Disturbances on the home page."""

    form = ServiceNoticeForm
    list_display = ["text", "state", "starts_at", "ends_at"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, notice: ServiceNotice) -> str:
        """Whether customers see the notice now."""
        now = timezone.now()
        if notice.starts_at > now:
            return chip("scheduled", _("Scheduled"))
        is_over = notice.ends_at is not None and notice.ends_at <= now
        return chip("draft", _("Over")) if is_over else chip("published", _("Shown now"))
