"""What a run is worked out from: columns of numbers. The contract with the database and the lab.

Rows are distributors only, in any order:

    member         int64   the distributor's number outside; unique, not negative
    sponsor        int32   row of the sponsor, -1 at the top
    flags          uint8   bits of `Flag`, from the policies of the member's state
    rank_override  int16   -1: nothing set by hand; 0: no rank; 1 and up: that rank of the plan

Sales of the period, in any order. A sale of which nothing is left may stay or be left out:

    sale           int64   the sale's number outside; unique, not negative
    seller         int32   row of the distributor to whom the sale is credited
    own            bool    True: the distributor bought; False: a customer did
    customer       int64   the customer's number outside; -1 for an own order
    pv, cv         int64   hundredths of a point

`make_snapshot` checks all this once, at the door. Returns inside the period may be given as
further sales with `returns` (the number of the sale they return, -1 for a sale): their figures
are taken off that sale, and they make no lines of their own, so that thirds that come back one
by one cost exactly what the sale paid. A negative sale without `returns` is a sale like another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.errors import BadSnapshot, TooLarge
from commissions.engine.money import LIMIT, absolute_total

Column = NDArray[Any] | Sequence[int] | Sequence[bool]

MAX_ROWS = 2**31 - 2


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
class Snapshot:
    """Columns as the module says; made by `make_snapshot`, which checks them."""

    member: NDArray[np.int64]
    sponsor: NDArray[np.int32]
    flags: NDArray[np.uint8]
    rank_override: NDArray[np.int16]
    sale: NDArray[np.int64]
    seller: NDArray[np.int32]
    own: NDArray[np.bool_]
    customer: NDArray[np.int64]
    pv: NDArray[np.int64]
    cv: NDArray[np.int64]


def make_snapshot(
    *,
    member: Column,
    sponsor: Column,
    flags: Column | None = None,
    rank_override: Column | None = None,
    sale: Column = (),
    seller: Column = (),
    own: Column = (),
    customer: Column = (),
    pv: Column = (),
    cv: Column = (),
    returns: Column | None = None,
) -> Snapshot:
    """Return the columns in their types, checked, with returns taken off their sales.

    Left out, `flags` is everything allowed and `rank_override` nothing. Circles of sponsors are
    found by `order_network`, ranks that the plan does not have by `calculate_run`.

    >>> make_snapshot(member=[7, 9], sponsor=[-1, 5])
    Traceback (most recent call last):
    commissions.engine.errors.BadSnapshot: sponsor: row 1 holds 5, which is not from -1 to 1
    """
    n = len(member)
    snapshot = Snapshot(
        member=_column("member", member, np.int64, n),
        sponsor=_column("sponsor", sponsor, np.int32, n),
        flags=_column("flags", np.full(n, Flag.ALL) if flags is None else flags, np.uint8, n),
        rank_override=_column(
            "rank_override", np.full(n, -1) if rank_override is None else rank_override, np.int16, n
        ),
        sale=_column("sale", sale, np.int64, len(sale)),
        seller=_column("seller", seller, np.int32, len(sale)),
        own=_column("own", own, np.bool_, len(sale)),
        customer=_column("customer", customer, np.int64, len(sale)),
        pv=_column("pv", pv, np.int64, len(sale)),
        cv=_column("cv", cv, np.int64, len(sale)),
    )
    _check(snapshot)
    if returns is None:
        return snapshot
    return _take_off(snapshot, _column("returns", returns, np.int64, len(sale)))


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
    _check_range("seller", snapshot.seller, 0, n - 1)
    _check_range("flags", snapshot.flags, 0, int(Flag.ALL))
    _check_range("rank_override", snapshot.rank_override, -1, 2**15 - 1)
    _check_numbers("member", snapshot.member)
    _check_numbers("sale", snapshot.sale)
    wrong = np.flatnonzero((snapshot.customer < 0) != snapshot.own)
    if len(wrong):
        raise BadSnapshot(
            f"customer: sale {snapshot.sale[wrong[0]]} is own and has a customer, or neither"
        )
    for name, volume in (("pv", snapshot.pv), ("cv", snapshot.cv)):
        if len(volume) and (volume.min() == np.iinfo(np.int64).min):
            raise TooLarge(f"{name}: a volume leaves 64 bits")
        if absolute_total(volume) >= LIMIT:
            raise TooLarge(f"{name}: all volumes together leave 64 bits")


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
    pv, cv = snapshot.pv[kept], snapshot.cv[kept]
    np.add.at(pv, at, snapshot.pv[is_return])
    np.add.at(cv, at, snapshot.cv[is_return])
    return Snapshot(
        member=snapshot.member, sponsor=snapshot.sponsor, flags=snapshot.flags,
        rank_override=snapshot.rank_override, sale=numbers, seller=snapshot.seller[kept],
        own=snapshot.own[kept], customer=snapshot.customer[kept], pv=pv, cv=cv,
    )  # fmt: skip
