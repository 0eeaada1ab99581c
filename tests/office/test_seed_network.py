"""Large networks, made small: every shape, every guard in place, the same again from the seed."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum

from distributors.codes import ALPHABET
from distributors.models import Change, Holding, LockedStretch, Member, MemberVersion, Party, Role
from distributors.selectors import credited_distributor, upline
from office.demo import network, shapes
from office.demo.columns import member_codes
from office.management.commands.seed_network import count
from orders.models import Order, OrderLine, SaleLine
from tests.factories import NOON

pytestmark = pytest.mark.django_db

# What a load must leave as it found it
DEFINITIONS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = ANY(%s::regclass[])
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s::text[])
UNION ALL SELECT tgrelid::regclass::text, tgname, concat(pg_get_triggerdef(oid), tgenabled)
  FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])
 ORDER BY 1, 2, 3
"""
# All that a network is, in the order of its ids
CONTENT = """
SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
    SELECT concat_ws('|', 'm', m.code, m.name, m.joined_at, v.role, s.code, e.code) AS line
      FROM distributors_member m JOIN distributors_memberversion v ON v.member_id = m.id
      LEFT JOIN distributors_member s ON s.id = v.sponsor_id
      LEFT JOIN distributors_member e ON e.id = v.enroller_id
    UNION ALL
    SELECT concat_ws('|', 's', o.external_id, b.code, c.code, l.purpose, s.commission_at, s.pv,
                     s.cv, s.net_minor, s.currency, l.sku, l.quantity, o.total_minor)
      FROM orders_saleline s JOIN orders_order o ON o.id = s.order_id
      JOIN orders_orderline l ON l.id = s.order_line_id
      JOIN distributors_member b ON b.id = s.buyer_id
      JOIN distributors_member c ON c.id = s.credited_id
) AS lines
"""


@pytest.fixture(autouse=True)
def _nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    from mlm.celery import app

    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def seed(members: int = 300, orders: int = 500, **options: Any) -> None:
    """Make a network at noon of 10 November."""
    call_command("seed_network", members=members, orders=orders, at=NOON, verbosity=0, **options)


def asked(sql: str, *values: list[str]) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def definitions() -> list[tuple[Any, ...]]:
    """Return every constraint, index and trigger of the tables that are loaded."""
    tables = list(network.TABLES)
    return asked(DEFINITIONS, tables, tables, tables)


def places() -> dict[int, int | None]:
    """Return sponsor by member."""
    return dict(MemberVersion.objects.values_list("member_id", "sponsor_id"))


def check_deferred_constraints() -> None:
    """Let PostgreSQL check now what it would check at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("shape", sorted(shapes.SHAPES))
def test_a_network_of_each_shape_has_its_size_and_breaks_no_rule(shape: str) -> None:
    seed(shape=shape, lines=3)

    check_deferred_constraints()
    assert Member.objects.filter(is_house=False).count() == 300
    assert MemberVersion.objects.count() == Holding.objects.count() == 301
    assert Party.objects.count() == 301
    assert Order.objects.count() == 500
    assert OrderLine.objects.count() == SaleLine.objects.count() > 700
    assert Change.objects.exists()


def test_sponsors_come_before_those_they_sponsor_and_are_distributors() -> None:
    seed()

    distributors = set(
        MemberVersion.objects.filter(role=Role.DISTRIBUTOR).values_list("member_id", flat=True)
    )
    for member, sponsor in places().items():
        assert sponsor is None or (sponsor < member and sponsor in distributors)


def test_orders_lie_in_the_month_so_far_and_are_credited_as_the_services_would() -> None:
    seed(customers_per_cent=50)

    orders = list(Order.objects.select_related("buyer", "credited").order_by("pk"))
    assert all(NOON.replace(day=1, hour=0) <= order.ordered_at < NOON for order in orders)
    assert all(order.paid_at is not None and order.paid_at <= NOON for order in orders)
    for order in orders[::25]:
        assert order.credited == credited_distributor(order.buyer, at=order.ordered_at)


def test_amounts_of_an_order_are_those_of_its_lines() -> None:
    seed(orders=100, lines=3)

    for order in Order.objects.annotate(net=Sum("lines__net_minor"), lines_=Count("lines")):
        assert order.goods_minor == order.net
        positions = order.lines.order_by("position").values_list("position", flat=True)
        assert list(positions) == list(range(1, order.lines_ + 1))


def test_the_same_seed_makes_the_same_network_and_another_seed_another() -> None:
    sequences = [(table, f"{table}_id_seq") for table in network.TABLES]
    digests = []
    for number in (1, 1, 2):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            for _, sequence in sequences:
                cursor.execute("SELECT setval(%s, 1000)", [sequence])
        seed(seed=number)
        digests.append(asked(CONTENT)[0][0])
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT before")

    assert digests[0] == digests[1] != digests[2]


def test_a_chain_of_20_000_is_as_deep_as_that() -> None:
    seed(20_000, 100, shape="chain", customers_per_cent=0)

    last = Member.objects.latest("pk")
    assert len(upline(last, at=NOON)) == 20_000


def test_a_large_load_leaves_every_index_constraint_and_trigger_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "REBUILD_FROM_ROWS", 0)
    before = definitions()

    seed()

    assert definitions() == before
    assert len(before) > 80


def test_a_second_network_goes_beside_the_first() -> None:
    seed(100, 100)
    seed(100, 100, seed=2)

    check_deferred_constraints()
    assert Member.objects.filter(is_house=False).count() == 200
    assert list(places().values()).count(Member.objects.get(is_house=True).pk) == 2


def test_a_load_costs_as_many_queries_for_many_rows_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    seed(10, 10)

    with django_assert_max_num_queries(60):
        seed(2_000, 2_000, seed=2)


def test_nobody_is_refused_by_the_command_and_said_so() -> None:
    with pytest.raises(CommandError, match="at least one member"):
        seed(0, 0)


def test_a_month_whose_books_are_closed_is_refused() -> None:
    seed(10, 10)
    LockedStretch.objects.create(
        starts_at=NOON.replace(day=1, hour=0), ends_at=NOON.replace(month=12), reason="closed"
    )

    with pytest.raises(CommandError, match="books are closed"):
        seed(10, 10, seed=2)


@pytest.mark.django_db(transaction=True)
def test_a_large_load_beside_somebody_else_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "REBUILD_FROM_ROWS", 0)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM orders_order")

        with pytest.raises(CommandError, match="stop web and workers"):
            seed(10, 10)
    finally:
        other.close()
    assert not Member.objects.filter(is_house=False).exists()


def test_large_numbers_may_be_written_with_separators() -> None:
    assert count("1_000_000") == count("1,000,000") == 1_000_000
    with pytest.raises(ArgumentTypeError):
        count("-1")


def test_codes_are_of_the_alphabet_and_differ() -> None:
    codes = member_codes(np.concatenate([np.arange(1, 50_000), np.arange(10**9, 10**9 + 50_000)]))

    assert len(set(codes.tolist())) == len(codes)
    assert set(b"".join(codes[::100].tolist()).decode()) <= set(ALPHABET)


@pytest.mark.parametrize(("shape", "deepest"), [("wide", 7), ("mixed", 40), ("deep", 21_000)])
def test_a_shape_is_as_deep_as_it_says(shape: str, deepest: int) -> None:
    sponsor = shapes.SHAPES[shape](50_000, np.random.default_rng(3))

    depth = int(shapes.depths(sponsor).max())
    assert (sponsor[1:] < np.arange(1, 50_000)).all()
    assert deepest // 2 < depth <= deepest
