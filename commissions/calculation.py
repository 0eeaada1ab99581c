"""The bridge to the engine: books and a plan in, rows for the database out. Nothing is read here.

The same books and the same plan give the same rows, in a warm worker and in a cold process alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from commissions.engine import (
    ENGINE_VERSION,
    Plan,
    RunResult,
    Snapshot,
    calculate_run,
    digest_columns,
    lines_of,
    make_snapshot,
    order_network,
)
from commissions.engine.tree import nearest
from commissions.frozen import LINES
from commissions.late_returns import reversals_of
from commissions.publishing import EARNING_KEY, EARNINGS, standings_dtype
from commissions.reading import Books
from mlm.copying import Rows
from mlm.errors import InvariantBroken

# Each part costs a pass over all sales, so they are few; a million lines take about 100 MB
_LINES_AT_A_TIME: Final = 2_000_000
# A table of places may have so many times more entries than there are ids
_DENSE: Final = 8


@dataclass(frozen=True, slots=True)
class Calculated:
    """A run's figures, and what is needed to show the single lines behind them."""

    books: Books
    plan: Plan
    snapshot: Snapshot
    result: RunResult
    reversals: Rows
    standings: Rows
    earnings: Rows
    input_digest: str
    result_digest: str

    @property
    def currency(self) -> str:
        """Return the currency of all amounts."""
        return self.plan.currency

    @property
    def engine_version(self) -> str:
        """Return what the engine calls itself."""
        return ENGINE_VERSION

    @property
    def commissionable_minor(self) -> int:
        """Return all commissionable volume in money of the plan's currency, rounded once."""
        points = int(self.snapshot.cv.sum())
        scale = 100 * self.plan.point_den
        return (2 * points * self.plan.point_num + scale) // (2 * scale)


def calculate(books: Books, plan: Plan) -> Calculated:
    """Work out a period's figures."""
    snapshot = _snapshot(books)
    result = calculate_run(snapshot, plan)
    reversals = reversals_of(books.late_lines)
    standings = _standings(result)
    earnings = _earnings(result, reversals)
    return Calculated(
        books=books,
        plan=plan,
        snapshot=snapshot,
        result=result,
        reversals=reversals,
        standings=standings,
        earnings=earnings,
        input_digest=input_digest(books, plan),
        result_digest=digest_of_figures(standings, earnings),
    )


def input_digest(books: Books, plan: Plan, *, engine: str = ENGINE_VERSION) -> str:
    """Return the digest of all that a run's figures follow from, the engine's version included."""
    columns = {"plan": _text(plan.text_digest), "engine": _text(engine)}
    for part, rows in (
        ("network", books.network),
        ("sales", books.sales),
        ("late", books.late_lines),
    ):
        columns |= {f"{part}.{name}": rows[name] for name in rows.dtype.names or ()}
    return digest_columns(columns)


def digest_of_figures(standings: Rows, earnings: Rows) -> str:
    """Return the digest of a run's figures as they stand in the database."""
    columns = {f"earnings.{name}": earnings[name] for name in earnings.dtype.names or ()}
    columns |= {f"standings.{name}": standings[name] for name in standings.dtype.names or ()}
    return digest_columns(columns)


def all_lines(calculated: Calculated) -> Iterator[Rows]:
    """Yield every line of a run in parts: pay in the engine's order, then what is taken back."""
    for rows in _parts(calculated.result):
        yield _pay_lines(calculated, rows=rows)
    yield calculated.reversals


def _parts(result: RunResult) -> Iterator[range]:
    """Cut the network rows into ranges of about so many lines, or of one row with more."""
    count, found = len(result.member), result.earnings
    ends = np.cumsum(found.lines)
    first = 0
    while first < count:
        at = int(np.searchsorted(found.earner, first))
        wanted = (int(ends[at - 1]) if at else 0) + _LINES_AT_A_TIME
        beyond = int(np.searchsorted(ends, wanted, side="right"))
        last = int(found.earner[beyond]) if beyond < len(ends) else count
        yield range(first, max(last, first + 1))
        first = max(last, first + 1)


def lines_of_earner(calculated: Calculated, member_id: int) -> Rows:
    """Return every line of one earner; none for who is no distributor in that period."""
    try:
        row = calculated.result.network.row_of(member_id)
    except KeyError:
        pay = np.empty(0, dtype=LINES)
    else:
        pay = _pay_lines(calculated, rows=range(row, row + 1))
    taken_back = calculated.reversals[calculated.reversals["member_id"] == member_id]
    return np.concatenate([pay, taken_back])


def _pay_lines(calculated: Calculated, *, rows: range) -> Rows:
    found = lines_of(calculated.snapshot, calculated.plan, calculated.result, rows=rows)
    lines = np.zeros(len(found.sale), dtype=LINES)
    lines["sale_id"] = found.sale
    lines["member_id"] = calculated.result.member[found.earner]
    lines["bonus"] = found.bonus
    lines["level"] = found.level
    lines["rate_ppm"] = found.rate_ppm
    lines["base"] = found.base
    lines["amount_minor"] = found.amount
    return lines


