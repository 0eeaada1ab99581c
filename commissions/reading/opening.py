"""What a period begins with: the state that the one before left, and what shorter ones paid."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.backends.utils import CursorWrapper

from commissions import partitions
from commissions.books import POSTED
from commissions.carrying import STATE, STATE_KEY, StateRows, is_of_the_plan, together
from commissions.engine import Plan
from commissions.engine.plan import PayKind
from commissions.models import Period, Run
from commissions.publishing import read_rows
from commissions.reading.asking import Asked
from commissions.recent import Recent
from commissions.rhythms import Rhythm, newest_runs, shorter_periods
from commissions.services.periods import previous_period
from commissions.services.plans import compiled
from mlm.copying import Rows, copy_out

_PAID: Final = np.dtype(
    [("run_id", "i8"), ("member_id", "i8"), ("bonus", "i2"), ("reverses", "i8"), ("amount", "i8")]
)


NO_STATE: Final = StateRows()


def opening_state(cursor: CursorWrapper, rhythm: Rhythm, plan: Plan) -> StateRows:
    """Return what the newest run of the period before left.

    In a shorter rhythm ranks and volumes are those that the longer period before left, and the
    bonuses' own keys those of the short period before.
    """
    state = _left_by(cursor, previous_period(rhythm.period))
    if rhythm.longer is None:
        return state
    longer = _left_by(cursor, previous_period(rhythm.longer))
    own = longer.only(longer.is_of(key for key in longer.keys if is_of_the_plan(key)))
    short = state.only(state.is_of(key for key in state.keys if not is_of_the_plan(key)))
    return together([own, short], [rank.name for rank in plan.ranks])


def _left_by(cursor: CursorWrapper, period: Period | None) -> StateRows:
    run = newest_runs([period]).get(period.pk) if period else None
    return state_of(cursor, run) if run else NO_STATE


def state_of(cursor: CursorWrapper, run: Run) -> StateRows:
    """Return what a run has left, in the order of its key."""
    state = _KEPT.get((run.pk, run.result_digest))
    if state is None:
        table = partitions.table_of(partitions.STATE, run.pk)
        rows = read_rows(cursor, table, STATE, STATE_KEY)
        state = StateRows(tuple(run.state_keys), tuple(run.state_ranks), rows)
        _KEPT.put((run.pk, run.result_digest), state)
    return state


# What earlier runs left, as their rows note its digest: it is asked for at each refresh
_KEPT: Final = Recent[tuple[int, str], StateRows](4)


def posted_pay(cursor: CursorWrapper, rhythm: Rhythm, plan: Plan, asked: Asked) -> Rows:
    """Return what each member was paid in shorter periods by the bonuses that are matched here.

    What those periods took back of each other's pay is off. Until they are posted their live
    figures stand for them.
    """
    if not asked.matched or rhythm.longer is not None:
        return np.empty(0, dtype=POSTED)
    runs = newest_runs(shorter_periods(rhythm.period, plan))
    by_number = {run.pk: run for run in runs.values()}
    paid = paid_by(cursor, by_number)
    kept = np.isin(paid["reverses"], [0, *by_number])
    return _summed(paid[kept], by_number, plan, asked.matched)


def paid_by(cursor: CursorWrapper, runs: Collection[int]) -> Rows:
    """Return what runs paid and took back, by run, member, bonus and the run it was taken from."""
    if not runs:
        return np.empty(0, dtype=_PAID)
    numbers = ", ".join(map(str, runs))
    return copy_out(
        cursor,
        "SELECT run_id, member_id, bonus, reverses, sum(amount_minor)::bigint"
        f" FROM commissions_earning WHERE run_id IN ({numbers})"
        " GROUP BY run_id, member_id, bonus, reverses",
        _PAID,
    )


def _summed(paid: Rows, runs: dict[int, Run], plan: Plan, matched: tuple[int, ...]) -> Rows:
    """Return what was paid, by this plan's bonus and by member; caps of a bonus belong to it."""
    bonus = np.full(len(paid), -1, np.int64)
    said_by = np.where(paid["reverses"] == 0, paid["run_id"], paid["reverses"])
    for run_id, run in runs.items():
        here = said_by == run_id
        bonus[here] = same_bonuses(compiled(run.plan_version.text), plan)[paid["bonus"][here]]
    kept = np.isin(bonus, matched)
    keys = np.stack([bonus[kept], paid["member_id"][kept]], axis=1)
    unique, which = np.unique(keys, axis=0, return_inverse=True)
    rows = np.zeros(len(unique), dtype=POSTED)
    rows["bonus"], rows["member_id"] = unique[:, 0], unique[:, 1]
    np.add.at(rows["amount"], which.reshape(-1), paid["amount"][kept])
    there: Rows = rows[rows["amount"] != 0]
    return there


def same_bonuses(theirs: Plan, ours: Plan) -> npt.NDArray[np.int64]:
    """Return for all that a plan pays the place of our bonus of that name, and -1.

    A cap counts as its bonus.
    """
    names = {rule.name: place for place, rule in enumerate(ours.bonuses)}
    return np.array(
        [
            names.get(theirs.bonuses[pay.of].name, -1)
            if pay.kind in (PayKind.BONUS, PayKind.CAP)
            else -1
            for pay in theirs.pays
        ],
        np.int64,
    )
