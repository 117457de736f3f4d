"""A person's texts keep their order although some could not be written, and nobody is held up for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat.core.behind import BEHIND_SECONDS, Behind, Text


def texts(*mids: str | None, author: str = "mia") -> list[Text]:
    return [Text(author, mid) for mid in mids]


def attempt(behind: Behind, *mids: str | None, failing: bool = False, now: float = 0.0) -> list[str | None]:
    """Try to write these in one batch; what was written."""
    batch = texts(*mids)
    admitted = behind.admit(batch, now)
    behind.note(batch, admitted, [failing or not may for may in admitted], now)
    return [] if failing else [mid for mid, may in zip(mids, admitted, strict=True) if may]


def owing(*mids: str) -> Behind:
    """Somebody whose texts have just failed."""
    behind = Behind()
    attempt(behind, *mids, failing=True)
    return behind


def test_a_later_text_waits_until_the_failed_one_is_sent_again():
    behind = owing("m1")

    assert attempt(behind, "m2") == []
    assert attempt(behind, "m1", "m2", "m3") == ["m1", "m2", "m3"]
    assert not behind


def test_others_are_not_held_up():
    behind = owing("m1")

    assert behind.admit(texts("m2", author="tom"), 0.0) == [True]


def test_an_author_who_comes_back_without_the_failed_text_has_given_it_up():
    behind = owing("m1")

    assert attempt(behind, "m2") == []
    assert attempt(behind, "m2") == ["m2"]
    assert attempt(behind, "m3") == ["m3"]
    assert not behind


def test_nothing_is_given_up_while_the_failed_text_is_tried_in_between():
    behind = owing("m1")
    attempt(behind, "m2")
    attempt(behind, "m1", failing=True)

    assert attempt(behind, "m2") == []
    assert attempt(behind, "m1", "m2") == ["m1", "m2"]


def test_what_lies_between_is_still_owed_when_only_the_first_was_given_up():
    behind = owing("m1", "m2", "m3")

    assert attempt(behind, "m2", "m3") == []
    assert attempt(behind, "m2", "m3") == ["m2", "m3"]
    assert not behind


def test_nobody_waits_longer_than_half_a_minute_for_what_does_not_come():
    behind = owing("m1")
    assert attempt(behind, None, now=BEHIND_SECONDS - 1) == []
    assert attempt(behind, None, now=BEHIND_SECONDS - 0.5) == []

    assert attempt(behind, None, now=BEHIND_SECONDS) == [None]
    assert not behind


@given(st.lists(st.sampled_from(["send", "send and fail", "hear", "hear nothing"]), max_size=60))
def test_the_order_is_kept_and_all_arrive_whatever_fails(course):
    """A client sends on before it hears what became of the last texts, and what failed again, in order."""
    behind, stored = Behind(), []
    outbox, on_their_way, written = [f"m{number}" for number in range(6)], 0, set()
    for step in [*course, *["hear", *["send"] * 6] * 6, "hear"]:
        if step.startswith("send") and on_their_way < len(outbox):
            text, on_their_way = outbox[on_their_way], on_their_way + 1
            new = attempt(behind, text, failing=step == "send and fail")
            stored += [mid for mid in new if mid not in stored]
            written.update(new)
        elif step.startswith("hear"):
            # "hear nothing": the connection is a new one, and everything is sent again.
            outbox = [mid for mid in outbox if step == "hear nothing" or mid not in written]
            on_their_way = 0

    assert stored == [f"m{number}" for number in range(6)]
    assert not outbox
