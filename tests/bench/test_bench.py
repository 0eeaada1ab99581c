"""The benchmark runs, and tells no times unless everybody agrees; speed is not tested."""

from __future__ import annotations

import os
from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
from django.db import connection

from bench import closing, memory, plots, report
from bench.children import ChildFailed
from bench.engine import earnings, hybrid, witness
from bench.engine.months import Month, make_month
from bench.engine.rules import PLAN_FILE, Rules, bench_plan, rules_of
from bench.machine import ROOT
from bench.rivals import comparing, orm, storing
from bench.rivals.one import pay_apart
from commissions.engine import Stage
from commissions.plan import read_plan
from mlm.copying import Rows

SIZE = (300, 900)


def compare(rivals_asked: list[comparing.Rival], shape: str) -> list[comparing.Compared]:
    found = comparing.compare(
        sizes=[SIZE], shapes=[shape], rivals=rivals_asked, repeats=1, seed=3, say=lambda text: None
    )
    return list(found)


@pytest.mark.parametrize("shape", ["wide", "mixed", "deep", "chain"])
def test_all_ways_pay_the_same_to_the_cent(shape: str) -> None:
    everybody = comparing.all_rivals(
        database_url=os.environ["DATABASE_URL"], up_to=SIZE[0], django_up_to=0
    )

    (compared,) = compare(everybody, shape)

    assert len(compared.rivals) == (5 if shape in ("wide", "mixed") else 3)
    assert compared.engine.earnings["amount"].sum() > 0
    assert compared.engine.earnings["lines"].sum() == compared.engine.lines_count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shape", ["wide", "mixed"])
def test_what_is_written_with_the_orm_pays_the_same_and_leaves_nothing(shape: str) -> None:
    month = make_month(members=30, orders=60, shape=shape, seed=3)
    rules = rules_of(bench_plan())
    ours = comparing.ours().pay(month, rules).rows

    for pay in (orm.pay_in_a_loop, orm.pay_with_treebeard):
        earnings.agree(ours, pay(month, rules).rows, who=pay.__name__)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s), to_regclass('bench_line')", [orm.SCHEMA])
        assert cursor.fetchone() == (None, None)


def one_cent_more(rows: Rows) -> None:
    rows["amount"][7] += 1


def another_earner(rows: Rows) -> None:
    rows["earner"][7] += 1


def one_line_less(rows: Rows) -> None:
    rows["lines"][7] -= 1


@pytest.mark.parametrize("spoil", [one_cent_more, another_earner, one_line_less])
def test_a_rival_that_differs_ends_the_measuring(spoil: Callable[[Rows], None]) -> None:
    def wrong(month: Month, rules: Rules) -> earnings.Paid:
        paid = comparing._in_python(month, rules)
        spoil(paid.rows)
        return paid

    with pytest.raises(earnings.Disagreement, match="Spoilt"):
        compare([comparing.Rival("Spoilt", wrong, 10**9, 10**9)], "mixed")


def test_a_rival_that_left_somebody_out_ends_the_measuring() -> None:
    month = make_month(members=50, orders=200, shape="mixed", seed=1)
    rows = comparing._in_python(month, rules_of(bench_plan())).rows

    with pytest.raises(earnings.Disagreement, match="sums where the engine has"):
        earnings.agree(rows, rows[1:], who="Forgetful")
    with pytest.raises(earnings.Disagreement, match="nobody was paid"):
        earnings.agree(rows[:0], rows[:0], who="Idle")


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ('require = ["PV >= 50"]', 'require = ["PV >= 50", "GV >= 60"]'),
        ('"PV >= 75", "active"', '"CV >= 75 or GV >= 80", "active"'),
        ('"GV >= 2000"', '"GV >= 2000, at most 60% of it from one leg"'),
        ("pv of own and customers' orders", "pv of customers' orders"),
        ("own and customers' orders\"    # pays", 'own orders"'),
        ('compression = "dynamic"', 'compression = "inactive"'),
        ('point_value = "1.00"', 'point_value = "0.99"'),
        ("[[bonus]]", '[cap]\npayout = "45% of CV"\n[[bonus]]'),
    ],
)
def test_a_plan_that_the_rivals_do_not_know_is_refused(line: str, other: str) -> None:
    text = PLAN_FILE.read_text(encoding="utf-8")
    assert line in text

    with pytest.raises(NotImplementedError, match="rivals"):
        rules_of(read_plan(text.replace(line, other, 1)))


