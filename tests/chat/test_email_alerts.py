"""Mails about answers: only to proved addresses, without content, once, and again when sending fails."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from chat.core.terms import State
from chat.delivery.postman import Postman
from chat.models import Conversation, Cursor, EmailAlert, Mail, Visitor
from chat.services import email_alerts, mails
from chat.services.append import append
from tests.chat.cast import author_of, draft, make_agent, make_conversation

pytestmark = pytest.mark.django_db
TOKEN = "t" * 43
PAGE = f"/en/requests/{TOKEN}/"
UNREAD = timedelta(minutes=3)
SECRET_ANSWER = "Your refund of 12 is on its way."


@pytest.fixture
def conversation(db):
    """A left message in English behind `PAGE`."""
    return make_conversation(State.MESSAGE, token=TOKEN, language="en")


@pytest.fixture
def alert(conversation):
    """Its confirmed alert."""
    alert = email_alerts.ask(conversation, "anna@example.com")
    Mail.objects.all().delete()
    email_alerts.confirm(alert)
    return alert


def at(minutes):
    """A time in so many minutes."""
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def ask(visitor, **form):
    return visitor.post(f"{PAGE}email/", form)


def deliver():
    """A round of the postman; the mails it sent."""
    before = len(outbox.outbox)
    email_alerts.note_answers(timezone.now(), UNREAD)
    while mails.send_due(timezone.now()):
        pass
    return outbox.outbox[before:]


def answer(conversation, text=SECRET_ANSWER):
    append(draft(conversation, text, author_of(make_agent("Lin"))))


def link_in(message):
    return re.search(r"http://[^/]+(/en/requests/\S+)", message.body).group(1)


def test_an_address_is_confirmed_by_the_button_behind_the_mailed_link(visitor, conversation):
    assert ask(visitor, email="anna@example.com").status_code == 303
    (message,) = deliver()
    link = link_in(message)

    assert message.to == ["anna@example.com"]
    assert visitor.get(link).status_code == 200
    assert EmailAlert.objects.get().confirmed_at is None
    assert "a•••@example.com" in visitor.post(link).content.decode()
    assert EmailAlert.objects.get().confirmed_at is not None


def test_an_unconfirmed_address_gets_no_notice(visitor, conversation):
    ask(visitor, email="anna@example.com")
    deliver()
    answer(conversation)

    with at(10):
        assert deliver() == []


def test_an_answer_that_is_not_seen_is_told_without_its_content(conversation, alert):
    answer(conversation)
    assert deliver() == []

    with at(4):
        (message,) = deliver()

    assert conversation.reference in message.subject
    assert SECRET_ANSWER not in message.subject + message.body
    assert SECRET_ANSWER in Client().get(link_in(message)).content.decode()


def test_one_mail_comes_until_the_customer_has_been_there(conversation, alert):
    answer(conversation)
    with at(4):
        deliver()
        answer(conversation, "And more.")
    with at(20):
        assert deliver() == []
        Client().get(PAGE)
    with at(30):
        answer(conversation, "And even more.")
    with at(40):
        assert len(deliver()) == 1


@pytest.mark.parametrize("look", ["page", "window"])
def test_what_was_seen_is_no_news(conversation, alert, look):
    answer(conversation)
    if look == "page":
        with at(1):
            Client().get(PAGE)
    else:
        Cursor.objects.create(conversation=conversation, who="visitor", delivered=1, read=1)

    with at(5):
        assert deliver() == []


def test_the_app_vouches_for_the_address_of_a_signed_visitor():
    agent = make_agent("Lin")
    conversation = make_conversation(agent=agent, language="en")
    Visitor.objects.update(identity="signed", issuer="app", subject="1", email="anna@example.com")
    append(draft(conversation, "Answer", author_of(agent)))

    with at(4):
        assert [message.to for message in deliver()] == [["anna@example.com"]]


def test_mails_stop_when_asked_and_so_does_their_link(visitor, conversation, alert):
    answer(conversation)
    with at(4):
        link = link_in(deliver()[0])
    assert visitor.get(link).status_code == 200

    visitor.post(f"{link}email/", {"stop": "1"})

    assert visitor.get(link).status_code == 404
    assert not EmailAlert.objects.exists()


def test_a_confirmation_link_ends_after_a_day_or_when_another_was_asked_for(visitor, conversation):
    link = f"/en/requests/{email_alerts.signed(email_alerts.ask(conversation, 'a@example.com'))}/confirm/"
    with at(25 * 60):
        assert visitor.post(link).status_code == 404

    email_alerts.ask(conversation, "a@example.com")

    assert visitor.post(link).status_code == 404
    assert EmailAlert.objects.get().confirmed_at is None


@pytest.mark.parametrize("signature", ["x", "1:2:3", "x" * 400])
def test_a_link_that_we_never_made_confirms_nothing(visitor, conversation, signature):
    assert visitor.post(f"/en/requests/{signature}/confirm/").status_code == 404


@pytest.mark.parametrize("email", ["", "nobody", "4111111111111111@example.com", "a@b.c\nBcc: x@example.com"])
def test_a_bad_address_is_refused_beside_the_field(visitor, conversation, email):
    response = ask(visitor, email=email)

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert not EmailAlert.objects.exists()


def test_nobodys_mailbox_is_filled(visitor, conversation):
    answers = [ask(visitor, email="anna@example.com").status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]


def test_a_form_of_another_site_asks_for_nothing(conversation):
    response = Client().post(
        f"{PAGE}email/", {"email": "a@example.com"}, headers={"Origin": "https://evil.example"}
    )

    assert response.status_code == 403
    assert not Mail.objects.exists()


def test_a_mail_is_tried_again_less_and_less_often_and_then_given_up(
    conversation, alert, monkeypatch, caplog
):
    answer(conversation)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _fail)

    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False) as clock:
        for _ in range(30):
            deliver()
            clock.shift(timedelta(hours=1))

    row = Mail.objects.get()
    assert (row.tries, row.next_try_at, row.sent_at) == (6, None, None)
    assert "anna" not in caplog.text


def _fail(message):
    raise SMTPServerDisconnected("anna@example.com is no good")


def test_a_mail_that_somebody_else_is_sending_is_left_alone(conversation, alert):
    answer(conversation)
    with at(4):
        email_alerts.note_answers(timezone.now(), UNREAD)
        row = Mail.objects.select_related("alert__conversation").get()
        assert mails._claim(row, timezone.now())

        assert not mails._claim(row, timezone.now())
        assert mails.send_due(timezone.now()) == 0


def test_what_nobody_confirmed_is_forgotten(conversation):
    email_alerts.ask(conversation, "a@example.com")

    with at(3 * 24 * 60):
        email_alerts.forget_unconfirmed(timezone.now())

    assert not EmailAlert.objects.exists()


def test_one_process_among_many_goes_round(conversation, alert):
    first, second = Postman(None), Postman(None)
    answer(conversation)
    # By the database's clock, which no test moves.
    EmailAlert.objects.update(asked_at=timezone.now() - timedelta(minutes=9))
    Conversation.objects.update(agent_wrote_at=timezone.now() - timedelta(minutes=4))

    first.go_round()
    second.go_round()

    assert len(outbox.outbox) == 1
    assert (first._rounds, second._rounds) == (1, 0)
