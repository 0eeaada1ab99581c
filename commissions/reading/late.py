"""What came back late for a period: of which posted runs' sales, how much, and whose it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.db.backends.utils import CursorWrapper

from commissions.books import LATE, MATCHED_BACK, Prior
from commissions.engine import Plan
from commissions.models import Run
from commissions.posted_runs import posted_run
from commissions.reading.asking import Asked
from commissions.reading.extent import Extent, quoted
from commissions.reading.opening import paid_by, same_bonuses
from commissions.rhythms import Rhythm, newest_runs, rhythm_of, shorter_periods
from commissions.services.plans import compiled
from mlm.copying import Rows, copy_out

OWNED: Final = np.dtype([("return_id", "i8"), ("owner_id", "i8"), ("pays", "?"), ("counts", "?")])
"""Late returns that change legs (`pays`) or volumes (`counts`), and whose, by return."""


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """All that late returns do in a period; `commissions.books` says what the columns are."""

    returns: Rows = field(default_factory=lambda: np.empty(0, dtype=LATE))
    matched_back: Rows = field(default_factory=lambda: np.empty(0, dtype=MATCHED_BACK))
    prior: tuple[Prior, ...] = ()
    owned: Rows = field(default_factory=lambda: np.empty(0, dtype=OWNED))


def late_of(
    cursor: CursorWrapper, extent: Extent, rhythm: Rhythm, plan: Plan, asked: Asked
) -> Late:
    """Return what came back late for a period. Runs that are not posted yet are left out."""
    returns = _late(cursor, extent, plan, extent.type_id, extent.starts_at, extent.first_late_id)
    matched = _matched_back(cursor, rhythm, plan)
    prior = _prior({*returns["run_id"].tolist(), *matched["run_id"].tolist()})
    owned = np.empty(0, dtype=OWNED)
    if asked.legs or asked.volumes:
        counted = returns
        if extent.is_short:
            counted = _late(
                cursor, extent, plan, extent.counted_type_id, extent.counted_from,
                extent.counted_late_id,
            )  # fmt: skip
        owned = _owned(returns, counted)
    return Late(returns, matched, prior, owned)


def _late(
    cursor: CursorWrapper, extent: Extent, plan: Plan, kind: str, starts_at: object,
    first_id: int | None,
) -> Rows:  # fmt: skip
    """Return everything that came back late of those periods of a type of which something is new.

    New is what was recorded after the lock of the period before; None: that is not locked.
    """
    if first_id is None:
        return np.empty(0, dtype=LATE)
    known = extent.recorded_as("s.id")
    of_period = "s.commission_at >= p.starts_at AND s.commission_at < p.ends_at"
    late = quoted(
        cursor,
        "p.type_id = %s AND s.commission_at < %s AND s.returns_id IS NOT NULL"
        " AND s.id > p.locked_sale_id",
        [kind, starts_at],
    )
    factor = 10 ** (2 - plan.exponent) if plan.exponent <= 2 else 0
    rows = copy_out(
        cursor,
        # Only numbers and values quoted by the driver are put together here
        "WITH reached AS MATERIALIZED (SELECT DISTINCT p.id FROM orders_saleline s"
        f" JOIN commissions_period p ON {of_period} WHERE s.id > {first_id:d} AND {late}{known})"
        " SELECT r.id, s.id, s.returns_id,"
        f" s.id > {first_id:d}, s.pv, s.cv, s.net_minor * {factor:d}"
        " FROM reached JOIN commissions_period p USING (id)"
        " JOIN commissions_run r ON r.period_id = p.id AND r.status = 'posted'"
        f" JOIN orders_saleline s ON {of_period} WHERE {late}{known}",
        LATE,
    )
    return rows[np.argsort(rows["return_id"], kind="stable")]


def _prior(run_ids: set[int]) -> tuple[Prior, ...]:
    runs = Run.objects.filter(pk__in=run_ids).order_by("period__starts_at", "pk")
    return tuple(
        Prior(run.pk, run.frozen_path, f"{run.input_digest} {run.lines_digest}") for run in runs
    )


def _owned(returns: Rows, counted: Rows) -> Rows:
    """Return whose volume or legs each new return changes; what was nobody's changes nothing."""
    pays = set(returns["return_id"][returns["is_new"]].tolist())
    counts = set(counted["return_id"][counted["is_new"]].tolist())
    both = np.concatenate([returns, counted])
    both = both[both["is_new"]]
    owners: dict[int, int] = {}
    paths = dict(
        Run.objects.filter(pk__in=both["run_id"].tolist()).values_list("pk", "frozen_path")
    )
    for run_id in np.unique(both["run_id"]).tolist():
        own = both[both["run_id"] == run_id]
        found = posted_run(paths[run_id]).owners(own["sale_id"].tolist())
        owners |= dict(zip(own["return_id"].tolist(), found, strict=True))
    rows = [
        (number, owner, number in pays, number in counts)
        for number, owner in sorted(owners.items())
        if owner
    ]
    return np.array(rows, dtype=OWNED)


