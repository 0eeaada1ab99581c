"""Lags are worked out from snapshots, requests go out when they are due, and nothing is missed."""

from __future__ import annotations

from http.server import ThreadingHTTPServer
from time import perf_counter

import pytest
from django.db import connection

from bench.live import figures
from bench.live.lags import Placed, published, wrong_looks
from bench.live.load import request, send_when_due
from bench.live.watching import Look, Publication, Sample, live_tables
from tests.bench.test_ingest import Shop, shop

__all__ = ["shop"]

SPONSORS = {30: 20, 20: 10, 10: 1, 40: 10, 1: 0}


def placed(number: int, *, xact: int, pv: int = 500, credited: int = 30) -> Placed:
    return Placed(number, 1.0 + number, 0.1, xact, pv, credited)


def publication(moment: float, snapshot: str) -> Publication:
    return Publication(moment, 1, snapshot, {})


def sample(*, gv: int, snapshot: str = "100:110:") -> Sample:
    before = Look(0.0, "90:100:", 200, 9_000)
    return Sample(30, 10, 1.0, 0, before, Look(2.0, snapshot, 700, gv))


def test_an_order_counts_from_the_first_publication_that_has_its_transaction() -> None:
    orders = [placed(0, xact=101), placed(1, xact=103), placed(2, xact=120)]
    seen = [publication(5.0, "100:104:101"), publication(6.0, "104:110:")]

    assert published(orders, seen) == {1: 5.0, 0: 6.0}


def test_a_figure_is_the_sum_of_what_its_snapshot_saw() -> None:
    orders = [
        placed(0, xact=101),
        placed(1, xact=102, credited=40),
        placed(2, xact=95, credited=40),
        placed(3, xact=115, credited=40),
    ]

    assert list(wrong_looks([sample(gv=10_000)], orders, SPONSORS)) == []
    (wrong,) = wrong_looks([sample(gv=10_500)], orders, SPONSORS)
    assert "GV 10500; they are 700, 10000" in wrong
    (wrong,) = wrong_looks([Sample(30, 10)], orders, SPONSORS)
    assert "did not follow" in wrong


def test_requests_are_sent_when_they_are_due(shop: ThreadingHTTPServer) -> None:
    start = perf_counter()
    due = [
        (start + number / 100, request("/", b"yes", host="localhost", key="k", once=str(number)))
        for number in range(20)
    ]
    host, port = shop.server_address[:2]

    answers = send_when_due((str(host), port), due, connections=3)

    assert sorted(answers.numbers) == list(range(20))
    assert all(moment > start + number / 100 for number, moment in zip(
        answers.numbers, answers.moments, strict=True
    ))  # fmt: skip
    assert sorted(Shop.seen, key=int) == [str(number) for number in range(20)]


def test_every_second_of_every_stretch_has_an_order_to_look_at() -> None:
    asked = figures.arguments(["--quick", "--minutes", "1.5"])
    parts = figures.stretches(asked)

    numbers = [figures._number_at(parts, second) for second in range(round(parts[-1].ends))]

    assert [part.name for part in parts] == ["1", "2", figures.PEAK, figures.AFTER]
    assert numbers[:2] == [0, asked.rate]
    assert numbers[91] == 90 * asked.rate + asked.peak_rate
    assert len(set(numbers)) == len(numbers)


@pytest.mark.django_db
def test_one_figure_that_differs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        for name in live_tables(0):
            cursor.execute(f"CREATE TABLE {name} (member_id bigint, amount bigint)")
            cursor.execute(f"INSERT INTO {name} VALUES (1, 5), (2, 7)")  # noqa: S608
    place = Here()

    assert figures.differences_when_cold(place, 0) == []  # type: ignore[arg-type]  # asks as one
    place.spoil = "UPDATE commissions_earning_0 SET amount = 8 WHERE member_id = 2"
    (wrong,) = figures.differences_when_cold(place, 0)  # type: ignore[arg-type]  # asks as one
    assert wrong.startswith("commissions_earning_0 is another")


class Here:
    """Asks the test's own database; working out anew does what it is told."""

    spoil = ""

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def manage(self, *_: str) -> None:
        if self.spoil:
            with connection.cursor() as cursor:
                cursor.execute(self.spoil)
