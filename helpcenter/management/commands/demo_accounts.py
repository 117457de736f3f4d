"""`manage.py demo_accounts`: the logins of the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from faq.services.roles import ensure_demo_accounts
from helpcenter.accounts import audit


class Command(BaseCommand):
    """Make agent1, agent2, supervisor1 and editor1 with their roles; no other command makes accounts."""

    help = (
        "Make the demo accounts that are missing. The password is HELPCENTER_DEMO_PASSWORD, else a random "
        "one that is printed this once. Accounts that exist keep their password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The one way to change the password of an account that exists."""
        parser.add_argument(
            "--new-password", action="store_true", help="give the demo accounts that exist a new password too"
        )

    def handle(self, *args: Any, new_password: bool = False, **options: Any) -> None:
        """Make what is missing, print one line an account, and a password that nobody knows yet."""
        accounts = ensure_demo_accounts(settings.ENV.demo_password, renew=new_password)
        for account in accounts:
            kept = account.password is None
            if not kept:
                audit.record_console("account.demo", name=account.name, role=account.role)
            self.stdout.write(
                f"{account.name:<12} {account.role:<12} {'password unchanged' if kept else 'new'}"
            )
        passwords = {account.password for account in accounts} - {None}
        if passwords and not settings.ENV.demo_password:
            self.stdout.write(f"password     {passwords.pop()}   (shown this once)")
        elif passwords:
            self.stdout.write("password     that of HELPCENTER_DEMO_PASSWORD")
