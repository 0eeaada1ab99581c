"""Lines as a table that says everything by name: what each column holds is in `SCHEMA`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from commissions.engine import Evidence, Plan
from commissions.engine.plan import MatchingRule, PayKind
from commissions.exports.names import Names
from commissions.exports.sources import Source
from commissions.frozen import Columns

SCHEMA: Final = pa.schema(
    [
        ("run", pa.int64()),
        ("run_status", pa.string()),
        ("period_type", pa.string()),
        ("period", pa.string()),
        ("line", pa.int64()),
        ("member", pa.string()),
        ("bonus", pa.string()),
        ("level", pa.int32()),
        ("rate_ppm", pa.int32()),
        ("evidence", pa.string()),
        ("order", pa.string()),
        ("sale", pa.int64()),
        ("sold_at", pa.timestamp("us", tz="UTC")),
        ("of_member", pa.string()),
        ("of_bonus", pa.string()),
        ("base", pa.int64()),
        ("base_unit", pa.string()),
        ("amount_minor", pa.int64()),
        ("currency", pa.string()),
        ("reverses", pa.int64()),
        ("returned_sale", pa.int64()),
        ("returned_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""Integers and text, no float. `line` counts from 1. `base` is hundredths of a point, or in
smallest units of the currency, as `base_unit` says. `order`, `sale` and `sold_at` are of the sale
that a line rests on; where it rests on more, `of_member` and `of_bonus` say whose figures it rests
on. `reverses` is the posted run whose pay a line takes back, `returned_sale` the return."""

POINTS: Final = "hundredths of a point"
MONEY: Final = "smallest units of the currency"

Ints = npt.NDArray[np.int64]


def tables_of(source: Source, members: Names, sales: Names) -> Iterator[pa.Table]:
    """Yield the lines of a run, part by part, in its order."""
    paid = _Told(source.plans, lambda plan: [(pay.name, _unit(plan, pay)) for pay in plan.pays])
    bonuses = _Told(source.plans, lambda plan: [(rule.name, "") for rule in plan.bonuses])
    count = 0
    for part in source.parts:
        lines = len(part["amount_minor"])
        columns = {
            **_of_run(source, lines),
            **_numbers(part),
            **_rests_on(part, members, sales, bonuses),
            "line": pa.array(np.arange(count + 1, count + lines + 1)),
        }
        at = paid.at(part["reverses"], part["bonus"])
        columns["bonus"], columns["base_unit"] = paid.names.take(at), paid.units.take(at)
        yield pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)
        count += lines


def _unit(plan: Plan, pay: Any) -> str:
    in_money = pay.kind == PayKind.BONUS and isinstance(plan.bonuses[pay.of], MatchingRule)
    return MONEY if in_money else POINTS


class _Told:
    """Names and units of what plans pay, one plan after the other."""

    def __init__(
        self, plans: Mapping[int, Plan], told: Callable[[Plan], list[tuple[str, str]]]
    ) -> None:
        self._first: dict[int, int] = {}
        found: list[tuple[str, str]] = []
        for run, plan in plans.items():
            self._first[run] = len(found)
            found += told(plan)
        self.names = pa.array([name for name, _ in found], pa.string())
        self.units = pa.array([unit for _, unit in found], pa.string())

    def at(self, reverses: Ints, place: npt.NDArray[Any]) -> pa.Array:
        """Return where the places of each line's plan stand, and null for no place."""
        runs, which = np.unique(reverses, return_inverse=True)
        first = np.array([self._first[run] for run in runs.tolist()], np.int64)
        return pa.array(first[which] + place, mask=place < 0)


def _of_run(source: Source, lines: int) -> dict[str, pa.Array]:
    """Return what is the same in all lines."""
    run = source.run
    return {
        "run": pa.repeat(pa.scalar(run.pk, pa.int64()), lines),
        "run_status": pa.repeat("posted" if run.posted_at else "live", lines),
        "period_type": pa.repeat(run.period.type_id, lines),
        "period": pa.repeat(run.period.label, lines),
        "currency": pa.repeat(run.currency, lines),
    }


def _numbers(part: Columns) -> dict[str, pa.Array]:
    found = {name: pa.array(part[name]) for name in ("base", "amount_minor")}
    found["level"] = pa.array(part["level"].astype(np.int32))
    found["rate_ppm"] = pa.array(part["rate_ppm"].astype(np.int32))
    found["reverses"] = pa.array(part["reverses"], mask=part["reverses"] == 0)
    found["returned_sale"] = pa.array(part["returned_id"], mask=part["returned_id"] == 0)
    return found


def _rests_on(part: Columns, members: Names, sales: Names, bonuses: _Told) -> dict[str, pa.Array]:
    """Return who earned each line, and what it rests on: a sale, or figures of a member."""
    source = part["source_id"]
    on_sale = part["evidence"] == int(Evidence.SALE)
    sale = sales.at(source, on_sale)
    everybody = np.ones(len(source), np.bool_)
    returned = sales.at(part["returned_id"], part["returned_id"] != 0)
    return {
        "member": members.take("code", members.at(part["member_id"], everybody)),
        "evidence": _EVIDENCE.take(pa.array(part["evidence"])),
        "order": sales.take("code", sale),
        "sale": pa.array(source, mask=~on_sale),
        "sold_at": sales.take("sold_at", sale),
        "of_member": members.take("code", members.at(source, ~on_sale & (source >= 0))),
        "of_bonus": bonuses.names.take(bonuses.at(part["reverses"], part["source_bonus"])),
        "returned_at": sales.take("returned_at", returned),
    }


_EVIDENCE: Final = pa.array([kind.name.lower() for kind in sorted(Evidence)])
