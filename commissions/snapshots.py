"""The bridge to the engine: from books to a snapshot. Nothing is read here.

Customers are left out: each distributor hangs under the nearest distributor above, along sponsors
and along enrollers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from commissions.books import Books
from commissions.carrying import StateRows, carried_in
from commissions.columns import COLUMNS
from commissions.dates import day_number
from commissions.engine import Network, Plan, PostedPay, Snapshot, make_snapshot, order_network
from commissions.engine.snapshot import NOT_IN_TREE, Placement
from commissions.engine.tree import nearest
from commissions.growing import appended, goes_on
from mlm.copying import Rows
from mlm.errors import InvariantBroken

# A table of places may have so many times more entries than there are ids
_DENSE: Final = 8

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The distributors of a network as the engine takes them, by id, and in the engine's order."""

    rows: Rows
    members: Ints
    flags: npt.NDArray[np.uint8]
    columns: dict[str, Any]
    network: Network


@dataclass(frozen=True, slots=True, eq=False)
class Sold:
    """Sales as they were read, and as columns that the engine takes, of the same length."""

    rows: Rows
    columns: dict[str, npt.NDArray[Any]]
    figures: dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A snapshot, its people and sales, and state that it has no row for, passed on as it is."""

    snapshot: Snapshot
    people: People
    sales: Sold
    passed_on: StateRows


def lay(books: Books, plan: Plan, before: Laid | None = None) -> Laid:
    """Return books as the engine takes them; rows are the distributors by id.

    `before` was laid from books that may have the very same network, which is then not laid again;
    nor are the sales that it had, if nothing but new ones came.
    """
    people = _people(books.network, before.people if before else None)
    members = people.members
    sold = _sold(books.sales, members, plan, before)
    came_in = carried_in(books.state, plan, members, books.dates)
    snapshot = make_snapshot(
        member=members,
        flags=people.flags,
        carried=came_in.carried,
        posted=_posted(books.posted, members),
        placements=_placements(books.places, members, plan),
        last_day=day_number(books.dates.last_day),
        last_month=int(months(np.array([day_number(books.dates.last_day)]))[0]),
        cadence=books.dates.cadence,
        columns=sold.figures,
        **people.columns,
        **{name: values for name, values in sold.columns.items() if name != "late" or values.any()},
    )
    return Laid(snapshot, people, sold, came_in.passed_on)


def _people(network: Rows, before: People | None) -> People:
    """Return who the engine takes; as before, if nothing but customers came to the network."""
    if before is not None and network is before.rows:
        return before
    if before is not None and _has_only_more_customers(network, before.rows):
        return replace(before, rows=network)
    is_distributor = network["is_distributor"]
    distributors = network[is_distributor]
    members = np.ascontiguousarray(distributors["member_id"])
    row = np.where(is_distributor, np.cumsum(is_distributor) - 1, -1)
    columns = _of_members(network, row, distributors)
    return People(
        rows=network,
        members=members,
        flags=distributors["policy"].astype(np.uint8),
        columns=columns,
        network=order_network(members, columns["sponsor"]),
    )


def _has_only_more_customers(network: Rows, before: Rows) -> bool:
    """Tell whether a network is another one with further customers, who have no distributors below.

    Whoever is new to the network has nobody below who was in it: that would have brought them in.
    """
    if network.dtype != before.dtype or len(network) < len(before):
        return False
    at = np.searchsorted(network["member_id"], before["member_id"])
    if len(at) and at[-1] >= len(network):
        return False
    is_new = np.ones(len(network), np.bool_)
    is_new[at] = False
    return not network["is_distributor"][is_new].any() and bool((network[at] == before).all())


def _of_members(network: Rows, row: Ints, distributors: Rows) -> dict[str, Any]:
    names = distributors.dtype.names or ()
    found: dict[str, Any] = {"sponsor": _above(network, "sponsor_id", row)}
    if "enroller_id" in names:
        found["enroller"] = _above(network, "enroller_id", row)
    if "joined_at" in names:
        found["joined"] = distributors["joined_at"]
        found["joined_day"] = distributors["joined_day"]
        found["joined_month"] = months(distributors["joined_day"])
    if "market" in names:
        found["market"] = distributors["market"]
    if "holder_id" in names:
        found["holder"] = distributors["holder_id"]
    return found


def _sold(sales: Rows, members: Ints, plan: Plan, before: Laid | None) -> Sold:
    """Return sales as columns; of those that were laid before only sellers' rows may be others."""
    if before is None or not goes_on(sales, before.sales.rows):
        return Sold(sales, _of_sales(sales, members), _figures(sales, plan))
    known, sellers = before.sales.columns, before.people.members
    if sellers is not members:
        row = _looked_up(members, sellers)
        if not _is_at(members, row, sellers).all():  # somebody is no distributor any more
            return Sold(sales, _of_sales(sales, members), _figures(sales, plan))
        known = {**known, "seller": row.astype(np.int32)[known["seller"]]}
    new = sales[len(before.sales.rows) :]
    return Sold(
        sales,
        _longer(known, _of_sales(new, members)),
        _longer(before.sales.figures, _figures(new, plan)),
    )


