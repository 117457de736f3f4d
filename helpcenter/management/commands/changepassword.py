"""`manage.py changepassword`: Django's, and it is noted in the audit log."""

from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import User

from helpcenter.accounts import audit


class Command(changepassword.Command):
    """Gives an account a new password; its sessions end."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Ask for it twice, set it, note that it was set; raises `CommandError`."""
        said = super().handle(*args, **options)
        user = User.objects.get_by_natural_key(options["username"] or getpass.getuser())
        audit.record_console("password.changed", f"account:{user.pk}", name=user.get_username())
        return said
