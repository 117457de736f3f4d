"""An upgrade under load: the processes behind nginx are restarted one after the other, and nobody notices."""

import asyncio
import json
import signal
from collections import Counter

from tests.deploy import nginx
from tests.faults.scene import Scene
from tests.faults.test_short_run import AGENTS, LINES, SEED, deployment, said
from tests.protocol_client.web import Site, Unreachable

# What browsing customers ask for all the time.
PATHS = ("/en/contact/", "/api/chat/availability", "/en/search/?q=frozen", "/healthz")
# Seconds between two of them: an address that searches more than 20 times a second is asked to be slower.
PACE = 0.02


async def browse(site, seen):
    """Ask for one page after the other, noting each answer."""
    while True:
        for path in PATHS:
            try:
                answer = await site.ask("GET", path)
            except Unreachable as problem:
                seen[f"{path} {problem}"] += 1
            else:
                seen["" if answer.status == 200 else f"{path} {answer.status}"] += 1
            await asyncio.sleep(PACE)


async def ready(one, origin):
    """Wait until a process says that it is ready."""
    site = Site("127.0.0.1", one.port, origin)
    for _ in range(300):
        try:
            answer = await site.ask("GET", "/readyz")
            if answer.status == 200 and json.loads(answer.body)["ready"]:
                return
        except Unreachable:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("the process does not become ready")


async def restart_each(running, scene, seen):
    """What deploy/rolling-restart.sh does."""
    for one in running.processes:
        one.signal(signal.SIGTERM)
        assert await asyncio.to_thread(one.wait) == 0
        await asyncio.to_thread(one.start)
        await ready(one, running.origin)
        before, asked = said(scene), seen.total()
        await scene.until(lambda b=before: said(scene) > b + LINES, "people go on talking")
        await scene.until(lambda a=asked: seen.total() > a + len(PATHS), "people go on reading")


async def upgrade(running):
    """Restart everything while people talk and read; the scene and what readers saw."""
    scene, seen = Scene(running, SEED, conversations=2, agents=AGENTS), Counter()
    with nginx.running([one.port for one in running.processes]) as port:
        running.entry.targets = [("127.0.0.1", port)]
        browsing = asyncio.create_task(browse(Site("127.0.0.1", port, running.origin), seen))
        try:
            for one in running.processes:
                await ready(one, running.origin)
            await scene.open()
            scene.talk()
            await scene.until(lambda: said(scene) > LINES, "people talk")
            await restart_each(running, scene, seen)
            await scene.hush()
            await scene.heal()
            await scene.settle()
        finally:
            browsing.cancel()
            await scene.close()
        dump, broken = scene.judge()
    return scene, seen, dump, broken


def test_nobody_notices_when_every_process_is_restarted():
    async def play():
        async with deployment() as running:
            outcome = await upgrade(running)
            several = len(running.processes) > 1
            log = running.log.read_text(errors="replace") if running.errors() else ""
        running.forget()
        return *outcome, log, several

    scene, seen, dump, broken, log, several = asyncio.run(play())

    assert broken == []
    assert log == ""
    stored = [row.mid for talk in dump.talks.values() for row in talk.rows if row.mid]
    acked = {one["mid"] for one in scene.recorder.history().only("ok")}
    assert acked <= set(stored)
    assert len(stored) == len(set(stored))
    if several:
        # With one process there is a moment without any; with two there must not be.
        assert set(seen) == {""}
