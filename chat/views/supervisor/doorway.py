"""Who may look: supervisors; for everybody else these pages aren't there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from chat.services.agents import may_supervise

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def supervisors(view: View[P]) -> View[P]:
    """Ask whoever isn't signed in to do so; others than supervisors find nothing."""

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"X-Signed-Out": "1"})
            return redirect_to_login(request.get_full_path(), reverse("desk:login"))
        if not may_supervise(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(View[P], never_cache(cast(Callable[..., HttpResponse], asked)))
