"""The audit log for administrators: to read, to filter, to take along. Nobody changes it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from helpcenter.accounts import audit
from helpcenter.accounts.models import AuditEntry, Entries

PAGE = 50
MOST_TEXT = 100
COLUMNS = ("sequence", "at", "actor", "action", "target", "details")
# A cell that begins so is a formula for a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
YEARS = range(2000, 2200)
may_read = permission_required("accounts.view_auditentry", raise_exception=True)


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


@never_cache
@login_required
@may_read
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """A page of the log, newest first."""
    filters, found = _filtered(request)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        found = found.filter(sequence__lt=int(before))
    rows = list(found[: PAGE + 1])
    context = {
        "tab": "log",
        "entries": rows[:PAGE],
        "older": rows[PAGE - 1].sequence if len(rows) > PAGE else None,
        "filters": filters,
        "actions": list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()),
        "download": urlencode({key: value for key, value in filters.items() if value}),
    }
    return render(request, "accounts/log.html", context)


@never_cache
@login_required
@may_read
@require_GET
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV; that it was taken along is noted too."""
    filters, found = _filtered(request)
    audit.record(cast(User, request.user), "export.audit_log", **{k: v for k, v in filters.items() if v})
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response


def _lines(found: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(cast(Any, _Line()))
    yield "\ufeff" + cast(Any, writer.writerow(COLUMNS))
    for entry in found.iterator(chunk_size=1000):
        details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
        row = [
            str(entry.sequence),
            entry.at.isoformat(),
            entry.actor_name,
            entry.action,
            entry.target,
            details,
        ]
        yield cast(Any, writer.writerow([f"'{c}" if c.startswith(FORMULA) else c for c in row]))


def _filtered(request: HttpRequest) -> tuple[dict[str, str], Entries]:
    filters = {
        name: request.GET.get(name, "").strip().replace("\x00", "")[:MOST_TEXT]
        for name in ("who", "action", "target", "from", "to")
    }
    found = AuditEntry.objects.all()
    if filters["who"]:
        found = found.filter(actor_name__icontains=filters["who"])
    if filters["action"]:
        found = found.filter(action=filters["action"])
    if filters["target"]:
        found = found.filter(target__icontains=filters["target"])
    if first := _day(filters["from"]):
        found = found.filter(at__gte=first)
    if last := _day(filters["to"]):
        found = found.filter(at__lt=last + timedelta(days=1))
    return filters, found


def _day(text: str) -> datetime | None:
    """Midnight of a day such as 2026-11-23 in the operator's zone; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day.year in YEARS else None
