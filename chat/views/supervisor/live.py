"""What is going on right now."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from chat.core.terms import Status
from chat.models import Agent
from chat.services import presence
from chat.services.live import live
from chat.views.supervisor.doorway import supervisors
from chat.views.supervisor.words import topic_names

SETTABLE = (Status.AWAY, Status.OFFLINE)


@require_safe
@supervisors
def page(request: HttpRequest) -> HttpResponse:
    """The page, which asks for `now` every few seconds."""
    return render(request, "supervisor/live.html", _context())


@require_safe
@supervisors
def now(request: HttpRequest) -> HttpResponse:
    """The part that changes."""
    return render(request, "supervisor/_now.html", _context())


@require_POST
@supervisors
def set_status(request: HttpRequest, agent: int) -> HttpResponse:
    """Set an agent away or offline; their desk tells them."""
    found = get_object_or_404(Agent, pk=agent)
    status = request.POST.get("status", "")
    if status not in SETTABLE:
        raise Http404
    presence.choose(found.pk, Status(status))
    if request.headers.get("HX-Request"):
        return render(request, "supervisor/_now.html", _context())
    return redirect("desk:live")


def _context() -> dict[str, object]:
    return {"tab": "live", "live": live(), "topics": topic_names()}
