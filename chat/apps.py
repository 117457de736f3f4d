"""The conversations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Conversations between visitors and agents; so far the messages left by the contact form."""

    name = "chat"
    verbose_name = _("Conversations")
