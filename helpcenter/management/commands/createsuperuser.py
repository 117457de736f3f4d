"""`manage.py createsuperuser`: Django's, and it is noted in the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User
from django.db.models import Max

from helpcenter.accounts import audit


class Command(createsuperuser.Command):
    """Makes an account that may do everything."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and note that it was made; raises `CommandError`."""
        newest = User.objects.aggregate(newest=Max("pk"))["newest"] or 0
        super().handle(*args, **options)
        for user in User.objects.filter(pk__gt=newest, is_superuser=True):
            name = user.get_username()
            audit.record_console("account.added", f"account:{user.pk}", name=name, is_superuser=True)
