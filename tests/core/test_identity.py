"""Signed identities: what is believed, and everything that isn't."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chat.core.identity import LONGEST_TOKEN, Claims, IdentityRefused, verify
from helpcenter.identity_keys import BadKeys, Key, parse_keys

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SITE = "https://help.example.com"
SECRET = b"0123456789abcdef0123456789abcdef"
EC_KEY = ec.derive_private_key(17, ec.SECP256R1())
OTHER_EC_KEY = ec.derive_private_key(18, ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.from_private_bytes(SECRET)
KEYS = {
    "app": {
        "ec": Key("ec", "ES256", EC_KEY.public_key()),
        "ec2": Key("ec2", "ES256", OTHER_EC_KEY.public_key()),
        "ed": Key("ed", "EdDSA", ED_KEY.public_key()),
        "hs": Key("hs", "HS256", SECRET),
    },
    "shop": {"ec": Key("ec", "ES256", OTHER_EC_KEY.public_key())},
}
SIGNERS = {"ec": (EC_KEY, "ES256"), "ed": (ED_KEY, "EdDSA"), "hs": (SECRET, "HS256")}


def seconds(**delta: float) -> int:
    return int((NOW + timedelta(**delta)).timestamp())


def claims(**changes) -> dict:
    said = {
        "iss": "app",
        "aud": SITE,
        "sub": "user-17",
        "iat": seconds(),
        "exp": seconds(minutes=5),
        "jti": "a1",
        "name": "王芳",
        "email": "customer@example.com",
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


def token(said=None, *, key=EC_KEY, alg="ES256", kid="ec", **headers) -> str:
    return jwt.encode(said or claims(), key, algorithm=alg, headers={"kid": kid} | headers)


def pem(key) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def encoded(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hmac_token(header, secret: bytes) -> str:
    signed = f"{encoded(header)}.{encoded(claims())}"
    return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def believed(text: str) -> Claims:
    return verify(text, KEYS, audience=SITE, now=NOW)


def refusal(text) -> str:
    with pytest.raises(IdentityRefused) as caught:
        verify(text, KEYS, audience=SITE, now=NOW)
    return caught.value.reason


@pytest.mark.parametrize("kid", SIGNERS)
def test_claims_are_believed_when_an_app_signed_them(kid):
    key, alg = SIGNERS[kid]

    found = believed(token(key=key, alg=alg, kid=kid))

    assert found == Claims("app", "user-17", "王芳", "customer@example.com", NOW + timedelta(minutes=5), "a1")


def test_name_and_address_are_empty_when_the_app_gives_none():
    found = believed(token(claims(name=..., email=None)))

    assert (found.name, found.email) == ("", "")


def test_site_may_be_one_of_several_audiences():
    assert believed(token(claims(aud=["https://other.example", SITE]))).subject == "user-17"


@pytest.mark.parametrize("signed", ["", encoded(b"x" * 32)])
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None])
def test_refused_when_a_token_says_that_nothing_signs_it(alg, signed):
    header = {"alg": alg, "typ": "JWT", "kid": "ec"}

    assert refusal(f"{encoded(header)}.{encoded(claims())}.{signed}") in ("wrong_algorithm", "malformed")


def test_refused_when_the_public_key_is_used_as_a_secret():
    public = pem(EC_KEY.public_key()).encode()

    assert refusal(hmac_token({"alg": "HS256", "kid": "ec"}, public)) == "wrong_algorithm"


@pytest.mark.parametrize("alg", ["ES256", "EdDSA", "HS512", "HS384", "none"])
def test_refused_when_the_algorithm_is_not_the_one_of_the_key(alg):
    header = {"alg": alg, "kid": "hs"}

    assert refusal(hmac_token(header, SECRET)) in ("wrong_algorithm", "malformed")


def test_refused_when_the_token_brings_its_own_key():
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(OTHER_EC_KEY.public_key(), as_dict=True)

    assert refusal(token(key=OTHER_EC_KEY, jwk=jwk, jku="https://evil.example/keys")) == "bad_signature"


@pytest.mark.parametrize(
    "kid,reason",
    [
        ("ec2", "bad_signature"),
        ("ed", "wrong_algorithm"),
        ("hs", "wrong_algorithm"),
        ("nobody", "unknown_key"),
        ("../ec", "unknown_key"),
        ("", "unknown_key"),
        ("\u0000", "unknown_key"),
    ],
)
def test_refused_when_the_key_id_names_another_key(kid, reason):
    assert refusal(token(kid=kid)) == reason


def test_refused_when_the_key_id_is_missing():
    assert refusal(jwt.encode(claims(), EC_KEY, algorithm="ES256")) == "unknown_key"


@pytest.mark.parametrize(
    "header", [{"kid": 1}, {"kid": ["ec"]}, {"kid": None}, {"crit": ["b64"], "b64": False}]
)
def test_refused_when_the_header_is_odd(header):
    text = f"{encoded({'alg': 'ES256', 'kid': 'ec'} | header)}.{encoded(claims())}.{encoded(b'x' * 64)}"

    assert refusal(text) in ("malformed", "unknown_key")


@pytest.mark.parametrize("issuer", ["evil", "", "APP", "app ", 1, ["app"], {"app": 1}, True])
def test_refused_when_the_issuer_is_unknown(issuer):
    text = f"{encoded({'alg': 'ES256', 'kid': 'ec'})}.{encoded(claims(iss=issuer))}.{encoded(b'x' * 64)}"

    assert refusal(text) == "unknown_issuer"


def test_refused_when_one_app_signs_for_another():
    assert refusal(token(claims(iss="shop"))) == "bad_signature"


def test_refused_when_a_byte_of_the_claims_was_changed():
    head, body, signed = token().split(".")
    changed = encoded(claims(sub="user-18"))

    assert refusal(f"{head}.{changed}.{signed}") == "bad_signature"
    assert refusal(f"{head}.{body}.{signed[:-4]}AAAA") == "bad_signature"


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "iat", "exp", "jti"])
def test_refused_when_a_claim_is_missing(name):
    assert refusal(token(claims(**{name: ...}))) == "missing_claim"


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"aud": "https://other.example"}, "wrong_audience"),
        ({"aud": SITE + "/"}, "wrong_audience"),
        ({"aud": []}, "wrong_audience"),
        ({"exp": seconds()}, "expired"),
        ({"iat": seconds(minutes=-4), "exp": seconds(seconds=-1)}, "expired"),
        ({"exp": seconds(minutes=5, seconds=1)}, "lives_too_long"),
        ({"exp": seconds(days=3650)}, "lives_too_long"),
        ({"iat": seconds(hours=-1)}, "lives_too_long"),
        ({"iat": 0}, "lives_too_long"),
        ({"iat": seconds(seconds=31)}, "not_yet_valid"),
        ({"nbf": seconds(seconds=31)}, "not_yet_valid"),
        ({"iat": 10**300, "exp": 10**300 + 1}, "not_yet_valid"),
        ({"exp": 10**4000}, "lives_too_long"),
    ],
)
def test_refused_when_the_token_is_not_for_here_and_now(changes, reason):
    assert refusal(token(claims(**changes))) == reason


@pytest.mark.parametrize("changes", [{"iat": seconds(seconds=30)}, {"nbf": seconds(seconds=30)}])
def test_clock_of_the_app_may_be_half_a_minute_ahead(changes):
    assert believed(token(claims(**changes))).jti == "a1"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": [1]},
        {"aud": {"a": 1}},
        {"sub": 17},
        {"sub": ""},
        {"sub": "x" * 201},
        {"sub": "a\u0000b"},
        {"sub": "\ud800"},
        {"iat": "now"},
        {"iat": True},
        {"iat": -1},
        {"exp": [1]},
        {"exp": float("nan")},
        {"nbf": "soon"},
        {"nbf": None},
        {"jti": 1},
        {"jti": ""},
        {"jti": "x" * 129},
        {"name": 5},
        {"name": "a\nb"},
        {"name": "\u202egnaW"},
        {"email": ["a@b.c"]},
        {"email": "nobody"},
        {"email": "a@b.c\r\nBcc: d@e.f"},
        {"email": "a" * 250 + "@b.cc"},
    ],
)
def test_refused_when_a_claim_has_the_wrong_form(changes):
    # The library that signs checks some of them itself, so the signature is made by hand.
    signing_input = f"{encoded({'alg': 'EdDSA', 'kid': 'ed'})}.{encoded(claims(**changes))}"
    signed = ED_KEY.sign(signing_input.encode())

    assert refusal(f"{signing_input}.{encoded(signed)}") == "bad_claim"


def test_long_name_is_cut_when_believed():
    assert believed(token(claims(name="王" * 500))).name == "王" * 80


def test_refused_when_a_token_is_huge():
    huge = token(claims(extra="x" * LONGEST_TOKEN))

    assert refusal(huge) == "malformed"


def test_believed_when_a_token_is_as_long_as_allowed():
    room = LONGEST_TOKEN - len(token(claims(extra="")))

    long = token(claims(extra="x" * (room * 3 // 4 - 4)))

    assert LONGEST_TOKEN - 16 < len(long) <= LONGEST_TOKEN
    assert believed(long).subject == "user-17"


@pytest.mark.parametrize(
    "text",
    [
        None,
        17,
        b"abc",
        "",
        ".",
        "..",
        "a.b.c",
        "é.b.c",
        "[" * 3000,
        f"{encoded(b'[' * 3000)}.{encoded(claims())}.x",
        f"{encoded({'alg': 'ES256', 'kid': 'ec'})}.{encoded(b'[' * 5000)}.{encoded(b'x')}",
        f"{encoded({'alg': 'ES256', 'kid': 'ec'})}.{encoded([1])}.{encoded(b'x')}",
        f"{encoded({'alg': 'ES256', 'kid': 'ec'})}.{encoded(b'{')}.{encoded(b'x')}",
    ],
)
def test_refused_when_it_is_no_token(text):
    assert refusal(text) == "malformed"


@given(st.text(max_size=300) | st.lists(st.binary(max_size=60), min_size=3, max_size=3))
def test_refused_whatever_is_sent(sent):
    text = sent if isinstance(sent, str) else ".".join(encoded(part) for part in sent)

    assert refusal(text)


def configured(**changes) -> str:
    row = {"kid": "1", "alg": "ES256", "key": pem(EC_KEY.public_key())} | changes
    return json.dumps({"app": [row]})


def jwk(key) -> dict:
    algorithm = jwt.algorithms.ECAlgorithm if hasattr(key, "curve") else jwt.algorithms.OKPAlgorithm
    return algorithm.to_jwk(key, as_dict=True)


@pytest.mark.parametrize(
    "alg,written,signer",
    [
        ("ES256", pem(EC_KEY.public_key()), EC_KEY),
        ("ES256", jwk(EC_KEY.public_key()), EC_KEY),
        ("EdDSA", pem(ED_KEY.public_key()), ED_KEY),
        ("EdDSA", jwk(ED_KEY.public_key()), ED_KEY),
        ("HS256", encoded(SECRET), SECRET),
        ("HS256", encoded(SECRET) + "=", SECRET),
        ("HS256", {"kty": "oct", "k": encoded(SECRET)}, SECRET),
    ],
)
def test_key_verifies_when_written_in_any_of_the_forms(alg, written, signer):
    keys = parse_keys(configured(alg=alg, key=written))

    found = verify(token(key=signer, alg=alg, kid="1"), keys, audience=SITE, now=NOW)

    assert found.subject == "user-17"


def test_old_and_new_key_both_work_while_they_are_changed():
    rows = [
        {"kid": kid, "alg": "ES256", "key": pem(key.public_key())}
        for kid, key in (("old", EC_KEY), ("new", OTHER_EC_KEY))
    ]
    keys = parse_keys(json.dumps({"app": rows}))

    for kid, key in (("old", EC_KEY), ("new", OTHER_EC_KEY)):
        assert verify(token(key=key, kid=kid), keys, audience=SITE, now=NOW).jti == "a1"


PRIVATE_PEM = EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
P384 = ec.derive_private_key(17, ec.SECP384R1()).public_key()


@pytest.mark.parametrize(
    "text,said",
    [
        ("{not json", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "object of issuer"),
        ('{"app": []}', "at least one key"),
        ('{"app": {"kid": "1"}}', "at least one key"),
        ('{"": [1]}', "issuer needs a name"),
        ('{"app": [1]}', "kid, alg and key"),
        ('{"app": [1], "app": [2]}', "twice"),
        (configured(kid=""), "kid, alg and key"),
        (configured(kid=7), "kid, alg and key"),
        (configured(use="sig"), "kid, alg and key"),
        (configured(alg="none"), "alg must be one of"),
        (configured(alg="RS256"), "alg must be one of"),
        (configured(alg=["ES256"]), "alg must be one of"),
        (configured(key=5), "text or a JWK"),
        (configured(key="-----BEGIN PUBLIC KEY-----"), "can't be read"),
        (configured(key=PRIVATE_PEM), "is a private key"),
        (configured(key=jwk(EC_KEY)), "is a private key"),
        (configured(key={"kty": "EC"}), "can't be read"),
        (configured(key={}), "can't be read"),
        (configured(key=pem(P384)), "P-256"),
        (configured(key=jwk(P384)), "P-256"),
        (configured(key=pem(ED_KEY.public_key())), "P-256"),
        (configured(key={"kty": "oct", "k": encoded(SECRET)}), "P-256"),
        (configured(alg="EdDSA"), "Ed25519"),
        (configured(alg="HS256"), "base64url"),
        (configured(alg="HS256", key="c2hvcnQ"), "at least 32 bytes"),
        (configured(alg="HS256", key="a+b/" * 20), "base64url"),
        (configured(alg="HS256", key="a" * 45), "base64url"),
        (configured(alg="HS256", key=jwk(EC_KEY.public_key())), "can't be read"),
    ],
)
def test_keys_are_refused_in_clear_words_when_they_are_wrong(text, said):
    with pytest.raises(BadKeys, match=said) as caught:
        parse_keys(text)

    assert "\n" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)


def test_keys_are_refused_when_one_id_is_given_twice():
    (row,) = json.loads(configured())["app"]

    with pytest.raises(BadKeys, match="two keys with kid '1'"):
        parse_keys(json.dumps({"app": [row, row]}))


def test_secret_is_not_shown_when_a_key_is_printed():
    assert "0123" not in repr(KEYS["app"]["hs"])
