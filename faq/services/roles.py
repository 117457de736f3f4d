"""The roles that people who sign in have, as groups with permissions, and the accounts of the demo."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Q

AGENTS, SUPERVISORS, EDITORS, ADMINISTRATORS = "Agents", "Supervisors", "Editors", "Administrators"

# What editors write, and so may add, change and delete.
WRITTEN = (
    "article", "category", "choice", "contactchannel", "field", "guide", "officialidentity", "openingrange",
    "servicenotice", "specialday", "step", "synonym",
)  # fmt: skip
# A text is never deleted on its own: as a draft it is gone from the site and keeps its revisions.
KEPT = ("translation",)
# What customers and the program write; editors read it.
READ = ("guideoutcome", "revision", "searchquery", "vote")


def _may(verbs: Iterable[str], models: Iterable[str], app: str = "faq") -> list[str]:
    return [f"{app}.{verb}_{model}" for model in models for verb in verbs]


EDITING = [
    *_may(("view", "add", "change", "delete"), WRITTEN),
    *_may(("view", "add", "change"), KEPT),
    *_may(("view",), READ),
]
ANSWERING = [
    *_may(("view", "change"), ("conversation",), "chat"),
    *_may(("view",), ("attachment",), "chat"),
]
# The replies that agents find by "/" at the desk, and whom they blocked.
CANNED = _may(("view", "add", "change", "delete"), ("cannedresponse",), "chat")
BLOCKS = _may(("view",), ("block",), "chat")
# What routing knows of agents, and what customers thought of them.
STAFFING = [*_may(("view", "change"), ("agent",), "chat"), *_may(("view",), ("rating",), "chat")]
# Who answers at the desk, and who may see and move every conversation there.
DESK = ["chat.answer"]
LEADING = ["chat.answer", "chat.supervise"]
USERS = [
    *_may(("view", "add", "change", "delete"), ("user", "group"), "auth"),
    *_may(("view",), ("auditentry",), "accounts"),
    # Whoever lost their second factor has it removed, and sets up a new one.
    *_may(("view", "delete"), ("authenticator",), "mfa"),
]
PERMISSIONS = {
    AGENTS: DESK,
    SUPERVISORS: [*ANSWERING, *BLOCKS, *CANNED, *STAFFING, *LEADING],
    EDITORS: EDITING,
    ADMINISTRATORS: [*EDITING, *ANSWERING, *BLOCKS, *CANNED, *STAFFING, *LEADING, *USERS],
}
# Who may sign in to the admin; agents have the desk.
STAFF = (SUPERVISORS, EDITORS, ADMINISTRATORS)
DEMO_ACCOUNTS = {"agent1": AGENTS, "agent2": AGENTS, "supervisor1": SUPERVISORS, "editor1": EDITORS}
PASSWORD_BYTES = 15


@dataclass(frozen=True)
class Account:
    """A demo login; `password` is None when it was there before and keeps its own."""

    name: str
    role: str
    password: str | None


def ensure_groups() -> dict[str, Group]:
    """Make the groups and give each exactly its permissions; returns them by name."""
    with transaction.atomic():
        groups = {name: Group.objects.get_or_create(name=name)[0] for name in PERMISSIONS}
        for name, labels in PERMISSIONS.items():
            groups[name].permissions.set(_permissions(labels))
    return groups


def grant_new_permissions() -> None:
    """Give the groups that exist what a new version lets them do; what an operator added stays."""
    for group in Group.objects.filter(name__in=PERMISSIONS):
        group.permissions.add(*_permissions(PERMISSIONS[group.name]))


def ensure_demo_accounts(password: str = "", *, renew: bool = False) -> list[Account]:
    """Make the demo accounts that are missing, with `password` or else a random one.

    Accounts that exist are left as they are; `renew` gives them a new password too.
    """
    with transaction.atomic():
        groups = ensure_groups()
        chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
        return [_account(name, groups[role], chosen, renew) for name, role in DEMO_ACCOUNTS.items()]


def _permissions(labels: list[str]) -> list[Permission]:
    if not labels:
        return []
    wanted = Q()
    for label in labels:
        app, codename = label.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _account(name: str, group: Group, password: str, renew: bool) -> Account:
    users = get_user_model().objects
    user: User | None = users.filter(username=name).first()
    if user and not renew:
        return Account(name, group.name, None)
    if user:
        user.set_password(password)
        user.save(update_fields=["password"])
    else:
        user = users.create_user(name, password=password, is_staff=group.name in STAFF)
        user.groups.set([group])
    return Account(name, group.name, password)