def _longer(
    columns: dict[str, npt.NDArray[Any]], more: dict[str, npt.NDArray[Any]]
) -> dict[str, npt.NDArray[Any]]:
    return {name: appended(values, more[name]) for name, values in columns.items()}


def _figures(sales: Rows, plan: Plan) -> dict[str, npt.NDArray[Any]]:
    names = sales.dtype.names or ()
    return {
        name: np.ascontiguousarray(sales[name])
        for name in COLUMNS
        if name in names and name in plan.columns
    }


def _of_sales(sales: Rows, members: Ints) -> dict[str, npt.NDArray[Any]]:
    """Return all that a sale has besides its figures."""
    names = sales.dtype.names or ()
    own = sales["customer_id"] == 0
    found: dict[str, npt.NDArray[Any]] = {
        "sale": np.ascontiguousarray(sales["sale_id"]),
        "seller": places(members, sales["credited_id"], "credited distributor").astype(np.int32),
        "own": own,
        "customer": np.where(own, -1, sales["customer_id"]),
        "returns": np.where(sales["returns_id"] == 0, -1, sales["returns_id"]),
    }
    if "day" in names:
        found["age_days"] = sales["day"] - sales["joined_day"]
        found["age_months"] = months(sales["day"]) - months(sales["joined_day"])
    for name in ("first", "pays", "counts", "late"):
        if name in names:
            found[name] = np.ascontiguousarray(sales[name])
    return found


def months(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return the calendar month of days since 2000, counted from January 2000.

    >>> months(np.array([0, 30, 31, -1])).tolist()
    [0, 0, 1, -1]
    """
    month = (np.datetime64("2000-01-01", "D") + days).astype("datetime64[M]").astype(np.int32)
    return np.asarray(month - 360, np.int32)


def _above(network: Rows, column: str, row: Ints) -> npt.NDArray[np.int32]:
    """Return the snapshot's row of the nearest distributor above each distributor, -1 for none."""
    above = _nearest_distributor(network, column)
    found = np.where(above < 0, -1, row[above]).astype(np.int32)
    kept: npt.NDArray[np.int32] = found[network["is_distributor"]]
    return kept


def _nearest_distributor(network: Rows, column: str) -> Ints:
    """Return the row of the nearest distributor above each row of the network, -1 at the top."""
    members = np.ascontiguousarray(network["member_id"])
    top = network[column] == 0
    above = np.full(len(network), -1, dtype=np.int64)
    above[~top] = places(members, network[column][~top], column.removesuffix("_id"))
    if network["is_distributor"].all():
        return above
    ordered = order_network(members, above.astype(np.int32))
    kept = nearest(ordered.sponsor, np.ascontiguousarray(network["is_distributor"][ordered.order]))
    found = np.full(len(network), -1, dtype=np.int64)
    with_one = np.flatnonzero(ordered.sponsor >= 0)
    at = kept[ordered.sponsor[with_one]]
    found[ordered.order[with_one]] = np.where(at < 0, -1, ordered.order[at])
    return found


def _posted(posted: Rows, members: Ints) -> PostedPay:
    """Return the posted pay of who is in the network; of others nothing is matched any more."""
    at = np.searchsorted(members, posted["member_id"])
    there = _is_at(members, at, posted["member_id"])
    return PostedPay(
        bonus=posted["bonus"][there].astype(np.int32),
        row=at[there].astype(np.int32),
        amount=np.ascontiguousarray(posted["amount"][there]),
    )


def _is_at(members: Ints, at: npt.NDArray[np.intp], wanted: Ints) -> npt.NDArray[np.bool_]:
    if not len(members):
        return np.zeros(len(wanted), np.bool_)
    found: npt.NDArray[np.bool_] = members[np.minimum(at, len(members) - 1)] == wanted
    return found


def _placements(placed: Rows, members: Ints, plan: Plan) -> dict[str, Placement]:
    """Return the placement trees that have places, by name."""
    found = {}
    for tree in np.unique(placed["tree"]).tolist():
        rows = placed[placed["tree"] == tree]
        at = places(members, rows["member_id"], "member with a place")
        parent = np.full(len(members), NOT_IN_TREE, np.int32)
        leg = np.zeros(len(members), np.int32)
        top = rows["parent_id"] == 0
        parent[at[top]] = -1
        parent[at[~top]] = places(members, rows["parent_id"][~top], "parent of a place")
        leg[at] = rows["leg"]
        found[plan.trees[tree].name] = Placement(parent, leg)
    return found


def places(sorted_ids: Ints, wanted: Ints, what: str) -> Ints:
    """Return where each wanted id stands; a stranger means that the books do not fit together."""
    if len(wanted) and not len(sorted_ids):
        raise InvariantBroken(f"{what} {wanted[0]} is not in the network")
    at = _looked_up(sorted_ids, wanted)
    wrong = sorted_ids[np.minimum(at, len(sorted_ids) - 1)] != wanted if len(wanted) else []
    if np.any(wrong):
        stranger = wanted[np.flatnonzero(wrong)[0]]
        raise InvariantBroken(f"{what} {stranger} is not in the network at the period's end")
    return at


def _looked_up(sorted_ids: Ints, wanted: Ints) -> Ints:
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
    found: Ints = place[np.clip(wanted - lowest, 0, span - 1)]
    return found
