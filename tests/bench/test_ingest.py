"""The storefront in a hurry sends every request once and counts what comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typing_extensions import override

from bench.live import ingest
from bench.live.load import Answers, request, send
from bench.processes import processor_seconds

ENDS_AFTER = 3


class Shop(BaseHTTPRequestHandler):
    """Answers with what it was sent; some answers end the connection, with or without a word."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_POST(self) -> None:
        """Answer 201, or 409 to a body of `no`."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Idempotency-Key"])
        self.send_response(409 if body == b"no" else 201)
        self.send_header("Content-Length", str(len(body)))
        if len(self.seen) % ENDS_AFTER == 0:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = len(self.seen) % ENDS_AFTER == 0

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[ThreadingHTTPServer]:
    """Return a server of ours."""
    Shop.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_every_request_is_sent_once(shop: ThreadingHTTPServer) -> None:
    bodies = [b"yes" * 70_000 if number % 2 else b"no" for number in range(20)]
    requests = [
        request("/", body, host="localhost", key="k", once=str(number))
        for number, body in enumerate(bodies)
    ]
    host, port = shop.server_address[:2]

    answers = send((str(host), port), iter(requests), connections=3)

    assert sorted(Shop.seen, key=int) == [str(number) for number in range(20)]
    assert dict(answers.statuses) == {201: 10, 409: 10}
    assert len(answers.took) == 20


def test_percentiles_are_of_what_was_measured() -> None:
    answers = Answers(took=[float(number) for number in range(100, 0, -1)])

    assert [answers.percentile(part) for part in (0, 50, 95, 100)] == [1.0, 51.0, 96.0, 100.0]


def test_the_processors_time_of_a_process_has_that_of_its_children() -> None:
    before = processor_seconds(os.getpid())

    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)

    assert processor_seconds(os.getpid()) > before


def test_quick_means_small_unless_something_else_is_said() -> None:
    asked = ingest.arguments(["--ingest", "--quick", "--bulk", "7"])

    assert (asked.members, asked.bulk) == (ingest.QUICK["members"], 7)
