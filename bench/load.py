"""A storefront in a hurry: sends requests over connections that stay open, and costs little itself.

One thread, plain sockets, requests written before the clock starts: some twenty microseconds of
processor a request, so that a machine of two cores can be measured on itself.
"""

from __future__ import annotations

import os
import selectors
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"\r\ncontent-length:"


@dataclass
class Answers:
    """What came back: how often which status, how long each took in seconds, and the bodies."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def percentile(self, per_cent: int) -> float:
        """Return the time within which so many of a hundred answers came."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)]


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
    answers = Answers()
    with selectors.DefaultSelector() as selector:
        lines = [_Line(address, selector) for _ in range(connections)]
        started = perf_counter()
        busy = sum(line.go_on(requests) for line in lines)
        while busy:
            for key, _ in selector.select():
                line: _Line = key.data
                if line.has_answer(answers) and not line.go_on(requests):
                    busy -= 1
        answers.seconds = perf_counter() - started
        for line in lines:
            line.close()
    return answers


def processor_seconds(root: int) -> float:
    """Return the processor's time of a process and all below it, ended ones included.

    0 where there is no /proc to read it from.
    """
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            facts = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(facts[1]), []).append(int(folder.name))
        ticks[int(folder.name)] = sum(map(int, facts[11:15]))
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += ticks.get(process, 0)
        waiting += children.get(process, [])
    return total / os.sysconf("SC_CLK_TCK")


class _Line:
    """One connection, with one request under way."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self._address = address
        self._selector = selector
        self._socket = self._connected()
        self._wanted = b""
        self._got = b""
        self._sent_at = 0.0

    def _connected(self) -> socket.socket:
        made = socket.create_connection(self._address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(made, selectors.EVENT_READ, self)
        return made

    def go_on(self, requests: Iterator[bytes]) -> bool:
        """Send the next request; False when there is none left."""
        self._wanted = next(requests, b"")
        if not self._wanted:
            return False
        self._sent_at = perf_counter()
        self._socket.sendall(self._wanted)
        return True

    def has_answer(self, answers: Answers) -> bool:
        """Read what is there; True once the answer is whole, and noted."""
        part = self._socket.recv(1 << 20)
        if not part and not self._got:  # the server ended a connection it had kept long enough
            self.close()
            self._socket = self._connected()
            self._socket.sendall(self._wanted)
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
        answers.took.append(perf_counter() - self._sent_at)
        answers.bodies.append(body)
        self._got = b""
        if b"\r\nconnection: close" in lower:
            self.close()
            self._socket = self._connected()
        return True

    def close(self) -> None:
        """End the connection."""
        self._selector.unregister(self._socket)
        self._socket.close()
