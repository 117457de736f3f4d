"""What search knows of Chinese: words, words that say nothing, and what is left of a phrase without them."""

from __future__ import annotations

import re

import rjieba

_STOP_WORDS = """
的 了 着 过 吗 呢 啊 吧 呀 嘛 啦 哦 哈 呗 么 我 你 您 他 她 它 我们 你们 咱们 他们 她们
大家 自己 这 那 这个 那个 这些 那些 这样 那样 这里 那里 是 在 有 和 与 及 或 或者 还是 就
都 也 还 又 再 才 很 太 好 要 会 能 可以 可 得 地 把 被 给 让 对 从 到 向 于 以 为 因为
所以 但 但是 如果 请 请问 请教 想 想要 需要 应该 帮 帮忙 帮我 一下 一个 一直 老是 总是 总
老 每次 现在 今天 昨天 刚刚 刚才 已经 突然 怎么 怎样 怎么样 怎么办 怎么回事 如何 咋 咋办
咋样 咋整 为什么 为啥 为何 什么 啥 哪 哪里 哪个 哪些 谁 几 多少 办 弄 做 搞 整 说 时候 时
里 上 下 中 个 来 去 用 上去 下来 出来 起来 问题 情况 原因 处理 解决 方法 办法 教程 您好
你好 谢谢 麻烦 急 急死 一 不 没 没有 有人 人 topay
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
# Shorter rests say too little: a query may have two characters left, a phrase to be found three.
SHORTEST_GIST, SHORTEST_PHRASE_GIST = 2, 3
_FILLERS = re.compile(
    "怎么办|怎么样|怎么回事|怎么|怎样|如何|咋办|咋样|咋整|咋|为什么|为啥|请问|一直|老是|总是|一下"
    "|突然|好像|好几次|几次|已经|现在|刚刚|刚才|迟迟|半天|好久|很久|我们|你们|他们|我|你|您"
    "|了|的|吗|呢|啊|吧|呀|嘛|啦|都|就|还|又|也|老|总|把|给|是|有"
)


def words(run: str) -> list[tuple[str, int]]:
    """The words of a run of Chinese characters, with the place of each."""
    return [(word, start) for word, start, _end in rjieba.tokenize(run)]


def is_word(term: str) -> bool:
    """Whether characters next to each other are a word of the dictionary."""
    return bool(rjieba.has_word(term))


def is_stop_word(word: str) -> bool:
    """Whether the word alone says nothing about what somebody looks for."""
    return word in STOP_WORDS


def gist(run: str, shortest: int = SHORTEST_GIST) -> str:
    """The run without what people put in between; the whole run when less than `shortest` would be left."""
    return "".join(run[place] for place in gist_places(run, shortest))


def gist_places(run: str, shortest: int = SHORTEST_GIST) -> list[int]:
    """The places of the characters that `gist` keeps."""
    dropped = {place for match in _FILLERS.finditer(run) for place in range(*match.span())}
    kept = [place for place in range(len(run)) if place not in dropped]
    return kept if len(kept) >= shortest else list(range(len(run)))