def test_a_rival_in_a_process_of_its_own_pays_what_it_pays_here() -> None:
    month = make_month(members=50, orders=200, shape="mixed", seed=4)
    rules = rules_of(bench_plan())
    (python,) = (
        one
        for one in comparing.all_rivals(
            database_url=os.environ["DATABASE_URL"], up_to=0, django_up_to=0
        )
        if one.name == "plain Python"
    )

    apart = pay_apart(python, month, rules, 4)

    earnings.agree(python.pay(month, rules).rows, apart.rows, who="the other process")
    assert apart.client_mib


def test_everybody_stores_what_the_engine_pays() -> None:
    (stored,) = storing.store_months(
        members=SIZE[0],
        by_member=3,
        shapes=["mixed"],
        up_to=SIZE[0],
        database_url=os.environ["DATABASE_URL"],
        seed=3,
        say=lambda text: None,
    )

    assert len(stored.seconds) == 10
    assert stored.lines > stored.sums > 0
    assert f"| mixed | 300 | sums | {stored.sums:,} |" in report.page({}, [], [], None, [stored])


def test_a_picture_names_each_line_where_it_ends() -> None:
    lines = {"Upline": [(1_000.0, 0.01), (10_000.0, 0.1)], "a < b": [(1_000.0, 30.0)]}

    picture = plots.chart("One month", lines, across="members", up="seconds")

    root = ElementTree.fromstring(picture)  # noqa: S314  (our own)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"One month", "Upline", "a < b", "members", "seconds", "1,000", "0.01"} <= set(texts)


def test_the_same_seed_makes_the_same_month() -> None:
    one, same = (make_month(members=50, orders=99, shape="deep", seed=5) for _ in range(2))
    other = make_month(members=50, orders=99, shape="deep", seed=6)

    assert np.array_equal(one.pv, same.pv)
    assert np.array_equal(one.sponsor, same.sponsor)
    assert not np.array_equal(one.pv, other.pv)


@pytest.mark.parametrize("shape", ["mixed", "chain"])
def test_the_hybrid_month_agrees_with_the_oracle(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(witness.SMALL, shape, 40)

    assert witness.agree_with_oracle(shape, seed=2) > 100


def test_a_hybrid_month_that_differs_ends_the_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(witness.SMALL, "mixed", 40)
    monkeypatch.setattr(witness, "a_month_older", lambda carried: carried)

    with pytest.raises(earnings.Disagreement, match="the lab, mixed"):
        witness.agree_with_oracle("mixed", seed=2)


def test_the_second_month_is_measured_in_a_process_of_its_own() -> None:
    size = hybrid.Size(300, 600, "mixed", seed=2)

    measured = hybrid.measure_apart(size)

    assert measured.size == size
    assert measured.carried > 0
    assert measured.lines > 0
    assert set(measured.stages) == {stage.value for stage in Stage}
    text = report.page({"seed": "2"}, [], [measured], None)
    assert f"| mixed | 300 | 600 | {measured.depth}, {measured.placed_depth} |" in text


def test_a_process_that_fails_ends_the_measuring() -> None:
    with pytest.raises(ChildFailed, match="no such shape"):
        hybrid.measure_apart(hybrid.Size(300, 600, "no such shape", seed=2))


def test_the_benchmark_keeps_memory_as_the_workers_do() -> None:
    (setting,) = memory.KEPT.values()

    assert f'GLIBC_TUNABLES: "{setting}"' in (ROOT / "docker-compose.yml").read_text("utf-8")


@pytest.mark.slow
def test_a_small_company_is_refreshed_closed_and_verified() -> None:
    found = closing.close_months(
        database_url=os.environ["DATABASE_URL"],
        members=SIZE[0],
        orders=SIZE[1],
        shape="mixed",
        repeats=1,
        seed=1,
        say=lambda text: None,
    )

    (close,) = found.closes
    assert set(close["stages"]) == {"read", "calculate", "freeze", "write", "post"}
    assert close["total_minor"] > 0
    assert "live, one order later" in report.page({"seed": "1"}, [], [], found)
