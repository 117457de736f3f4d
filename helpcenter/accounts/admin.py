"""Accounts and groups, whose rights and roles are noted as they were and as they are."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from helpcenter.accounts import audit

FLAGS = ("is_active", "is_staff", "is_superuser")

admin.site.unregister([User, Group, Authenticator, EmailAddress, UserSession])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """People who sign in."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note roles and rights before and after."""
        before = _rights(form.instance) if change else {}
        super().save_related(request, form, formsets, change)
        after = _rights(form.instance)
        flags = [name for name in FLAGS if name in form.changed_data]
        if before != after or flags:
            state = {name: getattr(form.instance, name) for name in flags}
            audit.record(
                request.user,  # type: ignore[arg-type]
                "account.rights",
                f"account:{form.instance.pk}",
                before=before.get("groups", []),
                after=after["groups"],
                permissions_before=before.get("permissions", []),
                permissions_after=after["permissions"],
                **state,
            )


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles: what they let do."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note the permissions before and after."""
        group = form.instance
        before = set(_names(group.permissions)) if change else set()
        super().save_related(request, form, formsets, change)
        after = set(_names(group.permissions))
        if before != after:
            audit.record(
                request.user,  # type: ignore[arg-type]
                "role.permissions",
                f"role:{group.name}",
                added=after - before,
                removed=before - after,
            )


@admin.register(Authenticator)
class FactorAdmin(admin.ModelAdmin):
    """Second factors: who lost theirs has them removed here, and sets up new ones."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__username",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only people themselves add theirs."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        """There is nothing to change."""
        return False


def _rights(user: User) -> dict[str, list[str]]:
    groups = list(user.groups.order_by("name").values_list("name", flat=True))
    return {"groups": groups, "permissions": _names(user.user_permissions)}


def _names(permissions: Any) -> list[str]:
    return sorted(
        f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename")
    )
