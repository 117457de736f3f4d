"""What opens a wallet: recovery phrases and private keys."""

import hashlib
import re
from collections.abc import Iterator

from mnemonic import Mnemonic

from .findings import Hit
from .folding import Folded

ENGLISH_WORDS = frozenset(Mnemonic("english").wordlist)
_CHINESE = (Mnemonic("chinese_simplified"), Mnemonic("chinese_traditional"))
_CHINESE_WORDS = frozenset(word for language in _CHINESE for word in language.wordlist)

SEED_WORDS = re.compile(
    r"助\s?记\s?[词詞]|恢复短语|恢复词|seed (?:phrase|words?)|recovery (?:phrase|words?)|"
    r"mnemonic|secret phrase"
)
_WORD = re.compile(r"[a-z]{2,12}")
_BETWEEN_WORDS = re.compile(r"[\s0-9.,;:、|/\\()\[\]\"'\-_+&#>]{1,8}")
_SPACED_CHINESE = re.compile(r"[\u4e00-\u9fff](?:[ \t\n,、]{1,2}[\u4e00-\u9fff](?![\u4e00-\u9fff])){11,23}")
# Twelve words in a row is a phrase wherever it stands; near its name half of one is enough.
_PHRASE, PART_OF_PHRASE = 12, 6

# 64 hex digits, in one piece or in equal groups.
_HEX_FORMS = "|".join(
    rf"(?:[0-9a-fA-F]{{{size}}}[ \n\-]){{{64 // size - 1}}}[0-9a-fA-F]{{{size}}}"
    for size in (64, 32, 16, 8, 4, 2)
)
_HEX_KEY = re.compile(rf"(?<![0-9A-Za-z])(?:0[xX])?({_HEX_FORMS})(?![0-9A-Za-z])")
_HASH_WORDS = re.compile(
    r"(?:hash|哈希|txid|tx(?: ?id)?|交易号|区块|sha-?256|checksum|校验和|/tx/|"
    r"/block/)[^0-9a-z]{0,6}(?:是|为|is)?[^0-9a-z]{0,6}$"
)
KEY_WORDS = re.compile(r"私\s?[钥鑰]|private key|secret key|priv ?key")
_KEY_AFTER_WORD = re.compile(r"[^A-Za-z0-9*\n]{0,12}(?:is )?([A-Za-z0-9+/=_\-]{32,})")
_WIF = re.compile(r"(?<![0-9A-Za-z])[5KL9c][1-9A-HJ-NP-Za-km-z]{50,51}(?![0-9A-Za-z])")
_EXTENDED = re.compile(r"(?<![0-9A-Za-z])[xyztuvYZUV]prv[1-9A-HJ-NP-Za-km-z]{90,}")
_PEM_BEGIN = re.compile(r"-{2,}\s?BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?\s?-{2,}")
_PEM_END = re.compile(r"-{2,}\s?END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?\s?-{2,}")
_BASE58 = {
    letter: value for value, letter in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}


def seeds(folded: Folded) -> Iterator[Hit]:
    """Recovery phrases: listed words in a row, numbered or not, and spaced Chinese ones that check out."""
    named = SEED_WORDS.search(folded.lower) is not None
    least = PART_OF_PHRASE if named else _PHRASE
    for words in _rows_of_words(folded.lower):
        if len(words) >= least:
            yield Hit("seed", words[0].start(), words[-1].end())
    for match in _SPACED_CHINESE.finditer(folded.plain):
        if named or _is_chinese_phrase(match.group()):
            yield Hit("seed", *match.span())


def _rows_of_words(lower: str) -> Iterator[list[re.Match[str]]]:
    row: list[re.Match[str]] = []
    for match in _WORD.finditer(lower):
        if match.group() not in ENGLISH_WORDS or _is_part_of_longer_word(lower, match):
            yield row
            row = []
            continue
        if row and not _BETWEEN_WORDS.fullmatch(lower, row[-1].end(), match.start()):
            yield row
            row = []
        row.append(match)
    yield row


def _is_part_of_longer_word(lower: str, match: re.Match[str]) -> bool:
    return lower[match.end() : match.end() + 1].isalpha() and lower[match.end()].isascii()


def _is_chinese_phrase(text: str) -> bool:
    words = re.findall(r"[\u4e00-\u9fff]", text)
    if not _CHINESE_WORDS.issuperset(words):
        return False
    return any(language.check(" ".join(words)) for language in _CHINESE)


def private_keys(folded: Folded) -> Iterator[Hit]:
    """Private keys: PEM blocks, 64 hex digits, WIF, extended keys, long tokens after the words for a key."""
    plain = folded.plain
    yield from _pem_blocks(plain)
    for match in _EXTENDED.finditer(plain):
        yield Hit("private_key", *match.span())
    for match in _WIF.finditer(plain):
        if _is_base58_checked(match.group()):
            yield Hit("private_key", *match.span())
    for match in _HEX_KEY.finditer(plain):
        if _is_hex_key(folded, match):
            yield Hit("private_key", *match.span())
    for word in KEY_WORDS.finditer(folded.lower):
        if value := _KEY_AFTER_WORD.match(plain, word.end()):
            yield Hit("private_key", *value.span(1))


def _pem_blocks(plain: str) -> Iterator[Hit]:
    position = 0
    while begin := _PEM_BEGIN.search(plain, position):
        end = _PEM_END.search(plain, begin.end())
        # A block cut off in the middle is a key nonetheless: hide the rest.
        position = end.end() if end else len(plain)
        yield Hit("private_key", begin.start(), position)


def _is_hex_key(folded: Folded, match: re.Match[str]) -> bool:
    """Mixed digits and letters, and not called a hash: transaction ids have the same form."""
    key = match.group(1).lower()
    if not re.search("[a-f]", key) or not re.search("[0-9]", key):
        return False
    before = folded.lower[max(0, match.start() - 24) : match.start()]
    return not _HASH_WORDS.search(before) or KEY_WORDS.search(before) is not None


def _is_base58_checked(text: str) -> bool:
    number = 0
    for letter in text:
        number = number * 58 + _BASE58[letter]
    if number.bit_length() > 38 * 8:
        return False
    raw = number.to_bytes(38, "big").lstrip(b"\0")
    digest = hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()
    return digest[:4] == raw[-4:]
