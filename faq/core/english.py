"""What search knows of English: the stem of a word, words that say nothing, irregular forms."""

from __future__ import annotations

from functools import lru_cache

_STOP_WORDS = """
a about after again all also am an and any are arent as at be because been being but by can cannot
could couldnt did didnt do does doesnt doing dont down each else ever every for from get gets getting
go goes going gonna got had has hasnt have havent having he hello help her here hey hi him his how i
id if ill im in into is isnt it its itself ive just keep keeps let like made make makes making many me
might mine much must my never no not now of off on once one only or other our out over please really
say says see seem seems shall she should so some still such than thank thanks that thats the their them
then there these they thing things this those through to too topay try trying up us use used using very
want wants was wasnt we were what whats when where which while who whom whose why will with without wont
work working works would yes yet you your youre
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_IRREGULAR = {
    "froze": "freeze", "frozen": "freeze", "forgot": "forget", "forgotten": "forget", "lost": "lose",
    "stole": "steal", "stolen": "steal", "theft": "steal", "thief": "steal", "thieves": "steal",
    "paid": "pay", "payment": "pay", "payments": "pay", "sent": "send", "bought": "buy", "took": "take",
    "taken": "take", "spent": "spend", "spoke": "speak", "spoken": "speak", "chose": "choose",
    "chosen": "choose", "kept": "keep", "held": "hold", "found": "find", "left": "leave", "told": "tell",
    "seen": "see", "saw": "see", "hid": "hide", "hidden": "hide", "broke": "break", "broken": "break",
    "bound": "bind", "written": "write", "wrote": "write", "changed": "change", "verification": "verify",
    "authentication": "authenticate", "authenticator": "authenticate", "identification": "identify",
    "notification": "notify", "recovery": "recover", "safety": "safe", "safely": "safe",
    "security": "secure", "privacy": "private", "removal": "remove", "expiry": "expire",
    "failure": "fail", "declined": "decline", "denied": "deny", "cached": "cache", "caches": "cache",
    "people": "person", "men": "man", "women": "woman",
}  # fmt: skip
_UNCHANGING = frozenset({"ios", "news", "sms"})
_VOWELS = frozenset("aeiouy")
_SHORTEST_STEM = 3


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The common part of a word's forms (freezing, frozen → freez); good for comparing only."""
    word = _IRREGULAR.get(word, word)
    if len(word) <= _SHORTEST_STEM or word in _UNCHANGING or not word.isascii() or not word.isalpha():
        return word
    word = _without_plural(word)
    word = _without_verb_ending(word)
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > _SHORTEST_STEM and word.endswith("y") else word


def is_stop_word(word: str) -> bool:
    """Whether the word alone says nothing about what somebody looks for."""
    return word in STOP_WORDS


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_verb_ending(word: str) -> str:
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST_STEM and _VOWELS.intersection(base):
            return _without_doubled_end(base)
    return word


def _without_doubled_end(base: str) -> str:
    if base[-1] == base[-2] and base[-1] not in "lsz":
        return base[:-1]
    return base
