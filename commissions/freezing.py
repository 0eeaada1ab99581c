"""A posted run's folder as a whole: books and lines in, books out again.

Folders that the first version of Upline wrote hold less; they are read as what they were.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from commissions import frozen
from commissions.books import LATE, MATCHED_BACK, PLACES, POSTED, Books, Prior
from commissions.carrying import StateRows
from commissions.dates import Dates
from commissions.engine import Plan
from commissions.models import Run
from commissions.plan import read_plan

FORMAT = 2
_PARTS = ("network", "sales", "places", "posted", "late", "matched_back")


def write_books(
    path: str, run: Run, books: Books, has_written: Callable[[str], None] = lambda part: None
) -> None:
    """Keep all that a run was worked out from; `has_written` is told of each part."""
    for part in _PARTS:
        frozen.write_rows(path, part, getattr(books, part))
        has_written(part)
    frozen.write_rows(path, "state", books.state.rows)
    frozen.write_text(path, "plan.toml", run.plan_version.text)


def write_facts(path: str, run: Run, books: Books, facts: dict[str, object]) -> None:
    """Write the manifest: what cannot be a column, and what the folder is, for people."""
    dates = books.dates
    locked_at = run.period.locked_at
    frozen.write_manifest(
        path,
        {
            "format": FORMAT,
            "period": f"{run.period.type_id} {run.period.label}",
            "starts_at": run.period.starts_at.isoformat(),
            "ends_at": run.period.ends_at.isoformat(),
            "locked_at": locked_at.isoformat() if locked_at else None,
            "run": run.pk,
            "plan": run.plan_version.label,
            "first_day": dates.first_day.isoformat(),
            "last_day": dates.last_day.isoformat(),
            "own_first_day": dates.own_first_day.isoformat(),
            "cadence": dates.cadence,
            "state_keys": books.state.keys,
            "state_ranks": books.state.ranks,
            "takes_back": [[one.run_id, one.frozen_path, one.digest] for one in books.prior],
            **facts,
        },
    )


def read_books(path: str) -> tuple[Books, Plan]:
    """Return what a run was worked out from, and the plan it was paid by."""
    plan = read_plan(frozen.read_text(path, "plan.toml"))
    facts = frozen.read_manifest(path)
    if is_first(facts):
        return _first_books(path, facts, plan), plan
    dates = Dates(
        first_day=date.fromisoformat(facts["first_day"]),
        last_day=date.fromisoformat(facts["last_day"]),
        own_first_day=date.fromisoformat(facts["own_first_day"]),
        own_cadence=plan.cadence,
        cadence=facts["cadence"],
    )
    state = StateRows(
        tuple(facts["state_keys"]), tuple(facts["state_ranks"]), frozen.read_rows(path, "state")
    )
    parts: dict[str, Any] = {part: frozen.read_rows(path, part) for part in _PARTS}
    prior = tuple(Prior(*one) for one in facts["takes_back"])
    return Books(dates=dates, state=state, prior=prior, **parts), plan


def is_first(facts: dict[str, object]) -> bool:
    """Tell whether a folder was written by the first version of Upline."""
    return "format" not in facts


def _first_books(path: str, facts: dict[str, str], plan: Plan) -> Books:
    """Return network and sales: there was no state, and late returns were kept as lines."""
    zone = timezone.get_default_timezone()
    starts_at = datetime.fromisoformat(facts["starts_at"]).astimezone(zone)
    ends_at = datetime.fromisoformat(facts["ends_at"]).astimezone(zone)
    return Books(
        dates=Dates(
            first_day=starts_at.date(),
            last_day=(ends_at - timedelta(microseconds=1)).date(),
            own_first_day=starts_at.date(),
            own_cadence=plan.cadence,
        ),
        network=frozen.read_rows(path, "network"),
        sales=frozen.read_rows(path, "sales"),
        places=np.empty(0, dtype=PLACES),
        state=StateRows(),
        posted=np.empty(0, dtype=POSTED),
        late=np.empty(0, dtype=LATE),
        matched_back=np.empty(0, dtype=MATCHED_BACK),
        prior=(),
    )
