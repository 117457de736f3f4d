"""The page that opens the agent's socket."""

from __future__ import annotations

from typing import cast

from csp.decorators import csp_update
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from chat.services.agents import agent_of, may_supervise
from chat.views.desk.answers import AtDesk, desk
from faq.models import Category

LISTS = (
    ("queue", _("Queue")),
    ("mine", _("Mine")),
    ("all", _("All")),
    ("left", _("Left messages")),
    ("closed", _("Closed")),
)


# Pictures that were sent are fetched with the session and shown from memory.
@method_decorator(csp_update({"img-src": ["blob:"]}), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class Desk(LoginRequiredMixin, PermissionRequiredMixin, View):
    """The shell of the desk: panes that are filled by fragments and the socket."""

    login_url = reverse_lazy("desk:login")
    permission_required = "chat.answer"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The desk of whoever is signed in."""
        user = cast(User, request.user)
        context = {
            "agent": agent_of(user),
            "is_supervisor": may_supervise(user),
            "lists": LISTS,
            "topics": Category.objects.all(),
            "csrf": get_token(request),
        }
        return render(request, "desk/home.html", context)


@desk("GET", "HEAD")
def session(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """Who is signed in, and the token for posts: a desk that was left open goes on after a new sign-in."""
    return JsonResponse(
        {
            "agent": at.agent.pk,
            "name": at.agent.name,
            "supervisor": at.is_supervisor,
            "csrf": get_token(request),
        }
    )