def _snapshot(books: Books) -> Snapshot:
    """Leave customers out: each distributor hangs under the nearest distributor above."""
    network, sales = books.network, books.sales
    above = _nearest_distributor(network)
    row = np.cumsum(network["is_distributor"], dtype=np.int64) - 1
    sponsor = np.where(above < 0, -1, row[above]).astype(np.int32)
    distributors = network[network["is_distributor"]]
    seller = _places(distributors["member_id"], sales["credited_id"], "credited distributor")
    own = sales["customer_id"] == 0
    return make_snapshot(
        member=np.ascontiguousarray(distributors["member_id"]),
        sponsor=sponsor[network["is_distributor"]],
        flags=distributors["policy"].astype(np.uint8),
        sale=np.ascontiguousarray(sales["sale_id"]),
        seller=seller.astype(np.int32),
        own=own,
        customer=np.where(own, -1, sales["customer_id"]),
        pv=np.ascontiguousarray(sales["pv"]),
        cv=np.ascontiguousarray(sales["cv"]),
        returns=np.where(sales["returns_id"] == 0, -1, sales["returns_id"]),
    )


def _nearest_distributor(network: Rows) -> npt.NDArray[np.int64]:
    """Return the row of the nearest distributor above each row of the network, -1 at the top."""
    members = np.ascontiguousarray(network["member_id"])
    top = network["sponsor_id"] == 0
    sponsor = np.full(len(network), -1, dtype=np.int64)
    sponsor[~top] = _places(members, network["sponsor_id"][~top], "sponsor")
    if network["is_distributor"].all():
        return sponsor
    ordered = order_network(members, sponsor.astype(np.int32))
    kept = nearest(ordered.sponsor, np.ascontiguousarray(network["is_distributor"][ordered.order]))
    found = np.full(len(network), -1, dtype=np.int64)
    with_sponsor = np.flatnonzero(ordered.sponsor >= 0)
    at = kept[ordered.sponsor[with_sponsor]]
    found[ordered.order[with_sponsor]] = np.where(at < 0, -1, ordered.order[at])
    return found


def _places(
    sorted_ids: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64], what: str
) -> npt.NDArray[np.int64]:
    """Return where each wanted id stands; a stranger means that the books do not fit together."""
    if len(wanted) and not len(sorted_ids):
        raise InvariantBroken(f"{what} {wanted[0]} is not in the network")
    at = _looked_up(sorted_ids, wanted)
    wrong = sorted_ids[np.minimum(at, len(sorted_ids) - 1)] != wanted if len(wanted) else []
    if np.any(wrong):
        stranger = wanted[np.flatnonzero(wrong)[0]]
        raise InvariantBroken(f"{what} {stranger} is not in the network at the period's end")
    return at


def _looked_up(
    sorted_ids: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return where each wanted id would stand; by a table where ids are dense, as they mostly are.

    Ids that are not there get any place.
    """
    if not len(wanted):
        return np.empty(0, dtype=np.int64)
    lowest, span = int(sorted_ids[0]), int(sorted_ids[-1] - sorted_ids[0]) + 1
    if span > _DENSE * len(sorted_ids):
        return np.searchsorted(sorted_ids, wanted)
    place = np.zeros(span, dtype=np.int64)
    place[sorted_ids - lowest] = np.arange(len(sorted_ids))
    found: npt.NDArray[np.int64] = place[np.clip(wanted - lowest, 0, span - 1)]
    return found


def _standings(result: RunResult) -> Rows:
    found = result.standings
    rows = np.zeros(len(result.member), dtype=standings_dtype(len(found.counts)))
    rows["member_id"] = result.member
    rows["pv"] = found.pv
    rows["cv"] = found.cv
    rows["gv"] = found.gv
    rows["is_active"] = found.active
    rows["rank"] = found.rank
    rows["paid_as"] = found.paid_as
    for index, counts in enumerate(found.counts):
        rows["counts"][:, index] = counts
    return rows[np.argsort(rows["member_id"], kind="stable")]


def _earnings(result: RunResult, reversals: Rows) -> Rows:
    found = result.earnings
    rows = np.zeros(len(found.earner), dtype=EARNINGS)
    rows["member_id"] = result.member[found.earner]
    rows["bonus"] = found.bonus
    rows["level"] = found.level
    rows["rate_ppm"] = found.rate_ppm
    rows["lines"] = found.lines
    rows["base"] = found.base
    rows["amount_minor"] = found.amount
    rows = np.concatenate([rows, _summed(reversals)])
    return rows[np.lexsort([rows[name] for name in reversed(EARNING_KEY)])]


def _summed(reversals: Rows) -> Rows:
    """Return the sums of what is taken back per earner, bonus, level, rate and posted run."""
    sums: dict[tuple[int, ...], list[int]] = {}
    for line in reversals:
        key = tuple(int(line[name]) for name in EARNING_KEY)
        total = sums.setdefault(key, [0, 0, 0])
        total[0] += 1
        total[1] += int(line["base"])
        total[2] += int(line["amount_minor"])
    return np.array([(*key, *total) for key, total in sums.items()], dtype=EARNINGS)


def _text(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
