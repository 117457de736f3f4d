"""Fills an empty database for a run: `python -m tests.faults.seeding <agents> <capacity>`, a process of its own."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
django.setup()

from django.contrib.auth.models import Permission, User  # noqa: E402 - needs the set-up above

from chat.models import Agent  # noqa: E402
from tests.faults.names import PASSWORD, login  # noqa: E402


def main(agents: int, capacity: int) -> None:
    """Make the tables, and so many agents who are online and have `capacity`."""
    call_command("migrate", verbosity=0)
    may_answer = Permission.objects.get(codename="answer", content_type__app_label="chat")
    for number in range(1, agents + 1):
        user = User.objects.create_user(login(number), password=PASSWORD)
        user.user_permissions.add(may_answer)
        name = f"Tester {number}"
        Agent.objects.create(
            user=user, name=name, verify_code=f"TEST{number}", capacity=capacity, status="online"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
