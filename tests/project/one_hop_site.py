"""A small site whose views show what the handler does around them."""

import io
import json
import threading

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

BLOCK = b"0123456789" * 100
SEARCH = gettext_lazy("Search")
# What a test lets the views wait for, and what they tell it.
gate = {"entered": threading.Event(), "go_on": threading.Event()}
seen = {"closed": 0, "threads": [], "made": 0}


def forget():
    """A clean slate before each test."""
    gate.update(entered=threading.Event(), go_on=threading.Event())
    seen.update(closed=0, threads=[], made=0)


class ThreadMiddleware:
    """Notes the thread in which the chain runs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        seen["threads"].append(threading.get_ident())
        return self.get_response(request)


class Watched(StreamingHttpResponse):
    """Notes that it was closed."""

    def close(self):
        super().close()
        seen["closed"] += 1


def echo(request: HttpRequest) -> HttpResponse:
    seen["threads"].append(threading.get_ident())
    return HttpResponse(request.body)


def form(request: HttpRequest) -> HttpResponse:
    files = {name: file.read().decode() for name, file in request.FILES.items()}
    return JsonResponse(request.POST.dict() | files)


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def choose(request: HttpRequest) -> HttpResponse:
    translation.activate("en")
    timezone.activate("Europe/Rome")
    return HttpResponse("chosen")


def chosen(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


def where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(reverse("where"))


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("one", "1")
    response.set_cookie("two", "2", httponly=True)
    return response


def wait(request: HttpRequest) -> HttpResponse:
    gate["entered"].set()
    gate["go_on"].wait(20)
    return Watched(iter([b"late"]))


async def asynchronous(request: HttpRequest) -> HttpResponse:
    return HttpResponse("asynchronous")


def stream(request: HttpRequest) -> HttpResponse:
    def lines():
        for number in range(3):
            seen["threads"].append(threading.get_ident())
            seen["made"] += 1
            yield f"{number} {SEARCH}\n"

    translation.activate("en")
    return Watched(lines())


def endless(request: HttpRequest) -> HttpResponse:
    def lines():
        while True:
            seen["made"] += 1
            yield b"again\n"

    return Watched(lines())


def breaks_off(request: HttpRequest) -> HttpResponse:
    def lines():
        yield b"begun\n"
        raise ConnectionResetError("broken off")

    return Watched(lines())


def asynchronous_stream(request: HttpRequest) -> HttpResponse:
    async def lines():
        for number in range(3):
            yield json.dumps(number)

    return Watched(lines())


def file(request: HttpRequest) -> HttpResponse:
    return FileResponse(io.BytesIO(BLOCK * int(request.GET["blocks"])), filename="file.txt")


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("our own page for a bad request", status=400)


def handler500(request: HttpRequest) -> HttpResponse:
    return HttpResponse("our own page for an error", status=500)


urlpatterns = [
    path("echo/", echo),
    path("form/", form),
    path("broken/", broken),
    path("choose/", choose),
    path("chosen/", chosen),
    path("where/", where, name="where"),
    path("cookies/", cookies),
    path("wait/", wait),
    path("async/", asynchronous),
    path("stream/", stream),
    path("endless/", endless),
    path("breaks-off/", breaks_off),
    path("async-stream/", asynchronous_stream),
    path("file/", file),
]
