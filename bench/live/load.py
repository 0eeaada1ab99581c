"""A storefront in a hurry: sends requests over connections that stay open, and costs little itself.

One thread, plain sockets, requests written before the clock starts: some twenty microseconds of
processor a request, so that a machine of two cores can be measured on itself.
"""

from __future__ import annotations

import selectors
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"\r\ncontent-length:"


@dataclass
class Answers:
    """What came back: how often which status, and of each answer when it came and to what.

    `numbers` are places of the requests, from 0; `moments` are of `perf_counter`, `took` seconds.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    numbers: list[int] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def percentile(self, per_cent: int) -> float:
        """Return the time within which so many of a hundred answers came."""
        return percentile(self.took, per_cent)


def percentile(values: Sequence[float], per_cent: int) -> float:
    """Return the value that so many of a hundred do not exceed; 0 of none.

    >>> percentile([3.0, 1.0, 2.0], 50), percentile([3.0, 1.0, 2.0], 100), percentile([], 50)
    (2.0, 3.0, 0.0)
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)] if ordered else 0.0


def request(path: str, body: bytes, *, host: str, key: str, once: str) -> bytes:
    """Return a POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {once}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(address: tuple[str, int], requests: Iterator[bytes], *, connections: int) -> Answers:
    """Send all requests, each connection one after the other, and return what came back."""
    waiting = enumerate(requests)
    return _send(address, connections, lambda now: next(waiting, None))


def send_when_due(
    address: tuple[str, int], due: Sequence[tuple[float, bytes]], *, connections: int
) -> Answers:
    """Send each request at its moment of `perf_counter`, whether or not others were answered.

    Where all connections are busy it waits for one, and that counts as time the answer took.
    """
    place = 0

    def next_due(now: float) -> _Next:
        nonlocal place
        if place == len(due):
            return None
        moment, request = due[place]
        if moment > now:
            return moment - now
        place += 1
        return place - 1, request, moment

    return _send(address, connections, next_due)


_Next = tuple[int, bytes] | tuple[int, bytes, float] | float | None
"""A request with its place and the moment it was due; the seconds to wait for one; or the end."""


def _send(address: tuple[str, int], connections: int, take: Callable[[float], _Next]) -> Answers:
    answers = Answers()
    with selectors.DefaultSelector() as selector:
        idle = deque(_Line(address, selector) for _ in range(connections))
        started, busy = perf_counter(), 0
        while True:
            taken: _Next = 0.0
            while idle and isinstance(taken := take(perf_counter()), tuple):
                idle.popleft().send(*taken)
                busy += 1
            if taken is None and not busy:
                break
            pause = taken if idle and isinstance(taken, float) else None
            for key, _ in selector.select(pause):
                line: _Line = key.data
                if line.has_answer(answers):
                    idle.append(line)
                    busy -= 1
        answers.seconds = perf_counter() - started
        for line in idle:
            line.close()
    return answers


class _Line:
    """One connection, with one request under way."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self._address = address
        self._selector = selector
        self._socket = self._connected()
        self._number = 0
        self._wanted = b""
        self._got = b""
        self._since = 0.0

    def _connected(self) -> socket.socket:
        made = socket.create_connection(self._address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(made, selectors.EVENT_READ, self)
        return made

    def send(self, number: int, request: bytes, since: float | None = None) -> None:
        """Send a request, which took from a moment on that may have passed."""
        self._number, self._wanted = number, request
        self._since = perf_counter() if since is None else since
        self._socket.sendall(request)

    def has_answer(self, answers: Answers) -> bool:
        """Read what is there; True once the answer is whole, and noted."""
        try:
            part = self._socket.recv(1 << 20)
        except ConnectionResetError:
            part = b""
        if not part and not self._got:  # the server ended a connection it had kept long enough
            self.close()
            self._socket = self._connected()
            self._socket.sendall(self._wanted)  # nothing where nothing is under way
            return False
        self._got += part
        head, end, body = self._got.partition(_END)
        if not end:
            return False
        lower = head.lower()
        place = lower.index(_LENGTH) + len(_LENGTH)
        if len(body) < int(lower[place:].partition(b"\r\n")[0]):
            return False
        answers.statuses[int(head[9:12])] += 1
        answers.numbers.append(self._number)
        answers.moments.append(perf_counter())
        answers.took.append(answers.moments[-1] - self._since)
        answers.bodies.append(body)
        self._wanted, self._got = b"", b""
        if b"\r\nconnection: close" in lower:
            self.close()
            self._socket = self._connected()
        return True

    def close(self) -> None:
        """End the connection."""
        self._selector.unregister(self._socket)
        self._socket.close()
