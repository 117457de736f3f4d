"""What went on in a period, as a page and as tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chat.core.reports import bars, safe_cell
from chat.services.reports import Period, Report, report, tables
from chat.views.supervisor.doorway import supervisors
from chat.views.supervisor.words import reason_words, topic_names
from faq.models import Category
from helpcenter.accounts import audit

MOST_DAYS = 366
USUAL_DAYS = 7
BYTE_ORDER_MARK = "\ufeff"


class PeriodForm(forms.Form):
    """From which day to which, of what."""

    since = forms.DateField(
        label=_("From"), widget=forms.DateInput({"type": "date"}), input_formats=["%Y-%m-%d"]
    )
    until = forms.DateField(
        label=_("To"), widget=forms.DateInput({"type": "date"}), input_formats=["%Y-%m-%d"]
    )
    topic = forms.ModelChoiceField(
        Category.objects.all(),
        label=_("Topic"),
        required=False,
        to_field_name="slug",
        empty_label=_("All topics"),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Both languages")), *settings.LANGUAGES]
    )

    def clean(self) -> dict[str, Any]:
        """The days in their order, and not too many."""
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day comes before the first one."))
        elif since and until and (until - since).days >= MOST_DAYS:
            self.add_error("until", _("At most a year at a time."))
        return values

    def period(self) -> Period:
        """What was chosen, in the operator's time zone."""
        chosen = self.cleaned_data
        topic = chosen["topic"].slug if chosen["topic"] else ""
        return replace(_between(chosen["since"], chosen["until"]), topic=topic, language=chosen["language"])


def _between(since: date, until: date) -> Period:
    begin = timezone.make_aware(datetime.combine(since, time.min))
    return Period(begin, timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)))


def _form(request: HttpRequest) -> PeriodForm:
    """What was asked for; the last week when nothing was."""
    today = timezone.localdate()
    given = {"since": request.GET.get("from", ""), "until": request.GET.get("to", "")}
    usual = {"since": (today - timedelta(days=USUAL_DAYS - 1)).isoformat(), "until": today.isoformat()}
    rest = {name: request.GET.get(name, "") for name in ("topic", "language")}
    return PeriodForm({name: given[name] or usual[name] for name in given} | rest)


@require_safe
@supervisors
def page(request: HttpRequest) -> HttpResponse:
    """Charts with the tables that they are made of."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "supervisor/reports.html", {"tab": "reports", "form": form}, status=422)
    made = report(form.period())
    return render(
        request, "supervisor/reports.html", {"tab": "reports", "form": form, "report": made, **_charts(made)}
    )


def _charts(made: Report) -> dict[str, Any]:
    names = topic_names()
    topics = [(names.get(slug, slug), count) for slug, count in made.by_topic]
    spreads = [
        (_("Waiting, those who gave up included"), made.waiting),
        (_("First answer of a person"), made.first_answer),
        (_("Length of a conversation"), made.duration),
        (_("Answer to a left message"), made.left_answer),
    ]
    return {
        "hours": bars([(f"{hour:02}", count) for hour, count in enumerate(made.by_hour)]),
        "days": bars([(f"{day:%m-%d}", count) for day, count in made.by_day.items()]),
        "topics": topics,
        "most_topic": max((count for _name, count in topics), default=1),
        "spreads": spreads,
        "scores": bars([(str(score), count) for score, count in sorted(made.scores.items())]),
        "reasons": [(reason_words(slug), count) for slug, count in made.reasons],
        "tables": list(tables(made)),
    }


@require_safe
@supervisors
def export(request: HttpRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    """One of the tables as CSV; raises `Http404` for a name that there isn't."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "supervisor/reports.html", {"tab": "reports", "form": form}, status=422)
    made = tables(report(form.period()))
    if name not in made:
        raise Http404
    head, rows = made[name]
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    audit.record(cast(User, request.user), "export.csv", f"report:{name}", since=str(since), until=str(until))
    file = f"topay-{name}-{since}-{until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(
        _lines([head, *rows]), content_type="text/csv; charset=utf-8", headers=headers
    )


def _lines(rows: list[list[Any]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([safe_cell(cell) for cell in row])
        yield line.getvalue()
