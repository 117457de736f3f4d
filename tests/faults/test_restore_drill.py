"""A backup made while people talk, and what they see after it was restored under their running clients."""

import asyncio
import subprocess
import sys

from tests.faults.scene import Scene
from tests.faults.servers import ROOT
from tests.faults.test_short_run import AGENTS, LINES, SEED, deployment, said


async def manage(running, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    done = await asyncio.to_thread(
        subprocess.run, command, env=running.environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def stored_mids(running, visitor):
    dump = running.database.dump([visitor.conversation])
    (talk,) = dump.talks.values()
    return [row.mid for row in talk.rows if row.kind == "message"], talk


def shown_mids(visitor):
    events = visitor.machine.streams[visitor.conversation].events
    return [event["mid"] for event in events if event["kind"] == "message"]


async def drill(running):
    running.environment["MEDIA_ROOT"] = str(running.folder / "media")
    scene = Scene(running, SEED, conversations=2, agents=AGENTS)
    archive = running.folder / "backup.tar.gz"
    try:
        await scene.open()
        scene.talk()
        await scene.until(lambda: said(scene) > LINES, "people talk")
        # Nobody stops for it.
        await manage(running, "backup", str(archive))
        before = said(scene)
        await scene.until(lambda: said(scene) > before + LINES, "people go on")
        await scene.hush()
        await scene.heal()
        await scene.settle()
        later = [len(shown_mids(visitor)) for visitor in scene.visitors]
        output = await manage(running, "restore", str(archive), "--yes")
        await scene.until(lambda: all(one.machine.full_syncs for one in scene.visitors), "all start anew")
        # Whoever was erased stays erased, whoever talks goes on.
        for visitor in scene.visitors:
            visitor.say(visitor.conversation)
        await scene.until(lambda: all(one.is_settled for one in scene.visitors), "new texts are stored")
        await scene.until(
            lambda: all(shown_mids(one) == stored_mids(running, one)[0] for one in scene.visitors),
            "everybody shows what is stored",
        )
        return scene, later, output
    finally:
        await scene.close()


def test_clients_start_anew_and_lose_nothing_more_when_a_backup_is_restored():
    async def play():
        async with deployment() as running:
            scene, later, output = await drill(running)
            stored = [stored_mids(running, visitor) for visitor in scene.visitors]
            errors = running.errors()
        running.forget()
        return scene, later, output, stored, errors

    scene, later, output, stored, errors = asyncio.run(play())

    assert "restored the state of" in output
    # What was said after the backup is gone, what was said before and after the restore is there once.
    assert any(len(mids) < count + 1 for (mids, _talk), count in zip(stored, later, strict=True))
    for visitor, (mids, talk) in zip(scene.visitors, stored, strict=True):
        assert len(mids) == len(set(mids))
        assert [row.seq for row in talk.rows] == list(range(1, len(talk.rows) + 1))
        assert shown_mids(visitor) == mids
    assert errors == 0
