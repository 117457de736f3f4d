"""Who may ask at the desk, and how it answers: fragments and JSON, failures always as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from chat.access import conversation_for_agent
from chat.core.api import BadBody, read_json
from chat.core.terms import Nack
from chat.models import Agent, Conversation
from chat.services.agents import agent_of, may_supervise
from chat.services.refusal import Refused
from chat.views.api.answers import ApiError, failure

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Who asks."""

    user: User
    agent: Agent
    is_supervisor: bool

    def conversation(self, public_id: UUID) -> Conversation:
        """A conversation that they may read; raises `Http404`."""
        return conversation_for_agent(self.agent, public_id, is_supervisor=self.is_supervisor)


View = Callable[Concatenate[HttpRequest, AtDesk, P], HttpResponse]


def desk(*methods: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A call of the desk: these methods, for agents; Django's CSRF check stays on."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def call(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise ApiError(405, "method_not_allowed")
                response = view(request, _at_desk(request), *args, **kwargs)
            except Refused as problem:
                response = failure(_in_agents_words(problem))
            except Exception as problem:  # noqa: BLE001 - each has its answer, the unknown is logged
                response = failure(problem)
            response["Cache-Control"] = "no-store"
            if response.status_code == 405:
                response["Allow"] = ", ".join(methods)
            return response

        return call

    return decorate


def body_of(request: HttpRequest) -> dict[str, Any]:
    """What was posted, as JSON or by a form (where a field that comes twice is a list); raises `BadBody`."""
    if request.content_type == "application/json":
        return read_json(request.body)
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    return {name: values[0] if len(values) == 1 else values for name, values in posted.items()}


def text_in(body: dict[str, Any], name: str, most: int, *, required: bool = False) -> str:
    """One line or text of a body without blank ends; raises `BadBody`."""
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise BadBody(name)
    if not value.strip() and required:
        raise BadBody(name)
    return value.encode("utf-8", "ignore").decode().strip()


def number_in(body: dict[str, Any], name: str) -> int:
    """A whole number above 0; raises `BadBody`."""
    value = body.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        value = int(value)
    if type(value) is not int or not 0 < value < 2**53:
        raise BadBody(name)
    return value


def mid_in(body: dict[str, Any]) -> str | None:
    """The number under which something is done once, if it was given; raises `BadBody`."""
    value = body.get("mid")
    if value is None:
        return None
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise BadBody("mid") from None


def _at_desk(request: HttpRequest) -> AtDesk:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise ApiError(401, "signed_out", message=gettext("You are signed out. Sign in again to go on."))
    try:
        agent = agent_of(user)
    except PermissionDenied:
        raise ApiError(
            403, "forbidden", message=gettext("This account doesn't answer conversations.")
        ) from None
    return AtDesk(user, agent, may_supervise(user))


def _in_agents_words(refused: Refused) -> Exception:
    """What customers are told otherwise is said to agents as it concerns them."""
    if refused.code == Nack.CLOSED:
        return ApiError(409, Nack.CLOSED, message=gettext("This conversation is closed."))
    if refused.code == Nack.BLOCKED:
        message = gettext("This visitor is blocked. A supervisor can lift that.")
        return ApiError(409, Nack.BLOCKED, message=message)
    if refused.code == Nack.UNAVAILABLE:
        return ApiError(
            409, "no_room", message=gettext("You have no room for another conversation. Close one first.")
        )
    return refused
