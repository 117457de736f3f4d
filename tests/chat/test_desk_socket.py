"""The agent's socket: signing in, offers, answering, handing on, losing the right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from chat.core.events import wire_time
from chat.core.terms import CloseCode, State
from chat.models import Agent, Conversation, Event, Offer, PresenceLease
from chat.services import conversations, routing
from chat.services.announcements import Notice, announce
from chat.services.append import append
from chat.sockets import desk
from tests.chat.cast import draft, group, make_agent, make_conversation, texts
from tests.chat.wire import Wire, in_thread, meeting, sit_down, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]


async def code_of(hello, **values):
    wire = Wire("/ws/desk/", **values)
    await wire.connect()
    await wire.say(**hello)
    return await wire.closed()


HELLO = {"kind": "hello", "v": 1, "open": []}


def test_nobody_gets_in_without_signing_in():
    @meeting
    async def walk():
        assert await code_of(HELLO) == CloseCode.NOT_AUTHENTICATED
        assert await code_of(HELLO, cookie="sessionid=made-up") == CloseCode.NOT_AUTHENTICATED

    walk()


def test_who_may_not_answer_is_forbidden(client):
    editor = get_user_model().objects.create_user("editor", password="pass-for-tests")
    editor.groups.add(group("Editors"))
    client.force_login(editor)
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    @meeting
    async def walk():
        assert await code_of(HELLO, cookie=cookie) == CloseCode.FORBIDDEN

    walk()


def test_foreign_pages_may_not_use_the_session():
    @meeting
    async def walk():
        wire = Wire("/ws/desk/", origin="http://evil.example")
        assert not await wire.connect()

    walk()


def test_the_welcome_says_who_one_is():
    agent = make_agent("Some Agent", online=False)

    @meeting
    async def walk():
        wire = await sit_down(agent)
        welcome = wire.heard[-1]
        assert welcome["agent"]["name"] == "Some Agent"
        assert welcome["agent"]["verify_code"] == agent.verify_code
        assert (welcome["presence"], welcome["offers"], welcome["heads"]) == ("offline", [], {})

    walk()
    assert PresenceLease.objects.filter(agent=agent).count() == 1


def test_what_waits_is_offered_taken_and_answered():
    agent = make_agent(online=False)
    conversation = make_conversation(token="key")
    append(draft(conversation, "help"))

    @meeting
    async def walk():
        desk, visitor = await sit_down(agent), await visit("key")
        await desk.say("presence", status="online", ref=1)
        offer = await desk.hear("offer")
        assert offer["conversation"] == str(conversation.public_id)
        await desk.say("accept", conversation=offer["conversation"], ref="take")
        while (ack := await desk.hear("ack"))["ref"] != "take":
            pass
        assert ack["rev"] == 1
        await desk.say("open", conversation=offer["conversation"], after=0)
        assert (await desk.hear("caught_up"))["head"] == 2
        await desk.send("hello", conversation=offer["conversation"], rev=1)
        assert [event["kind"] for event in await visitor.events(2)] == ["assigned", "message"]

    walk()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent_id, conversation.assign_rev) == (State.ACTIVE, agent.pk, 1)
    assert texts(conversation) == ["help", "hello"]
    assert Offer.objects.get().outcome == "accepted"


def test_an_offer_is_told_anew_when_it_is_another_one_of_the_same_conversation():
    agent = make_agent()
    conversation = make_conversation()
    routing.run()
    first = Offer.objects.get()

    def offer_anew():
        routing.end_offers(Offer.objects.filter(pk=first.pk), Offer.Outcome.WITHDRAWN)
        until = first.expires_at + timedelta(seconds=5)
        Offer.objects.create(conversation=conversation, agent=agent, made_at=first.made_at, expires_at=until)
        announce(Notice(conversation.pk, agents=(agent.pk,)))
        return wire_time(until)

    @meeting
    async def walk():
        wire = await sit_down(agent)
        assert [one["expires_at"] for one in wire.heard[-1]["offers"]] == [wire_time(first.expires_at)]
        until = await in_thread(offer_anew)
        assert (await wire.hear("offer"))["expires_at"] == until

    walk()


def test_of_two_who_take_it_one_wins_and_the_other_is_told_by_whom():
    winner, loser = make_agent("Winner"), make_agent("Loser")
    conversation = make_conversation(State.MESSAGE)
    key = str(conversation.public_id)

    @meeting
    async def walk():
        first, second = await sit_down(winner), await sit_down(loser)
        await first.say("accept", conversation=key, ref=1)
        await first.hear("ack")
        await second.say("accept", conversation=key, ref=2)
        nack = await second.hear("nack")
        assert (nack["ref"], nack["code"], nack["by"]) == (2, "taken", "Winner")

    walk()
    conversation.refresh_from_db()
    assert conversation.agent_id == winner.pk


def test_a_declined_offer_goes_to_somebody_else():
    first, second = make_agent(), make_agent()
    conversation = make_conversation()
    routing.run()
    asked = Offer.objects.get().agent

    @meeting
    async def walk():
        wire = await sit_down(asked)
        await wire.say("decline", conversation=str(conversation.public_id), ref=1)
        await wire.hear("ack")

    walk()
    assert Offer.objects.get(outcome="pending").agent == (second if asked == first else first)


@pytest.mark.parametrize(
    "verb, values",
    [
        ("close", {"reason": "x"}),
        ("transfer", {"topic": "payment", "note": ""}),
        ("decline", {}),
        ("open", {"after": 0}),
        ("accept", {}),
    ],
)
def test_somebody_elses_conversation_is_out_of_reach(verb, values):
    conversation = make_conversation(agent=make_agent())
    stranger = make_agent()

    @meeting
    async def walk():
        wire = await sit_down(stranger)
        await wire.say(verb, conversation=str(conversation.public_id), ref=1, **values)
        assert (await wire.hear("nack"))["ref"] == 1
        await wire.say(verb, conversation=str(uuid4()), ref=2, **values)
        assert (await wire.hear("nack"))["ref"] == 2

    walk()
    conversation.refresh_from_db()
    assert conversation.state == State.ACTIVE
    assert Event.objects.count() == 0


def test_somebody_elses_conversation_is_not_answered():
    conversation = make_conversation(agent=make_agent())
    stranger = make_agent()

    @meeting
    async def walk():
        wire = await sit_down(stranger)
        await wire.send("hi", conversation=str(conversation.public_id))
        assert (await wire.hear("nack"))["code"] == "not_assignee"
        await wire.send("hi", conversation=str(conversation.public_id), visibility="internal")
        assert (await wire.hear("nack"))["code"] == "not_assignee"

    walk()
    assert texts(conversation) == []


@pytest.mark.parametrize(
    "values, code",
    [({"rev": 7, "text": "hi"}, "stale_rev"), ({"text": "please send me your password"}, "secret_request")],
)
def test_an_answer_that_may_not_be_sent_is_named(values, code):
    agent = make_agent()
    conversation = make_conversation(agent=agent)

    @meeting
    async def walk():
        wire = await sit_down(agent, conversation)
        await wire.send(**values, conversation=str(conversation.public_id))
        assert (await wire.hear("nack"))["code"] == code

    walk()
    assert texts(conversation) == []


def test_who_loses_a_conversation_is_told_and_hears_nothing_more():
    agent, supervisor = make_agent(), make_agent(supervisor=True, online=False)
    conversation = make_conversation(agent=agent, token="key", language="en")
    other = make_agent(languages=["en"], online=False)
    Agent.objects.filter(pk=agent.pk).update(languages=["zh-hans"])
    key = str(conversation.public_id)

    @meeting
    async def walk():
        wire, visitor = await sit_down(agent, conversation), await visit("key")
        await in_thread(
            conversations.transfer, supervisor.pk, conversation.pk, to_agent=other.pk, supervisor=True
        )
        gone = await wire.hear("gone")
        assert gone["conversation"] == key
        await visitor.send("a secret for the next one")
        await visitor.hear("ack")
        await wire.say("ping", heads={})
        await wire.hear("pong")
        told = [frame["event"]["text"] for frame in wire.heard if frame["type"] == "event"]
        assert "a secret for the next one" not in told

    walk()


def test_a_conversation_is_handed_on_with_a_note():
    agent = make_agent()
    conversation = make_conversation(agent=agent)
    before = conversation.queue_at
    make_agent(topics=["account"])

    @meeting
    async def walk():
        wire = await sit_down(agent, conversation)
        await wire.say(
            "transfer", conversation=str(conversation.public_id), topic="account", note="frozen", ref=1
        )
        await wire.hear("ack")

    walk()
    conversation.refresh_from_db()
    assert (conversation.topic, conversation.queue_at, conversation.agent_id) == ("account", before, None)
    assert texts(conversation) == ["frozen"]
    assert Event.objects.get(kind="note").pub_seq is None


def test_an_ended_conversation_is_closed_for_both():
    agent = make_agent()
    conversation = make_conversation(agent=agent, token="key")

    @meeting
    async def walk():
        wire, visitor = await sit_down(agent, conversation), await visit("key")
        await wire.say("close", conversation=str(conversation.public_id), reason="solved", ref=1)
        await wire.hear("ack")
        while (await visitor.hear("state"))["state"]["state"] != "closed":
            pass

    walk()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.close_reason) == (State.CLOSED, "solved")


@pytest.mark.parametrize(
    "end, code",
    [
        (lambda user: Session.objects.all().delete(), CloseCode.NOT_AUTHENTICATED),
        (lambda user: (user.set_password("another-pass"), user.save()), CloseCode.NOT_AUTHENTICATED),
        (
            lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
            CloseCode.NOT_AUTHENTICATED,
        ),
        (lambda user: user.groups.clear(), CloseCode.FORBIDDEN),
    ],
)
def test_a_sign_in_that_ends_ends_the_socket_at_the_next_beat(monkeypatch, end, code):
    monkeypatch.setattr(desk, "RENEW_SECONDS", 0.0)
    agent = make_agent()

    @meeting
    async def walk():
        wire = await sit_down(agent)
        await in_thread(end, agent.user)
        await wire.say("pong")
        assert await wire.closed() == code

    walk()


def test_a_second_desk_of_the_same_agent_sees_the_same():
    agent = make_agent()
    conversation = make_conversation(agent=agent, token="key")

    @meeting
    async def walk():
        first, second = await sit_down(agent, conversation), await sit_down(agent, conversation)
        await first.send("from one desk", conversation=str(conversation.public_id))
        assert (await second.events(1))[0]["text"] == "from one desk"

    walk()


def test_a_supervisor_reads_everything():
    conversation = make_conversation(agent=make_agent())
    append(draft(conversation, "hello"))
    supervisor = make_agent(supervisor=True, online=False)

    @meeting
    async def walk():
        wire = await sit_down(supervisor, conversation)
        assert [frame["event"]["text"] for frame in wire.heard if frame["type"] == "event"] == ["hello"]

    walk()


def test_the_list_is_said_to_have_changed():
    agent = make_agent()

    @meeting
    async def walk():
        wire = await sit_down(agent)
        await in_thread(conversations.leave_message, conversation.pk)
        await wire.hear("inbox")

    conversation = make_conversation()
    walk()
    assert Conversation.objects.get().state == State.MESSAGE


def test_typing_is_seen_by_the_other_side_only():
    agent = make_agent()
    conversation = make_conversation(agent=agent, token="key")

    @meeting
    async def walk():
        wire, visitor = await sit_down(agent, conversation), await visit("key")
        await visitor.say("typing")
        await wire.hear("typing")
        await wire.say("typing", conversation=str(conversation.public_id))
        await visitor.hear("typing")
        assert [frame["type"] for frame in wire.heard].count("typing") == 1

    walk()
