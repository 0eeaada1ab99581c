"""The hybrid month held against the oracle, and against the lab, before any time is told.

The oracle is the slow version of every rule in `tests/oracle`, written from the language page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from bench.engine.earnings import Disagreement
from bench.engine.hybrid import (
    PLAN_FILE,
    Measured,
    Size,
    a_month_older,
    hybrid_plan,
    measure_apart,
    month_of,
    placements_of,
)
from bench.engine.months import CUSTOMERS_EACH, Month, snapshot_of
from bench.shell import Say
from commissions.engine import Placement, RunResult, calculate_run, result_digest
from commissions.engine.snapshot import NOTHING_CARRIED
from tests.oracle.cases import oracle_answers
from tests.oracle.comparing import differences_of_run
from tests.oracle.drawing.case import Bought, Case, Person, Stretch
from tests.oracle.lab_side import lab_outcomes

SMALL: Final = {"wide": 300, "mixed": 300, "deep": 200, "chain": 120}
"""So many members the oracle can stand; it walks up a chain for every sale."""
MONTHS: Final = ("2026-01-01..2026-02-01", "2026-02-01..2026-03-01")


def measure_agreed(sizes: Sequence[Size], say: Say) -> Iterator[Measured]:
    """Measure every size; of each shape only after a small network of it has agreed."""
    for shape in dict.fromkeys(size.shape for size in sizes):
        say(f"hybrid, {shape}: the oracle")
        agree_with_oracle(shape, sizes[0].seed)
    for size in sizes:
        say(f"hybrid, {size.shape}: {size.members:,} members, {size.orders:,} orders")
        yield measure_apart(size)


def agree_with_oracle(shape: str, seed: int) -> int:
    """Refuse to go on unless both months agree: standings, each line, state; return the lines."""
    members = SMALL[shape]
    size = Size(members, 2 * members, shape, seed)
    months = [month_of(size, number) for number in (1, 2)]
    placement = placements_of(months[0], seed)["binary"]
    case = case_of(months, placement)
    ours = [result_digest(result) for result in _results(months, placement)]
    lines = 0
    for (_, answer), outcome, digest in zip(
        oracle_answers(case), lab_outcomes(case), ours, strict=True
    ):
        for difference in differences_of_run(answer, outcome):
            raise Disagreement(f"the oracle, {shape}: {difference}")
        if result_digest(outcome.result) != digest:
            raise Disagreement(f"the lab, {shape}: other figures than those that are measured")
        lines += len(answer.lines)
    return lines


def _results(months: Sequence[Month], placement: Placement) -> Iterator[RunResult]:
    plan, carried = hybrid_plan(), NOTHING_CARRIED
    for month in months:
        result = calculate_run(snapshot_of(month, {"binary": placement}, carried), plan)
        carried = a_month_older(result.carried)
        yield result


def case_of(months: Sequence[Month], placement: Placement) -> Case:
    """Return the months as a case that oracle and lab understand."""
    sponsor, members = months[0].sponsor.tolist(), len(months[0].sponsor)
    legs = ("", "left", "right")
    people = [
        Person(
            id=f"d{row}",
            sponsor=f"d{sponsor[row]}" if row else "",
            places={"binary": (f"d{max(above, 0)}", legs[leg])},
        )
        for row, (above, leg) in enumerate(
            zip(placement.parent.tolist(), placement.leg.tolist(), strict=True)
        )
    ]
    known = sorted({who for month in months for who in month.customer.tolist() if who >= 0})
    people += [
        Person(id=f"c{who}", sponsor=f"d{(who - members) // CUSTOMERS_EACH}", is_customer=True)
        for who in known
    ]
    sales = [sale for number, month in enumerate(months, start=1) for sale in _sales(month, number)]
    plan = tomllib.loads(PLAN_FILE.read_text(encoding="utf-8"))
    return Case(plan, people, sales, [Stretch(period) for period in MONTHS])


def _sales(month: Month, number: int) -> Iterator[Bought]:
    rows = zip(
        month.seller.tolist(), month.customer.tolist(), month.pv.tolist(), month.cv.tolist(),
        strict=True,
    )  # fmt: skip
    for place, (seller, customer, pv, cv) in enumerate(rows):
        yield Bought(
            id=f"s{number}-{place}",
            member=f"d{seller}" if customer < 0 else f"c{customer}",
            at=f"2026-{number:02}-10",
            figures={"pv": Fraction(pv, 100), "cv": Fraction(cv, 100)},
        )
