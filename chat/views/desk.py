"""The desk: where agents sign in and answer."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from chat.services.agents import agent_of


class SignIn(LoginView):
    """Sign in with `username` and `password`."""

    template_name = "desk/login.html"
    next_page = "desk:home"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Sign out; open sockets of the session end within a beat."""

    next_page = "desk:login"


@method_decorator(never_cache, name="dispatch")
class Desk(LoginRequiredMixin, PermissionRequiredMixin, View):
    """The page that opens the agent's socket."""

    login_url = reverse_lazy("desk:login")
    permission_required = "chat.answer"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The desk of whoever is signed in."""
        return render(request, "desk/home.html", {"agent": agent_of(cast(User, request.user))})
