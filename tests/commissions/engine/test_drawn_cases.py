"""What is true of every run, asked of drawn plans over the whole language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from commissions.engine import (
    Carried,
    Plan,
    RunResult,
    Snapshot,
    calculate_run,
    explain_sale,
    lines_of,
    make_snapshot,
    missed_by,
    result_digest,
    snapshot_digest,
)
from commissions.engine.earned import Evidence
from commissions.engine.explain import Trace, walked
from commissions.engine.lines import Lines
from commissions.engine.missed import NOT_MISSED
from commissions.engine.plan import (
    CompressedFigure,
    GenerationRule,
    GroupFigure,
    PersonalRule,
    RoundAt,
    SaleFigure,
    SaleMix,
)
from commissions.engine.reasons import Outcome
from commissions.engine.snapshot import NOTHING_CARRIED, NOTHING_POSTED, SALE_COLUMNS, Placement
from tests.commissions.engine.drawn import CASES, Drawn, drawn_runs

OF_LINES = [field.name for field in fields(Lines)]


def plan_of(run: Drawn) -> Plan:
    return run.result.ground.plan


def rows_of(result: RunResult) -> list[tuple[int, ...]]:
    """Return all lines, with numbers outside instead of rows, in the order of everything."""
    lines = lines_of(result)
    columns = [getattr(lines, name) for name in OF_LINES if name != "earner"]
    return sorted(
        tuple(int(value) for value in row)
        for row in zip(result.member[lines.earner], *columns, strict=True)
    )


def test_enough_of_the_cases_pay() -> None:
    assert len(drawn_runs()) == CASES
    assert sum(run.result.total != 0 for run in drawn_runs()) > CASES // 2


def test_the_lines_of_each_earning_sum_to_it() -> None:
    for run in drawn_runs():
        lines, earnings = lines_of(run.result), run.result.earnings
        number = np.repeat(np.arange(len(earnings.lines)), earnings.lines)
        summed = np.zeros(len(earnings.lines), np.int64)
        np.add.at(summed, number, lines.amount)

        assert np.array_equal(summed, earnings.amount), run.name
        assert np.array_equal(lines.earner, earnings.earner[number]), run.name
        assert int(lines.amount.sum()) == run.result.total, run.name


def test_parts_of_the_lines_are_all_lines() -> None:
    for run in drawn_runs():
        size = len(run.result.member)
        parts = [lines_of(run.result, rows=range(at, at + 3)) for at in range(0, size, 3)]
        everything = lines_of(run.result)

        for name in OF_LINES:
            joined = np.concatenate([getattr(part, name) for part in parts])
            assert np.array_equal(joined, getattr(everything, name)), run.name


def told_of(run: Drawn) -> Iterator[tuple[int, list[Trace]]]:
    """Yield each sale's number and ways up, without what limits took off."""
    ups = set(walked(run.result.ground))
    for sale in run.snapshot.sale.tolist():
        yield sale, [
            step for step in explain_sale(run.result, sale)
            if step.bonus in ups and step.outcome != Outcome.CAPPED
        ]  # fmt: skip


def test_whoever_is_told_to_be_paid_has_exactly_those_lines() -> None:
    for run in drawn_runs():
        plan, result = plan_of(run), run.result
        lines, ups = lines_of(result), set(walked(result.ground))
        exact = [bonus.round_at == RoundAt.LINE for bonus in plan.bonuses]
        expected: dict[int, Counter[tuple[int, ...]]] = defaultdict(Counter)
        for at in np.flatnonzero(lines.evidence == int(Evidence.SALE)).tolist():
            bonus = int(lines.bonus[at])
            assert bonus in ups
            expected[int(lines.source[at])][(
                bonus, int(result.member[lines.earner[at]]), int(lines.level[at]),
                int(lines.rate_ppm[at]), int(lines.base[at]),
                int(lines.amount[at]) if exact[bonus] else 0,
            )] += 1  # fmt: skip
        for sale, steps in told_of(run):
            found = Counter(
                (step.bonus, step.member, step.level, step.rate_ppm, step.base,
                 step.amount if exact[step.bonus] else 0)
                for step in steps if step.outcome == Outcome.PAID
            )  # fmt: skip
            assert found == expected[sale], (run.name, sale)


def test_everybody_on_the_way_up_is_told_of_without_a_gap() -> None:
    """From the first one met to the last, nobody between them is left out.

    But for leaders of the earner's rank: each rank has a way of its own, and ends at its own depth.
    """
    for run in drawn_runs():
        ground, numbers = run.result.ground, run.result.member
        for sale, steps in told_of(run):
            for bonus in {step.bonus for step in steps}:
                rule = plan_of(run).bonuses[bonus]
                told = [
                    step.member for step in steps
                    if step.bonus == bonus and step.outcome != Outcome.NOT_IN_TREE
                ]  # fmt: skip
                met = list(dict.fromkeys(told))
                if isinstance(rule, PersonalRule):
                    assert len(met) == 1
                    continue
                if isinstance(rule, GenerationRule) and rule.leaders.rank_of_earner:
                    continue
                parent = ground.frame(getattr(rule, "tree", 0)).parent
                for member, above in pairwise(met):
                    row = int(np.flatnonzero(numbers == member)[0])
                    assert numbers[parent[row]] == above, (run.name, sale, bonus)


