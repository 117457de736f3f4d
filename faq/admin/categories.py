"""Topics."""

from django.contrib import admin

from faq.admin.base import VisibleContentAdmin
from faq.models import Category


@admin.register(Category)
class CategoryAdmin(VisibleContentAdmin):
    """The few topics, in the order of the home page."""

    list_display = ["title", "slug", "position"]
    list_editable = ["position"]
    fields = ["slug", "position", "title", "summary"]
