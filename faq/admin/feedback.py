"""Votes, for reading."""

from django.contrib import admin

from faq.admin.base import ObservationAdmin
from faq.models import Vote


@admin.register(Vote)
class VoteAdmin(ObservationAdmin):
    """Whether articles helped, and if not why."""

    list_display = ["article", "is_solved", "reason", "comment", "language", "created_at"]
    list_filter = ["is_solved", "reason", "language", ("article", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["article"]
    search_fields = ["comment", "article__slug"]
    date_hierarchy = "created_at"
