"""Frames that nobody of ours would send change nothing, and the socket stays."""

import pytest

from chat.services.append import append
from tests.chat.cast import draft, make_conversation, texts
from tests.chat.wire import meeting, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]


@pytest.fixture
def conversation():
    """A conversation with three messages, opened by the token "key"."""
    found = make_conversation(token="key")
    for text in ("one", "two", "three"):
        append(draft(found, text))
    return found


MID = "3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        "[]",
        "7",
        '{"type":"unknown"}',
        '{"type":"send","mid":"no uuid","text":"x"}',
        '{"type":"send","mid":"3f2b8c1e-7d4a-1b6c-9e1f-0a1b2c3d4e5f","text":"version 1"}',
        f'{{"type":"send","mid":"{MID}","text":7}}',
        f'{{"type":"send","mid":"{MID}","text":"x","extra":1}}',
        f'{{"type":"send","mid":"{MID}","text":"x","visibility":"internal"}}',
        f'{{"type":"send","mid":"{MID}","text":"x","rev":1}}',
        f'{{"type":"send","mid":"{MID}","text":"x","attachments":["{MID}"]}}',
        f'{{"type":"send","mid":"{MID}","text":"x","conversation":"{MID}"}}',
        '{"type":"got","n":99}',
        '{"type":"got","n":0}',
        '{"type":"got","n":true}',
        '{"type":"got","n":1.5}',
        '{"type":"read","n":99}',
        '{"type":"sync","after":99}',
        '{"type":"sync","after":-1}',
        '{"type":"ping","heads":[]}',
        '{"type":"ping","heads":{"x":NaN}}',
        '{"type":"hello","v":1,"token":"key","after":0}',
        '{"type":"accept","conversation":"' + MID + '"}',
        '{"type":"typing","type":"got","n":1}',
        '{"a":' * 20 + "1" + "}" * 20,
    ],
)
def test_a_bad_frame_is_refused_changes_nothing_and_the_socket_stays(conversation, raw):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await wire.say(raw=raw)
        assert (await wire.hear("nack", "ack", "event"))["code"] == "bad_frame"
        await wire.say("ping", heads={})
        await wire.hear("pong")

    walk()
    assert texts(conversation) == ["one", "two", "three"]
