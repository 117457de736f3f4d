"""References that people read out and the fingerprints of private links. Pure."""

import hashlib

# Without I, L, O and U: nobody has to guess between 0 and O, or 1 and I, on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_BITS = 40


def fingerprint(token: str) -> str:
    """The only form in which a private link's token is stored: its SHA-256 as 64 hex digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def reference(number: int) -> str:
    """A reference such as TP-7F3K-92QD from a random number of `REFERENCE_BITS` bits."""
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(REFERENCE_BITS - 5, -1, -5))
    return f"TP-{letters[:4]}-{letters[4:]}"
