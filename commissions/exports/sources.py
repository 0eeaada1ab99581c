"""Where the lines that are exported come from: a posted run's file, or live figures worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as arrow_compute
from django.db.models import Sum

from commissions import frozen
from commissions.engine import Evidence, Plan
from commissions.errors import RunNotInThatState
from commissions.frozen import Columns
from commissions.lines import all_lines
from commissions.models import Earning, Run
from commissions.services.plans import compiled, plans_of
from commissions.services.refreshing import refresh_and_keep

AT_A_TIME: Final = 250_000
"""So many lines are in memory at once, with their names about 100 MB."""
_LOOKED_AT: Final = 1_000_000
"""So many are looked at together for what they name: each look goes through all that is known."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """All lines of a run: how many there are, and what they come to in smallest units.

    `sales` has every sale and return that a line names, by its number. `plans` has the run's own
    plan under 0, and those of the runs whose pay is taken back.
    """

    run: Run
    parts: Iterator[Columns]
    lines: int
    total_minor: int
    sales: Ints
    plans: Mapping[int, Plan]


def source_of(run: Run) -> Source:
    """Return the lines of a run. Refused for a run that is neither posted nor the live one.

    Of a posted run they are read from the file that it froze. A live run is brought up to date
    first, and its lines are those of the very figures that are published then.
    """
    if run.status == Run.Status.POSTED:
        return _posted(run)
    if run.kind == Run.Kind.LIVE and not run.period.is_locked:
        return _live(run)
    raise RunNotInThatState(
        f"Run {run.pk} of {run.period} is neither posted nor live: it has no lines to show.",
        run=run.pk,
    )


def _posted(run: Run) -> Source:
    sales = pa.array([], pa.int64())
    reversed_runs: set[int] = set()
    for part in frozen.line_parts(run.frozen_path, _LOOKED_AT):
        sales = _union(sales, *_named_in(part))
        reversed_runs |= set(arrow_compute.unique(pa.array(part["reverses"])).to_pylist())
    lines = Earning.objects.filter(run=run).aggregate(lines=Sum("lines"))["lines"]
    return Source(
        run=run,
        parts=frozen.line_parts(run.frozen_path, AT_A_TIME),
        lines=int(lines or 0),
        total_minor=run.total_minor,
        sales=np.sort(sales.to_numpy()),
        plans=_plans(run, reversed_runs - {0}),
    )


def _live(run: Run) -> Source:
    run, calculated = refresh_and_keep(run.period)
    if run.period.is_locked:  # since it was asked for: these lines are not those of what is shown
        raise RunNotInThatState(f"{run.period} was locked meanwhile: export its posted run.")
    earnings = calculated.found.earnings
    back = frozen.columns_of(calculated.reversals)
    return Source(
        run=run,
        parts=_cut(all_lines(calculated)),
        lines=int(earnings["lines"].sum()),
        total_minor=int(earnings["amount_minor"].sum()),
        sales=np.union1d(calculated.snapshot.sale, np.concatenate(_named_in(back))),
        plans=_plans(run, set(np.unique(back["reverses"]).tolist())),
    )


def _cut(parts: Iterator[Columns]) -> Iterator[Columns]:
    """Yield parts in pieces of so many lines."""
    for part in parts:
        for first in range(0, len(part["amount_minor"]), AT_A_TIME):
            yield {name: column[first : first + AT_A_TIME] for name, column in part.items()}


def _named_in(part: Columns) -> tuple[Ints, Ints]:
    """Return the sales and the returns that lines name, many of them many times."""
    on_sale = part["evidence"] == int(Evidence.SALE)
    return part["source_id"][on_sale], part["returned_id"][part["returned_id"] > 0]


def _union(known: pa.Array, *more: Ints) -> pa.Array:
    """Return numbers that are known and others, each once, in any order: hashed, not sorted."""
    fresh = [arrow_compute.unique(pa.array(one)) for one in more]
    return arrow_compute.unique(pa.concat_arrays([known, *fresh]))


def _plans(run: Run, reversed_runs: set[int]) -> Mapping[int, Plan]:
    return {0: compiled(run.plan_version.text), **plans_of(reversed_runs)}
