"""I7 and I8: nobody sees what isn't theirs, and one agent at a time answers. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.history import Dump, History, Talk
from tests.faults.invariants.violation import Violation

# Whoever may answer may read what waits for somebody.
WAITING = ("waiting", "offered", "message")


def nobody_reads_what_is_not_theirs(history: History, dump: Dump) -> Iterator[Violation]:
    """I7: no list holds a text of another conversation, no visitor a note, no agent what came after their time."""
    sent = {one["mid"]: one for one in history.only("invoke")}
    told: set[tuple[str, str, str]] = set()
    for shown in history.only("shown", "final"):
        client, conversation = shown["client"], shown["conversation"]
        talk = dump.talks.get(conversation)
        for number, mid, kind, _text in shown["list"]:
            invoke = sent.get(mid, {"conversation": conversation})
            what = ""
            if invoke["conversation"] != conversation:
                what = f"{client} holds {mid} of {invoke['conversation']}"
            elif shown["role"] == "visitor" and (kind == "note" or invoke.get("internal")):
                what = f"{client} holds the note {mid}"
            elif shown["role"] == "agent" and talk and number > last_readable(talk, shown.get("agent")):
                what = f"{client} holds event {number}, which came after their time"
            if what and (conversation, client, what) not in told:
                told.add((conversation, client, what))
                yield Violation("I7", conversation, what)


def last_readable(talk: Talk, agent: int | None) -> int:
    """The last event that an agent had a right to; who is not known (None) may read everything."""
    if agent is None:
        return talk.seq
    holder: int | None = None
    earlier: set[int] = set()
    last, state = 0, "waiting"
    for row in talk.rows:
        if row.kind == "assigned":
            holder, state = row.data.get("agent_id"), "active"
            earlier.add(holder or 0)
        elif row.kind == "state":
            state = row.data.get("state", state)
            holder = holder if state == "active" else None
        may = state in WAITING or holder == agent or (state == "closed" and agent in earlier)
        last = row.seq if may else last
    return last


def one_agent_at_a_time(history: History, dump: Dump) -> Iterator[Violation]:
    """I8: one assignee, no agent above capacity, no conversation left with an agent who has gone."""
    takers: dict[tuple[str, int], set[object]] = defaultdict(set)
    for one in history.only("accepted"):
        takers[one["conversation"], one["rev"]].add(one.get("agent", one["client"]))
    for (conversation, rev), agents in takers.items():
        if len(agents) > 1:
            yield Violation("I8", conversation, f"{sorted(map(str, agents))} all took assignment {rev}")
    for talk in dump.talks.values():
        yield from _assignments(talk)
    yield from _loads(dump)
    for conversation in dump.stale:
        yield Violation("I8", conversation, "is still with an agent who has gone")


def _assignments(talk: Talk) -> Iterator[Violation]:
    spans = sorted(talk.assignments, key=lambda span: span[1])
    for (agent, _start, end), (other, start, _end) in pairwise(spans):
        if end is None or end > start:
            yield Violation("I8", talk.id, f"agents {agent} and {other} had it at the same time")
    open_spans = [agent for agent, _start, end in spans if end is None]
    if talk.state == "active" and talk.assignments and open_spans != [talk.agent]:
        yield Violation("I8", talk.id, f"is with {talk.agent}, its assignment says {open_spans}")


def _loads(dump: Dump) -> Iterator[Violation]:
    moments: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for talk in dump.talks.values():
        for agent, start, end in talk.assignments:
            moments[agent].append((start, 1))
            if end is not None:
                moments[agent].append((end, -1))
    for agent, changes in moments.items():
        load = most = 0
        for _at, change in sorted(changes):
            load += change
            most = max(most, load)
        if most > dump.capacity.get(agent, most):
            what = f"had {most} conversations and room for {dump.capacity[agent]}"
            yield Violation("I8", f"agent {agent}", what)
