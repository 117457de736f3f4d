"""Signing in at the desk and out of it."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView


class SignIn(LoginView):
    """Sign in with `username` and `password`."""

    template_name = "desk/login.html"
    next_page = "desk:home"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Sign out; open sockets of the session end within a beat."""

    next_page = "desk:login"
