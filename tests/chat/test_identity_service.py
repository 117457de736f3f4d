"""Visitors who are signed in by their app."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine

from chat.core.identity import IdentityRefused
from chat.models import Conversation, Visitor
from chat.models.identity import UsedToken
from chat.services import identity
from chat.services.identity import forget_used, sign_in
from helpcenter.identity_keys import Key

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SECRET = b"0123456789abcdef0123456789abcdef"
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def site(settings, db):
    """A site that one app's tokens are for, at a time that stands still."""
    settings.SITE_URL = "https://help.example.com"
    settings.IDENTITY_KEYS = {"app": {"1": Key("1", "HS256", SECRET)}}
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guest():
    return Visitor.objects.create(language="en", browser="Firefox")


def token(subject: str = "user-17", jti: str = "", **said) -> str:
    claims = {
        "iss": "app",
        "aud": "https://help.example.com",
        "sub": subject,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
        "jti": jti or f"jti-{next(numbers)}",
        "name": "Some Customer",
        "email": "customer@example.com",
    }
    return jwt.encode(claims | said, SECRET, algorithm="HS256", headers={"kid": "1"})


def opened(visitor: Visitor) -> Conversation:
    number = next(numbers)
    return Conversation.objects.create(
        visitor=visitor, reference=f"TP-{number}", token_hash=f"{number:064}", language="en"
    )


def refusal(text: str, visitor: Visitor, **where) -> str:
    with pytest.raises(IdentityRefused) as caught:
        sign_in(text, visitor, **where)
    return caught.value.reason


def test_guest_becomes_the_apps_customer_in_place_when_signed_in(guest):
    conversation = opened(guest)

    signed = sign_in(token(), guest, conversation=conversation.pk)

    assert signed.pk == guest.pk
    guest.refresh_from_db()
    assert (guest.identity, guest.issuer, guest.subject) == ("signed", "app", "user-17")
    assert (guest.name, guest.email) == ("Some Customer", "customer@example.com")


def test_what_was_claimed_is_dropped_when_the_app_says_nothing_of_it(guest):
    Visitor.objects.filter(pk=guest.pk).update(
        identity="claimed", name="The President", email="p@example.com"
    )

    signed = sign_in(token(name="", email=""), guest)

    assert (signed.identity, signed.name, signed.email) == ("signed", "", "")


def test_only_this_conversation_moves_when_the_customer_is_known(guest):
    known = sign_in(token(), Visitor(language="zh-hans"))
    earlier, current = opened(guest), opened(guest)

    signed = sign_in(token(), guest, conversation=current.pk)

    assert signed == known
    assert list(known.conversations.all()) == [current]
    assert list(guest.conversations.all()) == [earlier]


def test_guests_other_conversations_stay_with_the_guest_when_the_customer_is_new(guest):
    earlier, current = opened(guest), opened(guest)

    signed = sign_in(token(), guest, conversation=current.pk)

    guest.refresh_from_db()
    assert (guest.identity, guest.subject) == ("guest", "")
    assert list(guest.conversations.all()) == [earlier]
    assert list(signed.conversations.all()) == [current]


def test_conversation_keeps_its_token_when_its_visitor_signs_in(guest):
    conversation = opened(guest)
    sign_in(token(), Visitor(language="en"))

    sign_in(token(), guest, conversation=conversation.pk)

    assert Conversation.objects.get(pk=conversation.pk).token_hash == conversation.token_hash


def test_conversation_of_somebody_else_never_moves(guest):
    foreign = opened(Visitor.objects.create(language="en"))
    sign_in(token(), Visitor(language="en"))

    sign_in(token(), guest, conversation=foreign.pk)

    assert Conversation.objects.get(pk=foreign.pk).visitor == foreign.visitor


def test_customer_is_one_visitor_when_they_sign_in_twice_at_the_same_moment(guest, monkeypatch):
    known = sign_in(token(), Visitor(language="en"))
    conversation = opened(guest)
    monkeypatch.setattr(identity, "_known", lambda claims: None)

    signed = sign_in(token(), guest, conversation=conversation.pk)

    assert signed == known
    assert Conversation.objects.get(pk=conversation.pk).visitor == known
    assert Visitor.objects.get(pk=guest.pk).identity == "guest"


def test_guest_is_not_stored_when_the_customer_is_known_before_the_first_word():
    known = sign_in(token(), Visitor(language="en"))

    assert sign_in(token(), Visitor(language="en")) == known
    assert Visitor.objects.count() == 1


def test_token_is_refused_when_it_was_used_before(guest):
    once = token()
    sign_in(once, guest)
    other = Visitor.objects.create(language="en")

    assert refusal(once, guest) == "replayed"
    assert refusal(once, other) == "replayed"
    other.refresh_from_db()
    assert other.identity == "guest"


def test_token_is_good_when_only_another_app_used_its_number(guest):
    UsedToken.objects.create(issuer="shop", jti="j", expires_at=NOW)

    assert sign_in(token(jti="j"), guest).identity == "signed"


def test_another_person_is_refused_when_somebody_is_signed_in(guest):
    sign_in(token(), guest)
    stranger = token("user-18", jti="stranger")

    assert refusal(stranger, guest) == "other_person"

    guest.refresh_from_db()
    assert guest.subject == "user-17"
    assert not UsedToken.objects.filter(jti="stranger").exists()


def test_name_is_brought_up_to_date_when_the_same_person_signs_in_again(guest):
    sign_in(token(), guest)

    signed = sign_in(token(name="Some Customer 2"), guest)

    assert (signed.pk, signed.name) == (guest.pk, "Some Customer 2")


def test_nothing_changes_when_a_token_is_not_believed(guest):
    assert refusal(token(aud="https://other.example"), guest) == "wrong_audience"

    guest.refresh_from_db()
    assert guest.identity == "guest"
    assert not UsedToken.objects.exists()


def test_every_token_is_refused_when_no_app_is_configured(guest, settings):
    settings.IDENTITY_KEYS = {}

    assert refusal(token(), guest) == "unknown_issuer"


def test_secrets_are_not_stored_when_an_app_puts_them_in_a_name(guest):
    signed = sign_in(token(name="Wang 4111111111111111", email="4111111111111111@example.com"), guest)

    assert (signed.name, signed.email) == ("Wang 411111******1111", "")


def test_long_subject_fits_when_an_app_uses_one(guest):
    subject = uuid.uuid4().hex * 6

    assert sign_in(token(subject), guest).subject == subject


def test_used_tokens_are_forgotten_when_they_have_ended(guest):
    sign_in(token(), guest)

    assert forget_used(NOW + timedelta(minutes=4)) == 0
    assert forget_used(NOW + timedelta(minutes=6)) == 1
    assert not UsedToken.objects.exists()
