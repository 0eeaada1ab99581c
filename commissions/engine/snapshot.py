"""What a run is worked out from: columns of numbers. The contract with the database and the lab.

Rows are distributors only, in any order:

    member         int64   the distributor's number outside; unique, not negative
    sponsor        int32   row of the sponsor, -1 at the top
    enroller       int32   row of the enroller, -1: nobody; left out: the sponsor
    joined         int64   moment of joining; only its order matters
    joined_day     int32   local day of joining (days from any day on, the same for all)
    joined_month   int32   local month of joining (months from any month on)
    market         int16   place in tables by market, 0: none that the plan names
    holder         int64   number of who holds it; left out: everybody is held by somebody else
    flags          uint8   bits of `Flag`, from the policies of the member's state
    rank_override  int16   -1: nothing set by hand; 0: no rank; 1 and up: that rank of the plan
    placements     by the name of a placement tree: `Placement`

Sales, in any order. A sale of which nothing is left may stay or be left out:

    sale           int64   the sale's number outside; unique, not negative
    seller         int32   row of the distributor to whom the sale is credited
    own            bool    True: the distributor bought; False: a customer did
    customer       int64   the customer's number outside, of the same series as members' (who has
                           become a distributor is the same buyer); -1 for an own order
    columns        int64   by name: hundredths of a point
    age_days       int32   local days from the buyer's joining to the sale
    age_months     int32   local calendar months from the buyer's joining to the sale
    first          bool    of the buyer's first order
    pays           bool    bonuses are paid on it; left out: all
    counts         bool    volumes count it; left out: all
    late           bool    what came back of an earlier period's sale: figures below zero

`make_snapshot` checks all this once, at the door. Returns inside the period may be given as
further sales with `returns` (the number of the sale they return, -1 for a sale): their figures
are taken off that sale, and they make no lines of their own, so that thirds that come back one
by one cost exactly what the sale paid. A negative sale without `returns` is a sale like another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bounds import refuse_from_limit, size_of
from commissions.engine.errors import BadSnapshot, TooLarge

Column = NDArray[Any] | Sequence[int] | Sequence[bool]

MAX_ROWS = 2**31 - 2
NOT_IN_TREE = -2


class Flag(IntFlag):
    """What a member's state allows for this run."""

    EARNS = 1
    OCCUPIES_LEVEL = 2
    COUNTS_AS_LEG = 4
    KEEPS_VOLUME = 8
    KEEPS_CUSTOMERS = 16
    """Without it, customers' orders count for the nearest upline who has it."""
    ALL = 31


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A placement tree: row of the parent (-1 a top, `NOT_IN_TREE`), and the leg, from 1."""

    parent: NDArray[np.int32]
    leg: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """State: `value` of key `names[key]` for a member's row; `age` in periods, -1: undated.

    What comes in is 1 period old if it is of the period before. What a run leaves is of age 0 if
    it is of this period. Ranks are numbers. Rows of one key and member are in the order of age.
    """

    names: tuple[str, ...]
    key: NDArray[np.int32]
    row: NDArray[np.int32]
    age: NDArray[np.int32]
    value: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PostedPay:
    """What shorter periods paid: bonus (place in `Plan.bonuses`), member's row, amount."""

    bonus: NDArray[np.int32]
    row: NDArray[np.int32]
    amount: NDArray[np.int64]


