"""Whatever is done in the admin is noted in the audit log: by whom, with which object, which fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from helpcenter.accounts import audit


class Audited:
    """Mixed into every admin of the site; values are never noted, only the names of fields."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Something was made."""
        audit.record(request.user, "admin.added", _named(obj))  # type: ignore[arg-type]
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Something was changed, also a password."""
        audit.record(request.user, "admin.changed", _named(obj), fields=_fields(message))  # type: ignore[arg-type]
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        """Something was removed."""
        for obj in queryset:
            audit.record(request.user, "admin.deleted", _named(obj))  # type: ignore[arg-type]
        return super().log_deletions(request, queryset)  # type: ignore[misc]


def audited(admin_class: type[ModelAdmin]) -> type[ModelAdmin]:
    """The same admin, which notes what is done in it."""
    return type(admin_class.__name__, (Audited, admin_class), {"__module__": admin_class.__module__})


def _named(obj: Model) -> str:
    return f"{obj._meta.label_lower}:{obj.pk}"


def _fields(message: Any) -> list[str]:
    """The names of fields in a message of Django's admin; a text counts by its first word."""
    if isinstance(message, str):
        return [message.split(" ", 1)[0][:40]] if message else []
    names: list[str] = []
    for part in message or []:
        for change in part.values():
            names += [str(name) for name in change.get("fields", [])] or [str(change.get("name", ""))]
    return [name for name in names if name]