def _matched_back(cursor: CursorWrapper, rhythm: Rhythm, plan: Plan) -> Rows:
    """Return what shorter runs took back of pay that earlier runs of this type had matched.

    All of it that is known by now, for each run of which something is new.
    """
    if rhythm.longer is not None or not any(rule.cadence for rule in plan.bonuses):
        return np.empty(0, dtype=MATCHED_BACK)
    ours = {run.pk for run in newest_runs(shorter_periods(rhythm.period, plan)).values()}
    taken = paid_by(cursor, ours)
    reversed_runs = set(taken["reverses"].tolist()) - ours - {0}
    parts = [np.empty(0, dtype=MATCHED_BACK)]
    for run in _matched_by(reversed_runs):
        parts.append(_back_of(cursor, run, rhythm, taken))
    return np.concatenate(parts)


def _matched_by(shorter: set[int]) -> list[Run]:
    """Return the posted runs of longer periods that have matched these shorter runs."""
    found: dict[int, Run] = {}
    runs = Run.objects.filter(pk__in=shorter).select_related("period__type", "plan_version")
    for run in runs.order_by("period__ends_at", "pk"):
        longer = rhythm_of(run.period, compiled(run.plan_version.text)).longer
        posted = newest_runs([longer]).get(longer.pk) if longer else None
        if posted is not None and posted.status == Run.Status.POSTED:
            found[posted.pk] = posted
    return list(found.values())


def _back_of(cursor: CursorWrapper, run: Run, rhythm: Rhythm, taken: Rows) -> Rows:
    """Return what has been taken back of the shorter runs that one run has matched."""
    plan = compiled(run.plan_version.text)
    matched = {
        one.pk: one
        for one in newest_runs(shorter_periods(run.period, plan)).values()
        if one.status == Run.Status.POSTED
    }
    between = Run.objects.filter(
        status=Run.Status.POSTED,
        period__type__in={one.period.type_id for one in matched.values()},
        period__ends_at__gt=run.period.ends_at,
        period__ends_at__lte=rhythm.period.starts_at,
    )
    before = paid_by(cursor, list(between.values_list("pk", flat=True)))
    rows = np.zeros(len(before) + len(taken), dtype=MATCHED_BACK)
    both = np.concatenate([before, taken])
    rows["run_id"] = run.pk
    rows["member_id"], rows["amount"] = both["member_id"], both["amount"]
    rows["is_new"][len(before) :] = True
    rows["bonus"] = -1
    for one in matched.values():
        here = both["reverses"] == one.pk
        places = same_bonuses(compiled(one.plan_version.text), plan)
        rows["bonus"][here] = places[both["bonus"][here]]
    return rows[rows["bonus"] >= 0]
