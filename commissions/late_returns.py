"""Goods that come back after their period was locked: which posted lines they undo, and how far.

Nothing of a posted run is changed and no rank is looked at again. Each line that the sale paid is
taken back by the share of its base that has come back so far, less what runs in between took back
already, so that all parts together take back the whole.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from commissions import frozen
from commissions.engine import reverse_lines
from commissions.engine.money import Rounding
from commissions.engine.plan import BonusRule, Column, PersonalVolume, Plan, UnilevelRule
from commissions.models import Run
from commissions.services.plans import compiled
from mlm.copying import Rows

LATE_RETURNS: Final = np.dtype(
    [("sale_id", "i8"), ("return_id", "i8"), ("period_id", "i8"), ("pv", "i8"), ("cv", "i8")]
)
# A posted line that something takes back: how much of its base is back, and what was undone before
LATE_LINES: Final = np.dtype(
    [
        *((name, frozen.LINES[name]) for name in frozen.LINES.names or ()),
        ("return_id", "i8"),
        ("returned", "i8"),
        ("returned_before", "i8"),
        ("amount_before", "i8"),
        ("rounding", "i2"),
    ]
)
_LINE_KEY: Final = ("sale_id", "member_id", "bonus", "level", "rate_ppm")


def posted_lines_of(returns: Rows) -> Rows:
    """Return the lines that the returned sales were paid by, with how far they are undone."""
    parts = [
        _lines_of_period(int(period_id), returns[returns["period_id"] == period_id])
        for period_id in np.unique(returns["period_id"])
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=LATE_LINES)


def _lines_of_period(period_id: int, returns: Rows) -> Rows:
    run = (
        Run.objects.select_related("plan_version", "period")
        .filter(period_id=period_id, status=Run.Status.POSTED)
        .first()
    )
    if run is None:  # locked, and not posted yet: its own final run comes first
        return np.empty(0, dtype=LATE_LINES)
    plan = compiled(run.plan_version.text)
    posted = frozen.lines_of_sales(run, returns["sale_id"])
    sale = np.searchsorted(returns["sale_id"], posted["sale_id"])
    lines = np.zeros(len(posted), dtype=LATE_LINES)
    for name in posted.dtype.names or ():
        lines[name] = posted[name]
    lines["reverses"] = run.pk
    lines["return_id"] = returns["return_id"][sale]
    lines["rounding"] = int(plan.rounding)
    for index, rule in enumerate(plan.bonuses):
        of_bonus = lines["bonus"] == index
        lines["returned"][of_bonus] = returns[_base_column(plan, rule)][sale[of_bonus]]
    _note_what_was_undone(lines, run)
    return lines[np.argsort(lines, order=_LINE_KEY, kind="stable")]


def _base_column(plan: Plan, rule: BonusRule) -> str:
    """Return which volume of a sale a bonus pays on."""
    if isinstance(rule, UnilevelRule):
        volume = plan.volumes[rule.pays_on]
        if isinstance(volume, PersonalVolume):
            return "pv" if volume.column == Column.PV else "cv"
    raise TypeError(f"{rule.name} pays on no volume of a sale: say how it is taken back")


def _note_what_was_undone(lines: Rows, run: Run) -> None:
    """Add up what runs between the posted one and now took back of the same lines."""
    later = Run.objects.filter(
        status=Run.Status.POSTED,
        period__type_id=run.period.type_id,
        period__starts_at__gt=run.period.starts_at,
    )
    place = {_key(line): index for index, line in enumerate(lines)}
    for other in later.order_by("period__starts_at"):
        for undone in frozen.reversals(other):
            index = place.get(_key(undone)) if undone["reverses"] == run.pk else None
            if index is not None:
                lines["returned_before"][index] -= undone["base"]
                lines["amount_before"][index] += undone["amount_minor"]


def _key(line: np.void) -> tuple[int, ...]:
    return tuple(int(line[name]) for name in _LINE_KEY)


def reversals_of(late: Rows) -> Rows:
    """Return the lines that take back what late returns undo, with negative bases and amounts."""
    lines = np.zeros(len(late), dtype=frozen.LINES)
    for name in lines.dtype.names or ():
        lines[name] = late[name]
    lines["base"] = late["returned_before"] - late["returned"]
    for rounding in np.unique(late["rounding"]):
        same: npt.NDArray[np.bool_] = late["rounding"] == rounding
        part = late[same]
        lines["amount_minor"][same] = reverse_lines(
            part["base"],
            part["amount_minor"],
            returned=part["returned"],
            reversed_already=part["amount_before"],
            rounding=Rounding(int(rounding)),
        )
    kept: Rows = lines[(lines["base"] != 0) | (lines["amount_minor"] != 0)]
    return kept
