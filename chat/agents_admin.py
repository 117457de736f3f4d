"""Agents and ratings for supervisors: what routing knows of people, and what customers thought."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chat.models import Agent, Rating
from faq.models import Category
from helpcenter.accounts import audit

EDITED = ("name", "verify_code", "topics", "languages", "capacity")


class AgentForm(forms.ModelForm):
    """An agent with topics and languages to tick; none means every one."""

    topics = forms.MultipleChoiceField(
        label=_("topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every topic."),
    )
    languages = forms.MultipleChoiceField(
        label=_("languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=settings.LANGUAGES,
        help_text=_("None: every language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = cast(forms.MultipleChoiceField, self.fields["topics"])
        topics.choices = [(one.slug, str(one.title)) for one in Category.objects.all()]


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):
    """People come here by signing in at the desk for the first time; accounts are made as users."""

    form = AgentForm
    list_display = ("name", "user", "status", "capacity", "topics", "languages", "verify_code")
    list_select_related = ["user"]
    search_fields = ("name", "user__username", "verify_code")
    fields = EDITED

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An agent is made when somebody who may answer comes to the desk."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who answered stays known; an account is deactivated instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Agent, form: forms.ModelForm, change: bool) -> None:
        """Save, and note which settings were changed."""
        super().save_model(request, obj, form, change)
        changed = ", ".join(form.changed_data)
        audit.record(cast(User, request.user), "settings.agent", f"agent:{obj.pk}", changed=changed)


@admin.register(Rating)
class RatingAdmin(admin.ModelAdmin):
    """What customers thought; nobody can change it."""

    list_display = ("conversation", "agent", "score", "reasons", "comment", "at")
    list_select_related = ["conversation", "agent"]
    list_filter = ("score", "agent")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ratings are the customers'."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nor can they be changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nor removed."""
        return False
