"""Reading on: what was committed since the last reading is read, and nothing else.

PostgreSQL itself tells what is new: a row whose transaction the snapshot of the last reading did
not see. So the row of a slow transaction is never skipped, however small its number. A reading
that goes on from another gives the same books, byte for byte, as one from nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from commissions.books import Books, by_id
from commissions.engine import Plan
from commissions.growing import appended, goes_on
from commissions.models import Period
from commissions.reading.asking import Asked, asked_by
from commissions.reading.extent import Extent, extent_of
from commissions.reading.late import Late, late_of
from commissions.reading.network import in_the_network, read_members, read_places
from commissions.reading.opening import opening_state, posted_pay
from commissions.reading.sales import Which, read_sales, with_late
from commissions.rhythms import Rhythm, rhythm_of
from mlm.copying import Rows, copy_out, microseconds
from mlm.database import not_seen_by

# From here on reading everything is quicker than looking rows up
_MANY: Final = 50_000

_LARGE: Final = ("network", "sales", "state")
"""Parts of books that are the very same object where nothing about them changed."""
_NEW_SALE: Final = np.dtype(
    [("id", "i8"), ("buyer_id", "i8"), ("commission_at", "i8"), ("is_return", "?")]
)
# Numbers beyond our own are of another server, from which a dump was restored: nothing new
_OF_THIS_SERVER: Final = (
    "xact <= GREATEST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1,"
    " COALESCE(pg_current_xact_id_if_assigned()::text::bigint, 0))"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a reading follows from besides rows that are written down with their transaction.

    Where one of them is another, everything is read anew. `policies` are what states of life allow,
    `final_runs` what has been posted.
    """

    plan: str
    rhythm: Rhythm
    extent: Extent
    policies: tuple[tuple[object, ...], ...]
    final_runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read of a period. `members` are everybody at its end, `sales` all of its stretch.

    `writer` is the transaction in which it was read, if that wrote anything: a snapshot does not
    say of its own transaction what of it has been seen.
    """

    terms: Terms
    members: Rows
    sales: Rows
    late: Late
    books: Books
    writer: int

    def says_the_same_as(self, other: Reading) -> bool:
        """Tell whether figures of the other reading are figures of this one."""
        ours, theirs = self.books, other.books
        return (
            self.terms == other.terms
            and self.late is other.late
            and all(getattr(ours, part) is getattr(theirs, part) for part in _LARGE)
            and np.array_equal(ours.posted, theirs.posted)
            and np.array_equal(ours.places, theirs.places)
        )


@dataclass(frozen=True, slots=True, eq=False)
class _New:
    """What was committed since: whose versions, and which sales and returns."""

    members: list[int]
    sales: Rows

    @property
    def is_much(self) -> bool:
        return len(self.members) + len(self.sales) > _MANY


def read(
    period: Period,
    plan: Plan,
    before: Reading | None = None,
    has_read: Callable[[str, int], None] = lambda part, rows: None,
) -> Reading:
    """Read all that a period's figures are made of, or what is new of it since a reading before.

    Be in a REPEATABLE READ transaction. Parts that did not change are the very arrays of `before`.
    `has_read` is told of each large part that is read from nothing, and may raise.
    """
    rhythm = rhythm_of(period, plan)
    extent = extent_of(rhythm)
    asked = asked_by(plan, rhythm.cadence)
    with connection.cursor() as cursor:
        terms = _terms(cursor, rhythm, extent, plan)
        new = None
        if before is not None and before.terms == terms:
            new = _new_since(cursor, before)
        if before is None or new is None or new.is_much:
            members = read_members(cursor, extent, asked, plan)
            has_read("members", len(members))
            late = late_of(cursor, extent, rhythm, plan, asked)
            has_read("late returns", len(late.returns))
            sales = read_sales(cursor, extent, asked, plan)
            has_read("sales", len(sales))
            return _reading(cursor, terms, plan, asked, members, sales, late, None)
        late = before.late
        if _is_late_anew(new, extent, plan):
            late = late_of(cursor, extent, rhythm, plan, asked)
        members = _members_now(cursor, before.members, new, extent, asked, plan)
        sales = _sales_now(cursor, before.sales, new, extent, asked, plan)
        return _reading(cursor, terms, plan, asked, members, sales, late, before)


def _reading(
    cursor: CursorWrapper, terms: Terms, plan: Plan, asked: Asked,
    members: Rows, sales: Rows, late: Late, before: Reading | None,
) -> Reading:  # fmt: skip
    """Return the reading, with what is cheap to read in any case."""
    extent, rhythm = terms.extent, terms.rhythm
    network = _network_now(members, asked, before)
    if before is not None and sales is before.sales and late is before.late:
        all_sales = before.books.sales
    else:
        all_sales = with_late(cursor, sales, extent, asked, plan, late)
    cursor.execute(
        "SELECT COALESCE((SELECT max(id) FROM orders_saleline), 0),"
        " COALESCE((SELECT max(id) FROM distributors_memberversion), 0),"
        " pg_current_snapshot()::text,"
        " COALESCE(pg_current_xact_id_if_assigned()::text::bigint, 0)"
    )
    last_sale, last_version, visible, writer = cursor.fetchone()
    books = Books(
        dates=rhythm.dates(plan),
        network=network,
        sales=all_sales,
        places=read_places(cursor, extent, plan),
        state=opening_state(cursor, rhythm, plan),
        posted=posted_pay(cursor, rhythm, plan, asked),
        late=late.returns,
        matched_back=late.matched_back,
        prior=late.prior,
        last_sale_id=last_sale if extent.last_sale_id is None else extent.last_sale_id,
        last_version_id=last_version,
        visible=visible,
    )
    return Reading(terms, members, sales, late, books, writer)


def _terms(cursor: CursorWrapper, rhythm: Rhythm, extent: Extent, plan: Plan) -> Terms:
    cursor.execute(
        "SELECT status, earns, occupies_level, counts_as_leg, keeps_volume, customers"
        " FROM distributors_statuspolicy ORDER BY status"
    )
    policies = tuple(cursor.fetchall())
    cursor.execute(
        "SELECT count(*), COALESCE(max(id), 0), count(*) FILTER (WHERE status = 'posted')"
        " FROM commissions_run WHERE kind = 'final'"
    )
    return Terms(plan.text_digest, rhythm, extent, policies, cursor.fetchone())


def _new_since(cursor: CursorWrapper, before: Reading) -> _New:
    """Return what has been committed since a reading."""
    unseen = not_seen_by(f"'{before.books.visible}'")
    unseen = f"({unseen} AND {_OF_THIS_SERVER} OR xact = {before.writer:d})"
    cursor.execute(f"SELECT DISTINCT member_id FROM distributors_memberversion WHERE {unseen}")
    members = [row[0] for row in cursor.fetchall()]
    sales = copy_out(
        cursor,
        "SELECT id, buyer_id, commission_at, returns_id IS NOT NULL"
        f" FROM orders_saleline WHERE {unseen}",
        _NEW_SALE,
    )
    return _New(members, sales)


def _is_late_anew(new: _New, extent: Extent, plan: Plan) -> bool:
    """Tell whether what came back late may be more than before."""
    if any(rule.cadence for rule in plan.bonuses):
        return True  # live figures of shorter periods take back, too
    returns = new.sales[new.sales["is_return"]]
    starts_at = max(extent.starts_at, extent.counted_from)
    return bool((returns["commission_at"] < microseconds(starts_at)).any())


def _members_now(
    cursor: CursorWrapper, known: Rows, new: _New, extent: Extent, asked: Asked, plan: Plan
) -> Rows:
    """Return everybody at the period's end: who has a new version is read again.

    Versions say as well when their member's market or holder was written (`distributors.guards`).
    """
    if not new.members:
        return known
    rows = read_members(cursor, extent, asked, plan, only=new.members)
    return _put_in(known, rows, "member_id", gone=new.members)


def _network_now(members: Rows, asked: Asked, before: Reading | None) -> Rows:
    """Return who is in the network; the very same array where new members change nothing in it.

    That is so of customers who joined below somebody who is in it. Below a customer who had nobody
    else, they bring that one in.
    """
    if before is None or not goes_on(members, before.members):
        return in_the_network(members, asked)
    known, new = before.books.network, members[len(before.members) :]
    if new["is_distributor"].any():
        return in_the_network(members, asked)
    above = [new["sponsor_id"], new["enroller_id"]] if asked.enroller else [new["sponsor_id"]]
    ids = np.unique(np.concatenate(above))
    there = known["member_id"][_places_of(known, "member_id", ids)]
    ids = np.setdiff1d(ids, there)
    rows = members[_places_of(members, "member_id", ids)]
    return _put_in(known, rows, "member_id", gone=[])


def _sales_now(
    cursor: CursorWrapper, known: Rows, new: _New, extent: Extent, asked: Asked, plan: Plan
) -> Rows:
    """Return the sales of the stretch: the new ones are read.

    Where it matters which order was a buyer's first, all sales of whoever bought are read again.
    """
    at = new.sales["commission_at"]
    inside = (at >= microseconds(extent.sales_from)) & (at < microseconds(extent.ends_at))
    if not inside.any() and not asked.first:
        return known
    column = "buyer_id" if asked.first else "id"
    ids = np.unique(new.sales[column]).tolist()
    if not ids:
        return known
    which = Which("s.buyer_id" if asked.first else "s.id", ids)
    rows = read_sales(cursor, extent, asked, plan, which)
    return _put_in(known, rows, "sale_id", gone=[])


def _put_in(known: Rows, rows: Rows, column: str, *, gone: list[int]) -> Rows:
    """Return rows by id: the new ones in the place of those with their ids, and without some.

    Where nothing is other than before, the very same array is returned, and where all are new,
    that array with something appended.
    """
    ids: Any = np.union1d(rows[column], np.array(gone, np.int64))
    if not len(ids):
        return known
    if not len(known) or ids[0] > known[column][-1]:
        return appended(known, rows)
    at = _places_of(known, column, ids)
    if len(at) == len(rows) and (known[at] == rows).all():
        return known
    kept = np.ones(len(known), np.bool_)
    kept[at] = False
    return by_id(np.concatenate([known[kept], rows]), column)


def _places_of(rows: Rows, column: str, ids: Any) -> Any:
    """Return where those of some ids stand that are there; both are in order."""
    if not len(rows):
        return np.empty(0, np.intp)
    at = np.searchsorted(rows[column], ids)
    return at[rows[column][np.minimum(at, len(rows) - 1)] == ids]
