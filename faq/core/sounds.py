"""How Chinese sounds: readings of characters, what a Latin text spells, and sounds that people confuse."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from faq.core.pronunciation import PINYIN_DICT, Style, lazy_pinyin, pinyin

MOST_READINGS = 8
# Rarer readings of a character only make words sound alike that nobody confuses.
USUAL_READINGS = 2
MOST_SPELLINGS = 12
LONGEST_SYLLABLE = 6
# A Latin word longer than this is no pinyin that somebody types without a space.
LONGEST_SPELLING = 40

Syllables = tuple[str, ...]

_SYLLABLES = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo ci
cong cou cu cuan cui cun cuo da dai dan dang dao de deng di dian diao die ding diu dong dou du duan dui
dun duo e ei en er fa fan fang fei fen feng fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua
guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun
huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong
kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin
ling liu long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming
miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan
nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang
qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa
sai san sang sao se sen seng sha shai shan shang shao she shen sheng shi shou shu shua shuai shuan
shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting
tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing
xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao
ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui
zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_SYLLABLES.split())
_BEGINNINGS = frozenset(s[:length] for s in SYLLABLES for length in range(1, len(s) + 1))


@lru_cache(maxsize=30_000)
def character_readings(character: str) -> Syllables:
    """The usual toneless readings of one character, best first; empty for what is no character."""
    if ord(character) not in PINYIN_DICT:
        return ()
    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0][:USUAL_READINGS])


def is_chinese(term: str) -> bool:
    """Whether a term is Chinese characters (terms never mix scripts)."""
    return bool(character_readings(term[0]))


def readings(term: str) -> list[Syllables]:
    """The ways a Chinese term can be read, at most `MOST_READINGS`."""
    found: list[Syllables] = []
    for combination in product(*map(character_readings, term)):
        found.append(combination)
        if len(found) == MOST_READINGS:
            break
    return found


def phrase_syllables(phrase: str) -> list[str]:
    """How a phrase is read in its context, one syllable a character."""
    return lazy_pinyin(phrase)


@lru_cache(maxsize=5_000)
def confusable(syllable: str) -> str:
    """One form for syllables that many speakers do not tell apart: zh/z, ch/c, sh/s, n/l, -ng/-n."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    elif syllable[:1] == "l":
        syllable = "n" + syllable[1:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def sound_key(syllables: Syllables) -> str:
    """The key under which terms of the same or a confusable sound meet."""
    return " ".join(map(confusable, syllables))


@lru_cache(maxsize=2_000)
def spellings(letters: str) -> tuple[Syllables, ...]:
    """The ways a Latin text reads as pinyin, fewest syllables first; the last syllable may be unfinished.

    Empty when it is no pinyin. `xian` gives both `xian` and `xi an`.
    """
    if len(letters) > LONGEST_SPELLING or not letters.isascii() or not letters.isalpha():
        return ()
    found = sorted(_split(letters), key=lambda way: (not is_complete(way), len(way), way))
    return tuple(found[:MOST_SPELLINGS])


def is_complete(syllables: Syllables) -> bool:
    """Whether the last syllable is finished."""
    return syllables[-1] in SYLLABLES


@lru_cache(maxsize=2_000)
def abbreviations(letters: str) -> tuple[Syllables, ...]:
    """The ways a Latin text abbreviates pinyin: first letters, whole syllables, or a mix of them."""
    if len(letters) > LONGEST_SPELLING or not letters.isascii() or not letters.isalpha():
        return ()
    partial: list[list[Syllables]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        ways = [
            (*before, letters[start:end])
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
            if _is_piece(letters[start:end])
            for before in partial[start]
        ]
        partial[end] = sorted(ways, key=lambda way: (len(way), way))[:MOST_SPELLINGS]
    return tuple(partial[-1])


def _split(letters: str) -> list[Syllables]:
    partial: list[list[Syllables]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        is_last = end == len(letters)
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            piece = letters[start:end]
            if piece in SYLLABLES or (is_last and piece in _BEGINNINGS):
                partial[end].extend((*before, piece) for before in partial[start])
        partial[end] = sorted(partial[end], key=lambda way: (len(way), way))[: 2 * MOST_SPELLINGS]
    return partial[-1]


def _is_piece(letters: str) -> bool:
    is_initial = letters in ("zh", "ch", "sh") or (len(letters) == 1 and letters not in "iuv")
    return is_initial or letters in SYLLABLES
