"""A desk as quiet as in the morning, before every journey: nobody at work, nobody waiting.

What one test leaves open would be offered to the agents of the next, who then have no room, or are set away.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import APIRequestContext, APIResponse, Browser

ROW = re.compile(r'data-conversation="([0-9a-f-]+)"')


class Morning:
    """A supervisor without a page, who clears the desk of one site."""

    def __init__(self, browser: Browser, site: Any) -> None:
        self._context = browser.new_context(
            base_url=site.url, ignore_https_errors=True, extra_http_headers={"Referer": f"{site.url}/desk/"}
        )
        self._request: APIRequestContext = self._context.request
        self._request.get("/desk/login/")
        form = {"username": "supervisor1", "password": site.password, "csrfmiddlewaretoken": self._csrf()}
        self._checked(self._request.post("/desk/login/", form=form, max_redirects=0))

    def begin(self) -> None:
        """Set every agent offline and end what nobody has ended."""
        agents = self._checked(self._request.get("/desk/agents/")).json()["agents"]
        for agent in agents:
            if agent["presence"] != "offline":
                self._post(f"/desk/live/agents/{agent['id']}/", status="offline")
        ended: set[str] = set()
        while left := set(ROW.findall(self._checked(self._request.get("/desk/lists/all/")).text())) - ended:
            for conversation in left:
                self._post(f"/desk/conversations/{conversation}/close/", reason="solved")
            ended |= left

    def close(self) -> None:
        """Forget the session."""
        self._context.close()

    def _post(self, path: str, **form: str) -> None:
        answer = self._request.post(path, form=form, headers={"X-CSRFToken": self._csrf()}, max_redirects=0)
        # It may have been ended in the meantime.
        assert answer.status in (200, 302, 409), f"{path}: {answer.status} {answer.text()[:200]}"

    def _checked(self, answer: APIResponse) -> APIResponse:
        assert answer.status in (200, 302), f"{answer.url}: {answer.status} {answer.text()[:200]}"
        return answer

    def _csrf(self) -> str:
        cookies = self._context.cookies()
        return next((str(one["value"]) for one in cookies if "csrf" in one["name"]), "")
