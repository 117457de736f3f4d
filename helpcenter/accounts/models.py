"""The audit log: rows that are only ever added, each sealed together with the one before it."""

from __future__ import annotations

from typing import Any, Never

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """Somebody tried to change or remove what is only ever added to."""


class Entries(models.QuerySet["AuditEntry"]):
    """Rows that can be read; every way to change them raises `AppendOnly`."""

    def update(self, **kwargs: Any) -> Never:
        """Never."""
        raise AppendOnly

    def delete(self) -> Never:
        """Never."""
        raise AppendOnly

    def bulk_create(self, *args: Any, **kwargs: Any) -> Never:
        """Never: entries are sealed one by one."""
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        """Never."""
        raise AppendOnly


class AuditEntry(models.Model):
    """Something that somebody did, with the seal of everything before it."""

    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("time"), db_index=True)
    # An account that is removed leaves its name here.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("account"),
    )
    actor_name = models.CharField(_("account's name"), max_length=150, blank=True)
    action = models.CharField(_("action"), max_length=60, db_index=True)
    target = models.CharField(_("object"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    objects = Entries.as_manager()

    class Meta:
        ordering = ["-sequence"]
        default_permissions = ("view",)
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add a new row; raises `AppendOnly` for one that exists."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Never."""
        raise AppendOnly

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The details as people read them."""
        return [
            (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in sorted(self.details.items())
        ]


class AuditHead(models.Model):
    """The end of the chain, locked while a link is added: so a cut-off end is noticed too."""

    sequence = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)


class AuditCut(models.Model):
    """Where the chain begins since its oldest part was removed after its time: the seal of the last entry that went.

    `proof` is made with the site's key: who can write to the database alone can't move the beginning.
    """

    sequence = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)
