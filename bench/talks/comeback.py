"""Two thousand sockets after their server was killed: how soon all of them are back and know everything."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.servers import Running, Site, serve
from bench.table import Row
from bench.talks.stage import PRODUCT, daphnes, load, middle, open_site, seed

AGENTS, EACH = 40, 49


def run(site: Site, cores: tuple[int, int], _seconds: float, _rounds: int) -> Iterator[Row]:
    """Once: killed in the middle of talking, started again at once as a supervisor would."""
    site = open_site(site)
    plan = seed(site, AGENTS, EACH)
    over = threading.Event()
    with ExitStack() as stack, daphnes(PRODUCT, site, cores[0]) as servers:
        again = threading.Thread(target=_start_again, args=(stack, servers[0], site, cores[0], over))
        again.start()
        try:
            found = [load("returning", plan, servers, cores[1])]
        finally:
            over.set()
            again.join()
    note = (
        f"{middle(found, 'first_seconds'):.1f} s until the first is back; of {middle(found, 'unanswered'):,.0f} "
        f"texts on their way {middle(found, 'doubles'):,.0f} were on disk already, none is lost or doubled"
    )
    what = f"{AGENTS * (EACH + 1):,} sockets back and caught up after SIGKILL"
    yield Row(what, middle(found, "seconds_back"), 30, 15, "s", note, {"ours": found})


def _start_again(stack: ExitStack, server: Running, site: Site, core: int, over: threading.Event) -> None:
    """Wait for the end of the server, then start it anew on its port."""
    while not over.is_set():
        state = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        if state == "Z":
            stack.enter_context(serve("daphne", PRODUCT, site, core, server.port))
            return
        time.sleep(0.05)
