"""The published protocol says what the code does, frame by frame and code by code."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings

from chat import api_urls
from chat.core import api as bodies
from chat.core import frame_parser, frames, server_frames
from chat.core.events import Record, as_dict
from chat.core.terms import (
    BEAT_SECONDS,
    CREDIT,
    HELLO_SECONDS,
    MAX_ATTACHMENTS,
    MAX_FRAME_BYTES,
    MAX_TEXT,
    PROTOCOL_VERSION,
    Audience,
    AuthorKind,
    CloseCode,
    EventKind,
    Nack,
    State,
    Status,
)
from chat.sockets import base, talk

pytestmark = pytest.mark.once

DOCS = Path(settings.BASE_DIR) / "docs"
TEXT = (DOCS / "protocol.md").read_text(encoding="utf-8")
DOCUMENT = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES = DOCUMENT["components"]["messages"]
SCHEMAS = DOCUMENT["components"]["schemas"]
PARSERS = {"visitor": frame_parser._VISITOR, "agent": frame_parser._AGENT}
AT = datetime(2026, 1, 31, 8, 15, 30, 123000, tzinfo=UTC)
ID = "3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f"
STATE = {
    "state": "active",
    "agent": None,
    "queue_position": None,
    "expected_wait_seconds": 60,
    "reason": None,
}
OFFER = {"conversation": ID, "expires_at": "2026-01-31T08:15:30.123Z", "summary": {}}

IDS = [f"3f2b8c1e-7d4a-4b6c-9e1f-{number:012x}" for number in range(201)]
# The last value that is good and the first that is bad. 1.0 is left out: JSON Schema takes it for an integer.
EDGES = [
    *(None, True, False, 0.5, [], {}, [ID], [ID, ID], [7], "", " ", "a\x00", "a\ud800", "汉" * 40),
    *("x" * length for length in (1, 40, 41, 50, 51, 64, 65, 200, 201, 2000, 2001)),
    *("bank_cards", "no slug", "Cards", *Status, "busy", "public", "internal", "both"),
    *(-(2**53) - 1, -(2**53), -1, 0, 1, 2, 2**53, 2**53 + 1),
    *(ID, ID.upper(), ID.replace("-", ""), ID.replace("-4", "-1", 1), ID.replace("-9", "-c", 1)),
    *(IDS[:MAX_ATTACHMENTS], IDS[: MAX_ATTACHMENTS + 1], [ID.upper()]),
    *(
        dict.fromkeys(IDS[:200], 1),
        dict.fromkeys(IDS, 1),
        {ID: 0},
        {ID: -1},
        {ID: 2**53 + 1},
        {ID: "1"},
        {"x": 1},
    ),
    *(
        [{"conversation": ID}] * 50,
        [{"conversation": ID}] * 51,
        [{"after": 1}],
        [{"conversation": ID, "x": 1}],
    ),
    *([{"conversation": ID, "after": 2**53}], [{"conversation": ID, "after": -1}], [{"conversation": "x"}]),
]

BOTH = {
    "caught_up": server_frames.caught_up(ID, 3),
    "nack": server_frames.nack(Nack.TAKEN, "text", mid=ID, ref="a", retry_ms=5, by="Some Agent"),
    "cursor": server_frames.cursor(ID, "agent", 3, 2),
    "typing": server_frames.typing(ID),
    "ping": server_frames.ping({ID: 3}),
    "pong": server_frames.pong(),
    "drain": server_frames.drain(300),
}
SAID = {
    "to_visitor": BOTH
    | {
        "welcome": server_frames.welcome(epoch="e", now=AT, head=3, state=STATE),
        "ack": server_frames.ack(ID, ID, 3, AT, dup=False),
        "state": server_frames.state(ID, STATE),
    },
    "to_agent": BOTH
    | {
        "welcome": server_frames.welcome(
            epoch="e",
            now=AT,
            agent={"id": 1, "name": "Some Agent", "verify_code": "X", "capacity": 4, "supervisor": False},
            presence="online",
            heads={ID: 3},
            offers=[OFFER],
        ),
        "ack": server_frames.ack_ref("a", ID, 2),
        "state": server_frames.state(ID, STATE | {"rev": 1}),
        "gone": server_frames.gone(ID, "reassigned"),
        "offer": server_frames.offer(**OFFER),
        "offer_ended": server_frames.offer_ended(ID, "expired"),
        "presence": server_frames.presence("away"),
        "inbox": server_frames.inbox(),
    },
}


def validator(schema):
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def check(instance, schema):
    validator(schema).validate(instance)


def fits(instance, schema):
    return validator(schema).is_valid(instance)


@pytest.mark.parametrize("side", PARSERS)
def test_every_frame_that_is_understood_is_published_and_no_other(side):
    published = {name.removeprefix(f"{side}_") for name in MESSAGES if name.startswith(f"{side}_")}

    assert published == PARSERS[side].keys()


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in PARSERS.items() for kind in found])
def test_the_keys_of_a_frame_are_published(side, kind):
    payload = MESSAGES[f"{side}_{kind}"]["payload"]

    assert payload["properties"].keys() == PARSERS[side][kind].keys
    assert payload["additionalProperties"] is False


def smallest(payload):
    values = {"n": 1, "after": 0, "v": 1, "token": "t", "text": "x", "status": "online"}
    return {key: payload["properties"][key].get("const", values.get(key, ID)) for key in payload["required"]}


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in PARSERS.items() for kind in found])
def test_what_is_published_as_required_is_enough_and_needed(side, kind):
    payload = MESSAGES[f"{side}_{kind}"]["payload"]
    frame = smallest(payload) | ({"topic": "payment"} if kind == "transfer" else {})

    assert parse(side, frame)
    for key in payload["required"]:
        assert parse(side, {name: value for name, value in frame.items() if name != key}) is None


def parse(side, values):
    found = frame_parser.parse_visitor_frame if side == "visitor" else frame_parser.parse_agent_frame
    try:
        return found(json.dumps(values))
    except frames.BadFrame:
        return None


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in PARSERS.items() for kind in found])
def test_what_is_understood_is_what_is_published(side, kind):
    payload = MESSAGES[f"{side}_{kind}"]["payload"]
    is_published = validator(payload).is_valid
    whole = [
        smallest(payload) | extra
        for extra in ([{"topic": "a"}, {"agent": 1}] if kind == "transfer" else [{}])
    ]
    tried = [one | {key: edge} for one in whole for key in payload["properties"] for edge in EDGES]

    assert [one for one in tried if (parse(side, one) is not None) is not is_published(one)] == []


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in SAID.items() for kind in found])
def test_what_the_server_says_fits_what_is_published(side, kind):
    check(json.loads(SAID[side][kind]), MESSAGES[f"{side}_{kind}"]["payload"])


def test_an_ack_to_an_agent_is_that_of_a_text_or_of_a_verb():
    payload = MESSAGES["to_agent_ack"]["payload"]
    text, verb = (
        json.loads(server_frames.ack(ID, ID, 3, AT, dup=True)),
        json.loads(server_frames.ack_ref("a")),
    )

    assert fits(text, payload)
    assert fits(verb, payload)
    assert not fits(text | verb, payload)
    assert not fits({key: value for key, value in text.items() if key != "n"}, payload)


@pytest.mark.parametrize("side", SAID)
def test_every_frame_of_the_server_is_published_and_no_other(side):
    published = {name.removeprefix(f"{side}_") for name in MESSAGES if name.startswith(f"{side}_")}

    assert published == {*SAID[side], "event"}


@pytest.mark.parametrize("audience", Audience)
def test_an_event_fits_what_is_published(audience):
    record = Record(1, 2, 1, "message", "visitor", 0, "", "text", ID, AT, data={"hidden": ["card"]})

    check(as_dict(record, audience), SCHEMAS["Event"])


def test_words_are_the_same_everywhere():
    event = SCHEMAS["Event"]["properties"]

    assert event["kind"]["enum"] == [*EventKind]
    assert event["author"]["properties"]["kind"]["enum"] == [*AuthorKind]
    assert set(SCHEMAS["State"]["properties"]["state"]["enum"]) == {*State}
    assert MESSAGES["to_visitor_nack"]["payload"]["properties"]["code"]["enum"] == [*Nack]
    assert event["text"]["maxLength"] == MAX_TEXT


@pytest.mark.parametrize("word", [*EventKind, *AuthorKind, *State, *Nack])
def test_every_word_is_explained(word):
    assert f"`{word}`" in TEXT


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_explained(code):
    assert re.search(rf"^\| {int(code)} \|", TEXT, re.MULTILINE)


@pytest.mark.parametrize(
    "sentence",
    [
        f"may leave {CREDIT} events unconfirmed",
        f"within {HELLO_SECONDS} s; `v` is {PROTOCOL_VERSION}",
        f"every {BEAT_SECONDS} s each way",
        f"`hello` | at most {frame_parser.MOST_OPEN} |",
        f"`heads` | at most {frame_parser.MOST_HEADS} |",
        f"`attachments` | at most {MAX_ATTACHMENTS},",
        f"text of at most {frame_parser.MOST_REF} characters",
        f"at most {MAX_FRAME_BYTES // 1024} KiB of UTF-8, at most {frame_parser.MOST_DEPTH} levels deep",
        f"`reason` | at most {frame_parser.MOST_TOKEN}, {frame_parser.MOST_NOTE:,} and 40 characters",
        f"a text is plain text of 1 to {MAX_TEXT:,} code points",
        f"stay unconfirmed for {base.STALL_SECONDS:.0f} s",
        f"more than {base.MOST_BAD_FRAMES} bad frames",
        f"more than {base.MOST_REFUSED_FRAMES} frames over the rate",
        f"one in {talk.TYPING_SECONDS:.0f} s",
    ],
)
def test_figures_in_the_text_are_those_of_the_code(sentence):
    assert sentence.lower() in " ".join(TEXT.split()).lower()


EXAMPLES = re.findall(r"^((?:to )?(?:visitor|agent)): (\{.*\})$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("who, example", EXAMPLES)
def test_an_example_of_a_frame_is_one(who, example):
    frame = json.loads(example)

    check(frame, MESSAGES[f"{who.replace(' ', '_')}_{frame['type']}"]["payload"])


def test_there_are_examples_of_what_everybody_says():
    assert {who for who, _example in EXAMPLES} == {"visitor", "agent", "to visitor", "to agent"}


def test_examples_over_http_are_understood():
    first, second = re.findall(r"^(\{\"mid\".*\"text\".*\})$", TEXT, re.MULTILINE)

    assert bodies.opening(json.loads(first), ["en"]).topic == "cards"
    assert bodies.message(json.loads(second)).text == "It was in a shop."


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in PARSERS.items() for kind in found])
def test_every_key_of_a_frame_is_explained(side, kind):
    assert f"`{kind}`" in TEXT
    for key in PARSERS[side][kind].keys - {"type"}:
        assert f"`{key}`" in TEXT


@pytest.mark.parametrize("side, kind", [(side, kind) for side, found in SAID.items() for kind in found])
def test_every_key_that_the_server_says_is_explained(side, kind):
    rows = [
        line for line in TEXT.splitlines() if line.startswith("|") and (f"`{kind}`" in line or "| … " in line)
    ]

    for key in json.loads(SAID[side][kind]).keys() - {"type"}:
        assert any(f"`{key}`" in row for row in rows), key


@pytest.mark.parametrize(
    "call", [str(path.pattern) for path in api_urls.urlpatterns if "attachment>" not in str(path.pattern)]
)
def test_every_call_is_published(call):
    assert call.replace("<uuid:conversation>", "<id>").rsplit("/", 1)[-1] in TEXT
