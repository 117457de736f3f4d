"""The help content app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaqConfig(AppConfig):
    """What a customer reads: articles, guided fixes, contacts and search."""

    name = "faq"
    verbose_name = _("Help content")
