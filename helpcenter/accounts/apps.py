"""The app of the people who sign in."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sign-in, sessions and the audit log."""

    name = "helpcenter.accounts"
    label = "accounts"
    verbose_name = _("Sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what Django and allauth tell, once their models are there."""
        import_module("helpcenter.accounts.receivers")
