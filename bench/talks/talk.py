"""One conversation as the load sees it: what was sent, acknowledged and seen, and whether all of it came once."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.talks.wire import frame

TEXTS = [
    "付款一直显示处理中，钱已经扣了，我该怎么办？",
    "你好，我的账户被冻结了，昨天还能正常登录。",
    "好的，谢谢，我再试一次。",
    "The payment failed twice, but my bank says that the money has left my account.",
    "收不到验证码，手机号没有换过，信号也正常，已经等了十分钟。",
]
# Letters instead of digits: no two texts are alike, and none looks like a number that has to be masked.
LETTERS = bytes.maketrans(b"0123456789abcdef", b"ghijklmnopqrstuv")
EVENT = b'{"type":"event","conversation":"'
# Where the number of an event begins in such a frame.
NUMBER_AT = len(EVENT) + 36 + len(b'","event":{"n":')
MID = b'"mid":"'
ACK = b'{"type":"ack","mid":"'


@dataclass
class Tally:
    """What went on in all conversations; `latencies` are seconds from sending to the agent's seeing.

    `echo_acks`: the server doesn't acknowledge, the visitor's own text coming back has to do. `doubles` are the
    texts that were sent again although they had been on disk.
    """

    echo_acks: bool = False
    doubles: int = 0
    acked: int = 0
    seen: int = 0
    echoed: int = 0
    wrong: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)


class Talk:
    """A visitor's side and the agent's; `run` makes the mids of one run differ from those of all others."""

    __slots__ = (
        "acked", "agent_n", "echoed", "id", "mid_head", "seen", "sent", "sent_at", "tail", "tally",
        "token", "visitor_n",
    )  # fmt: skip

    def __init__(self, public_id: str, token: str, n: int, tally: Tally, run: str, padding: int = 0) -> None:
        self.id, self.token, self.tally = public_id, token, tally
        self.visitor_n = self.agent_n = n
        self.sent = self.acked = self.seen = self.echoed = 0
        self.sent_at: dict[int, float] = {}
        self.mid_head = f"{run}-0000-4000-8000-".encode()
        text = TEXTS[int(public_id[:4], 16) % len(TEXTS)].encode()
        self.tail = b'","text":"' + text + b"\xe5\xa5\xbd" * padding + b" "

    def next_frame(self, now: float) -> bytes:
        """The frame of the next text, sent at `now`."""
        self.sent += 1
        self.sent_at[self.sent] = now
        return self.frame_of(self.sent)

    def frame_of(self, number: int) -> bytes:
        """The frame of a text, the same each time."""
        digits = b"%012x" % number
        return frame(
            b'{"type":"send","mid":"'
            + self.mid_head
            + digits
            + self.tail
            + digits[6:].translate(LETTERS)
            + b'"}'
        )

    def took_ack(self, payload: bytes) -> None:
        """The server says that a text is on disk."""
        number = self._number(payload[len(ACK) : len(ACK) + 36])
        # Sent again after a break, a text is acknowledged again.
        is_double = b'"dup":true' in payload
        self.tally.doubles += is_double
        if number == self.acked + 1:
            self.acked = number
            self.tally.acked += 1
        elif not is_double:
            self._wrong(f"ack {number} after {self.acked}")

    def seen_by_visitor(self, payload: bytes) -> None:
        """An event has reached the visitor."""
        n, number = self._read(payload)
        if n != self.visitor_n + 1 or number not in (0, self.echoed + 1):
            self._wrong(f"visitor: {n} after {self.visitor_n}, text {number} after {self.echoed}")
        self.visitor_n = n
        if number:
            self.echoed = number
            self.tally.echoed += 1
            if self.tally.echo_acks:
                self.acked = number

    def seen_by_agent(self, payload: bytes, now: float) -> None:
        """An event has reached the agent."""
        n, number = self._read(payload)
        if n != self.agent_n + 1 or number not in (0, self.seen + 1):
            self._wrong(f"agent: {n} after {self.agent_n}, text {number} after {self.seen}")
        self.agent_n = n
        if number:
            self.seen = number
            self.tally.seen += 1
            self.tally.latencies.append(now - self.sent_at.pop(number, now))

    @property
    def is_done(self) -> bool:
        """Whether everything that was sent is on disk and both sides have seen it."""
        return self.acked == self.seen == self.echoed == self.sent

    def _read(self, payload: bytes) -> tuple[int, int]:
        """The event's number, and the text's (0 when the event is none of this run's texts)."""
        n = int(payload[NUMBER_AT : payload.index(b",", NUMBER_AT)])
        at = payload.rfind(MID) + len(MID)
        return n, self._number(payload[at : at + 36])

    def _number(self, mid: bytes) -> int:
        return int(mid[24:], 16) if mid.startswith(self.mid_head) else 0

    def _wrong(self, what: str) -> None:
        if len(self.tally.wrong) < 20:
            self.tally.wrong.append(f"{self.id[:8]} {what}")
