"""What a run is worked out from, as columns: read from the database, or from a frozen run's files.

Rows are in the order of their ids, so that the same books always give the same bytes. Which columns
there are beyond the first ones depends on what the plan asks for (`commissions.asking`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from commissions.carrying import StateRows
from commissions.dates import Dates
from commissions.engine import digest_columns
from mlm.copying import Rows

NETWORK: Final = (
    ("member_id", "i8"),
    ("sponsor_id", "i8"),
    ("is_distributor", "?"),
    ("policy", "i2"),
)
"""Then, as asked: enroller_id, joined_at, holder_id (i8), joined_day and market (i4)."""
SALES: Final = (
    ("sale_id", "i8"),
    ("credited_id", "i8"),
    ("customer_id", "i8"),
    ("pv", "i8"),
    ("cv", "i8"),
    ("returns_id", "i8"),
)
"""Then, as asked: amount (i8, hundredths), day and joined_day (i4, of sale and buyer), first; in a
shorter rhythm pays and counts; late, where late returns change volumes or legs."""
PLACES: Final = np.dtype([("tree", "i2"), ("member_id", "i8"), ("parent_id", "i8"), ("leg", "i2")])
"""Places in placement trees, by the tree's place in the plan; the parent of a top is 0."""
POSTED: Final = np.dtype([("bonus", "i2"), ("member_id", "i8"), ("amount", "i8")])
"""What periods of shorter types paid by bonuses that are matched here."""
LATE: Final = np.dtype(
    [
        ("run_id", "i8"),
        ("return_id", "i8"),
        ("sale_id", "i8"),
        ("is_new", "?"),
        ("pv", "i8"),
        ("cv", "i8"),
        ("amount", "i8"),
    ]
)
"""All that has come back late of posted runs' sales; `is_new` is what this run takes back."""
MATCHED_BACK: Final = np.dtype(
    [("run_id", "i8"), ("bonus", "i2"), ("member_id", "i8"), ("amount", "i8"), ("is_new", "?")]
)
"""What shorter runs took back of pay that a posted run had matched, by its plan's bonus."""

# What a policy lets a member do, as bits of one number: the engine's flags
EARNS: Final = 1
OCCUPIES_LEVEL: Final = 2
COUNTS_AS_LEG: Final = 4
KEEPS_VOLUME: Final = 8
KEEPS_CUSTOMERS: Final = 16


def dtype_of(*fields: tuple[str, str]) -> np.dtype[Any]:
    """Return the layout of rows with these columns."""
    return np.dtype(list(fields))


@dataclass(frozen=True, slots=True)
class Prior:
    """A posted run whose pay is taken back, and the digest of all that it paid."""

    run_id: int
    frozen_path: str
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """What was read, and up to which row of the database."""

    dates: Dates
    network: Rows
    sales: Rows
    places: Rows
    state: StateRows
    posted: Rows
    late: Rows
    matched_back: Rows
    prior: tuple[Prior, ...]
    last_sale_id: int = 0
    last_version_id: int = 0
    visible: str = ""

    def digest(self, plan_digest: str, engine: str) -> str:
        """Return the digest of all that figures follow from, plan and engine included."""
        columns = {"plan": as_column(plan_digest), "engine": as_column(engine)}
        columns["dates"] = as_column(self.dates.text)
        columns["state.keys"] = as_column("\0".join(self.state.keys))
        columns["state.ranks"] = as_column("\0".join(self.state.ranks))
        columns["prior"] = as_column("\n".join(one.digest for one in self.prior))
        for part in ("network", "sales", "places", "posted", "late", "matched_back"):
            columns |= named_columns(part, getattr(self, part))
        return digest_columns(columns | named_columns("state", self.state.rows))


def by_id(rows: Rows, column: str) -> Rows:
    """Return rows in the order of an id; they mostly are."""
    ids: npt.NDArray[np.int64] = rows[column]
    if (ids[1:] > ids[:-1]).all():
        return rows
    return rows[np.argsort(ids, kind="stable")]


def named_columns(part: str, rows: Rows) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of rows by name, for a digest."""
    return {f"{part}.{name}": rows[name] for name in rows.dtype.names or ()}


def as_column(text: str) -> npt.NDArray[Any]:
    """Return a text as a column, for a digest."""
    return np.frombuffer(text.encode(), dtype=np.uint8)
