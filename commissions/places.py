"""Where each distributor stands in a run's network, as tables: each downline is one range.

What recursive queries cannot do is to show the first fifty of a downline of a million in any order.
Here it is one range of places, `first` to `last`, which the engine has anyway. A run's table is
named by the run and a number; a live run's is written anew when somebody moved, so that nobody is
ever shown below whom they left. Who joined since has no place yet: they are few, and found by
their versions (`Run.places_snapshot` says since when).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import numpy as np
from django.db import OperationalError, transaction
from django.db.backends.utils import CursorWrapper

from commissions.engine import Network, has_only_more_below
from commissions.engine.tree import depths
from commissions.models import Run
from mlm.copying import copy_in

MOST_WITHOUT: Final = 1_000
"""So many distributors may be without a place before the table is written anew."""

_PLACES: Final = np.dtype([("member_id", "i8"), ("first", "i4"), ("last", "i4"), ("depth", "i4")])


def table_of_places(run: Run) -> str | None:
    """Return the name of the table with a run's places, if there is one.

    Its columns are member_id, first (its place in a preorder of all), last (that of the last of its
    downline) and depth (levels below the top).
    """
    return _name(run, run.places) if run.places else None


def write_places(cursor: CursorWrapper, run: Run, network: Network, *, visible: str) -> None:
    """Write a network's places into a new table of the run's, and note it; saving is the caller's.

    The table before stays for who reads it at this moment; older ones go, unless somebody is still
    reading, as backups do for hours.
    """
    _drop_older(cursor, run)
    run.places += 1
    run.places_snapshot = visible
    rows = np.empty(len(network.member), dtype=_PLACES)
    rows["member_id"] = network.member
    rows["first"] = np.arange(len(rows))
    rows["last"] = network.end - 1
    rows["depth"] = depths(network.sponsor)
    name = _name(run, run.places)
    columns = "member_id bigint, first integer, last integer, depth integer"
    cursor.execute(f"CREATE TABLE {name} ({columns})")
    copy_in(cursor, name, rows, freeze=True)
    cursor.execute(f"ALTER TABLE {name} ADD PRIMARY KEY (member_id) INCLUDE (first, last, depth)")
    cursor.execute(f"CREATE UNIQUE INDEX ON {name} (first) INCLUDE (member_id, depth)")
    cursor.execute(f"ANALYZE {name}")


def places_hold(placed: Network, network: Network) -> bool:
    """Tell whether places of an earlier network are right for this one, but for a few newcomers."""
    if placed is network:
        return True
    is_little = len(network.member) - len(placed.member) <= MOST_WITHOUT
    return is_little and has_only_more_below(placed, network)


def drop_places(cursor: CursorWrapper, run: Run) -> None:
    """Take all of a run's places away; waits for readers as long as the transaction may."""
    for name in _tables(cursor, run):
        cursor.execute(f"DROP TABLE {name}")


def _drop_older(cursor: CursorWrapper, run: Run) -> None:
    for name in _tables(cursor, run):
        if name != _name(run, run.places):
            with suppress(OperationalError), transaction.atomic():
                cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE NOWAIT")
                cursor.execute(f"DROP TABLE {name}")


def _tables(cursor: CursorWrapper, run: Run) -> list[str]:
    """Return the names of all tables of places that a run has."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s ORDER BY relname",
        [rf"^commissions_place_{run.pk}_\d+$"],
    )
    return [name for (name,) in cursor.fetchall()]


def _name(run: Run, number: int) -> str:
    return f"commissions_place_{run.pk}_{number}"