def test_what_somebody_missed_is_what_the_ways_up_of_all_sales_say() -> None:
    for run in drawn_runs():
        slow: dict[int, set[tuple[int, ...]]] = defaultdict(set)
        for sale, steps in told_of(run):
            for step in steps:
                if step.outcome not in NOT_MISSED:
                    slow[step.member].add((step.bonus, step.level, step.outcome, sale))
        for member in run.result.member.tolist():
            found = missed_by(run.result, member)
            assert {
                (each.bonus, each.level, each.outcome, sale)
                for each in found
                for sale in each.sales.tolist()
            } == slow[member], (run.name, member)


def shuffled(snapshot: Snapshot, seed: int) -> Snapshot:
    """Return the same facts with members, sales and state in another order."""
    random = np.random.default_rng(seed)
    rows = random.permutation(len(snapshot.member))
    place = np.append(np.argsort(rows), -1).astype(np.int32)
    sales = random.permutation(len(snapshot.sale))
    changed: dict[str, Any] = {
        name: getattr(snapshot, name)[rows]
        for name in ("member", "joined", "joined_day", "joined_month", "market", "holder", "flags",
                     "rank_override")
    }  # fmt: skip
    for name in ("sponsor", "enroller"):
        changed[name] = place[getattr(snapshot, name)][rows]
    changed |= {name: getattr(snapshot, name)[sales] for name in SALE_COLUMNS}
    changed["seller"] = place[snapshot.seller[sales]]
    changed["columns"] = {name: values[sales] for name, values in snapshot.columns.items()}
    changed["placements"] = {
        name: Placement(
            np.where(given.parent < 0, given.parent, place[given.parent])[rows].astype(np.int32),
            given.leg[rows],
        )
        for name, given in snapshot.placements.items()
    }
    state, posted = snapshot.carried, snapshot.posted
    order = random.permutation(len(state.key))
    changed["carried"] = Carried(
        state.names, state.key[order], place[state.row[order]], state.age[order], state.value[order]
    )
    changed["posted"] = replace(posted, row=place[posted.row])
    return replace(snapshot, **changed)


def test_the_same_facts_give_the_same_bytes_in_whatever_order_they_come() -> None:
    for seed, run in enumerate(drawn_runs()):
        other = shuffled(run.snapshot, seed)

        result = calculate_run(other, plan_of(run))

        assert snapshot_digest(other) == snapshot_digest(run.snapshot), run.name
        assert result_digest(result) == result_digest(run.result), run.name
        assert rows_of(result) == rows_of(run.result), run.name


def test_other_numbers_of_people_in_the_same_order_change_nothing() -> None:
    for run in drawn_runs():
        snapshot = run.snapshot
        customer = np.where(snapshot.customer < 0, -1, snapshot.customer * 1_000_003)
        other = replace(snapshot, member=snapshot.member * 1_000_003, customer=customer)

        result = calculate_run(other, plan_of(run))

        assert np.array_equal(result.member, run.result.member * 1_000_003)
        for one, two in zip(result.standings.figures, run.result.standings.figures, strict=True):
            assert np.array_equal(one, two), run.name
        for field in fields(result.earnings):
            name = field.name
            assert np.array_equal(
                getattr(result.earnings, name), getattr(run.result.earnings, name)
            ), run.name


def test_without_sales_and_without_a_state_nobody_is_paid() -> None:
    for run in drawn_runs():
        nothing = {name: np.zeros_like(values) for name, values in run.snapshot.columns.items()}
        quiet = replace(
            run.snapshot, columns=nothing, carried=NOTHING_CARRIED, posted=NOTHING_POSTED
        )

        result = calculate_run(quiet, plan_of(run))

        assert result.total == 0, run.name
        assert len(lines_of(result).earner) == 0, run.name


def test_a_second_time_gives_the_same_bytes() -> None:
    for run in drawn_runs():
        again = calculate_run(run.snapshot, plan_of(run))

        assert result_digest(again) == result_digest(run.result), run.name


@pytest.mark.parametrize("thirds", [False, True])
def test_a_return_of_everything_leaves_nothing(*, thirds: bool) -> None:
    """Returns inside the period are netted: no pay, no volume, no line of its own."""
    for run in drawn_runs():
        if not len(run.snapshot.sale):
            continue
        returned = returning(run.snapshot, parts=3 if thirds else 1)

        result = calculate_run(returned, plan_of(run))

        assert result.total == 0, run.name
        assert len(lines_of(result).earner) == 0, run.name
        for index, figure in enumerate(plan_of(run).figures):
            if isinstance(figure, SaleFigure | SaleMix | GroupFigure | CompressedFigure):
                assert not result.standings.figures[index].any(), (run.name, figure.name)


def returning(snapshot: Snapshot, parts: int) -> Snapshot:
    """Return a period in which all that was sold comes back in so many parts."""
    rows, last = len(snapshot.sale), int(snapshot.sale.max()) + 1
    given: dict[str, Any] = {name: [getattr(snapshot, name)] for name in SALE_COLUMNS}
    columns = {name: [values] for name, values in snapshot.columns.items()}
    back = [np.full(rows, -1, np.int64)]
    for part in range(parts):
        for name in SALE_COLUMNS:
            given[name].append(getattr(snapshot, name))
        given["sale"][-1] = np.arange(rows) + last + part * rows
        for name, values in snapshot.columns.items():
            before, now = values * part // parts, values * (part + 1) // parts
            columns[name].append(before - now)
        back.append(snapshot.sale)
    kept: dict[str, Any] = {
        field.name: getattr(snapshot, field.name)
        for field in fields(snapshot)
        if field.name not in (*SALE_COLUMNS, "columns", "calm", "carried", "posted")
    }
    kept |= {name: np.concatenate(values) for name, values in given.items()}
    kept["columns"] = {name: np.concatenate(values) for name, values in columns.items()}
    return make_snapshot(**kept, returns=np.concatenate(back))