NOTHING_CARRIED = Carried(
    (), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64)
)
NOTHING_POSTED = PostedPay(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Columns as the module says; made by `make_snapshot`, which checks them."""

    member: NDArray[np.int64]
    sponsor: NDArray[np.int32]
    enroller: NDArray[np.int32]
    joined: NDArray[np.int64]
    joined_day: NDArray[np.int32]
    joined_month: NDArray[np.int32]
    market: NDArray[np.int16]
    holder: NDArray[np.int64]
    flags: NDArray[np.uint8]
    rank_override: NDArray[np.int16]
    sale: NDArray[np.int64]
    seller: NDArray[np.int32]
    own: NDArray[np.bool_]
    customer: NDArray[np.int64]
    columns: dict[str, NDArray[np.int64]]
    age_days: NDArray[np.int32]
    age_months: NDArray[np.int32]
    first: NDArray[np.bool_]
    pays: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    late: NDArray[np.bool_]
    placements: dict[str, Placement] = field(default_factory=dict)
    carried: Carried = NOTHING_CARRIED
    posted: PostedPay = NOTHING_POSTED
    last_day: int = 0
    """Local day of the period's last day, as in `joined_day`."""
    last_month: int = 0
    cadence: str = ""
    """The rhythm of the run; empty: the plan's own."""
    calm: bool = field(init=False)
    """All sales pay and count, and none is late: what nearly every run is made of."""

    def __post_init__(self) -> None:
        """Look whether it is calm; also where some columns are replaced."""
        calm = bool(self.pays.all() and self.counts.all() and not self.late.any())
        object.__setattr__(self, "calm", calm)


OF_MEMBERS: dict[str, tuple[type[np.generic], int]] = {
    "joined": (np.int64, 0),
    "joined_day": (np.int32, 0),
    "joined_month": (np.int32, 0),
    "market": (np.int16, 0),
    "flags": (np.uint8, int(Flag.ALL)),
    "rank_override": (np.int16, -1),
}
"""Types of a member's columns, and what stands in one that is left out."""
OF_SALES: dict[str, tuple[type[np.generic], int | bool]] = {
    "sale": (np.int64, 0),
    "seller": (np.int32, 0),
    "own": (np.bool_, True),
    "customer": (np.int64, -1),
    "age_days": (np.int32, 0),
    "age_months": (np.int32, 0),
    "first": (np.bool_, False),
    "pays": (np.bool_, True),
    "counts": (np.bool_, True),
    "late": (np.bool_, False),
}
"""The same of all that a sale has besides its figures."""
SALE_COLUMNS = tuple(OF_SALES)


class Given(TypedDict, total=False):
    """What `make_snapshot` takes besides members and sponsors; None is left out."""

    enroller: Column | None
    joined: Column | None
    joined_day: Column | None
    joined_month: Column | None
    market: Column | None
    holder: Column | None
    flags: Column | None
    rank_override: Column | None
    sale: Column | None
    seller: Column | None
    own: Column | None
    customer: Column | None
    columns: Mapping[str, Column]
    age_days: Column | None
    age_months: Column | None
    first: Column | None
    pays: Column | None
    counts: Column | None
    late: Column | None
    returns: Column | None
    placements: Mapping[str, Placement]
    carried: Carried
    posted: PostedPay
    last_day: int
    last_month: int
    cadence: str


def make_snapshot(*, member: Column, sponsor: Column, **given: Unpack[Given]) -> Snapshot:
    """Return the columns in their types, checked, with returns taken off their sales.

    Left out, `flags` is everything allowed, `rank_override` nothing; all joined at once on day 0,
    and every sale is of its day. Circles are found by `order_network`, ranks that the plan does
    not have and columns that it misses by `calculate_run`.

    >>> make_snapshot(member=[7, 9], sponsor=[-1, 5])
    Traceback (most recent call last):
    commissions.engine.errors.BadSnapshot: sponsor: row 1 holds 5, which is not from -1 to 1
    """
    left: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    n, m, returns = len(member), len(left.get("sale", ())), left.pop("returns", None)
    left["columns"] = {
        name: _column(name, values, np.int64, m) for name, values in left.get("columns", {}).items()
    }
    left["placements"] = dict(left.get("placements", {}))
    for names, size in ((OF_MEMBERS, n), (OF_SALES, m)):
        for name, (dtype, default) in names.items():
            column = left[name] if name in left else _left_out(size, dtype, default)
            left[name] = _column(name, column, dtype, size)
    left["enroller"] = _column("enroller", left.get("enroller", sponsor), np.int32, n)
    left["holder"] = _column("holder", left.get("holder", member), np.int64, n)
    snapshot = Snapshot(
        member=_column("member", member, np.int64, n),
        sponsor=_column("sponsor", sponsor, np.int32, n),
        **left,
    )
    _check(snapshot)
    if returns is None:
        return snapshot
    return _take_off(snapshot, _column("returns", returns, np.int64, m))


def _left_out(size: int, dtype: type[np.generic], value: int | bool) -> NDArray[Any]:
    """Return a column of one value; of zeros the system gives no memory before they are written."""
    return np.full(size, value, dtype) if value else np.zeros(size, dtype)


def _column(name: str, values: Column, dtype: type[np.generic], length: int) -> NDArray[Any]:
    given = np.asarray(values)
    if len(given) == 0:
        given = given.astype(dtype)
    if given.ndim != 1 or len(given) != length:
        raise BadSnapshot(f"{name}: one column of {length} values is wanted, not {given.shape}")
    if given.dtype.kind not in ("b" if dtype is np.bool_ else "iu"):
        wanted = "true or false" if dtype is np.bool_ else "integers"
        raise BadSnapshot(f"{name}: {wanted} are wanted, not {given.dtype}")
    typed = np.ascontiguousarray(given.astype(dtype, copy=False))
    if typed.dtype != given.dtype and not np.array_equal(typed, given):
        raise BadSnapshot(f"{name}: a value does not fit {typed.dtype}")
    return typed


def _check(snapshot: Snapshot) -> None:
    n = len(snapshot.member)
    if max(n, len(snapshot.sale)) > MAX_ROWS:
        raise TooLarge(f"more than {MAX_ROWS} rows")
    _check_range("sponsor", snapshot.sponsor, -1, n - 1)
    _check_range("enroller", snapshot.enroller, -1, n - 1)
    _check_range("seller", snapshot.seller, 0, n - 1)
    _check_range("market", snapshot.market, 0, 2**15 - 1)
    _check_range("flags", snapshot.flags, 0, int(Flag.ALL))
    _check_range("rank_override", snapshot.rank_override, -1, 2**15 - 1)
    _check_numbers("member", snapshot.member)
    _check_numbers("sale", snapshot.sale)
    for name, placement in snapshot.placements.items():
        _check_placement(name, placement, n)
    _check_range("carried", snapshot.carried.row, 0, n - 1)
    _check_range("posted", snapshot.posted.row, 0, n - 1)
    refuse_from_limit(size_of(snapshot.carried.value).each, "figures of the state")
    refuse_from_limit(size_of(snapshot.posted.amount).together, "earlier payments together")
    wrong = np.flatnonzero((snapshot.customer < 0) != snapshot.own)
    if len(wrong):
        raise BadSnapshot(
            f"customer: sale {snapshot.sale[wrong[0]]} is own and has a customer, or neither"
        )
    for name, volume in snapshot.columns.items():
        refuse_from_limit(size_of(volume).together, f"{name}: all volumes together")


def _check_placement(name: str, placement: Placement, n: int) -> None:
    for what, values in (("parent", placement.parent), ("leg", placement.leg)):
        if len(values) != n:
            raise BadSnapshot(f"{name}.{what}: {n} values are wanted, not {len(values)}")
    _check_range(f"{name}.parent", placement.parent, NOT_IN_TREE, n - 1)


def _check_range(name: str, values: NDArray[Any], low: int, high: int) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if len(wrong):
        raise BadSnapshot(
            f"{name}: row {wrong[0]} holds {values[wrong[0]]}, which is not from {low} to {high}"
        )


def _check_numbers(name: str, values: NDArray[np.int64]) -> None:
    """Refuse negative and doubled numbers; sorted columns cost one pass."""
    if len(values) and values.min() < 0:
        raise BadSnapshot(f"{name}: {values.min()} is negative")
    steps = np.diff(values)
    if (steps > 0).all():
        return
    ordered = np.sort(values)
    doubled = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(doubled):
        raise BadSnapshot(f"{name}: {ordered[doubled[0]]} stands twice")


def _take_off(snapshot: Snapshot, returns: NDArray[np.int64]) -> Snapshot:
    """Return a snapshot of sales net of their returns, without rows for the returns."""
    is_return = returns >= 0
    if not is_return.any():
        return snapshot
    kept = np.flatnonzero(~is_return)
    kept = kept[np.argsort(snapshot.sale[kept], kind="stable")]
    numbers = snapshot.sale[kept]
    at = np.searchsorted(numbers, returns[is_return])
    known = at < len(numbers)
    known[known] = numbers[at[known]] == returns[is_return][known]
    if not known.all():
        raise BadSnapshot(f"returns: there is no sale {returns[is_return][~known][0]}")
    columns = {}
    for name, values in snapshot.columns.items():
        columns[name] = values[kept]
        np.add.at(columns[name], at, values[is_return])
    taken: dict[str, Any] = {name: getattr(snapshot, name)[kept] for name in SALE_COLUMNS}
    return replace(snapshot, columns=columns, **taken)
