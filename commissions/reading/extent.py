"""Which rows of the database belong to a period's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from commissions.models import Period
from commissions.rhythms import Rhythm
from commissions.services.periods import previous_period


@dataclass(frozen=True, slots=True)
class Extent:
    """A period's stretch, and what was known at its lock.

    `counted_from` is where volumes begin: earlier or later than the period, in a shorter rhythm.
    A return is late for the period before as soon as that is locked, and then belongs to this one,
    up to its own lock: each return to exactly one. `first_late_id` is the last sale of the lock
    before, None if that is not locked; `counted_late_id` the same of the longer period.
    """

    type_id: str
    starts_at: datetime
    ends_at: datetime
    counted_type_id: str
    counted_from: datetime
    known_at: datetime | None
    last_sale_id: int | None
    first_late_id: int | None
    counted_late_id: int | None
    is_short: bool

    @property
    def sales_from(self) -> datetime:
        """Return the moment from which sales are looked at."""
        return min(self.starts_at, self.counted_from)

    def recorded_as(self, column: str) -> str:
        """Return the condition that a sale was recorded by the lock, to go on with after others."""
        return "" if self.last_sale_id is None else f" AND {column} <= {self.last_sale_id:d}"


def extent_of(rhythm: Rhythm) -> Extent:
    """Return which rows belong to a period. A locked one sees what was recorded by its lock."""
    period, counted = rhythm.period, rhythm.counted
    first_late = _lock_before(period)
    return Extent(
        type_id=period.type_id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        counted_type_id=counted.type_id,
        counted_from=counted.starts_at,
        known_at=period.locked_at,
        last_sale_id=period.locked_sale_id,
        first_late_id=first_late,
        counted_late_id=_lock_before(rhythm.longer) if rhythm.longer else first_late,
        is_short=rhythm.longer is not None,
    )


def _lock_before(period: Period) -> int | None:
    earlier = previous_period(period)
    return earlier.locked_sale_id if earlier else None


def quoted(cursor: CursorWrapper, sql: str, values: Mapping[str, object] | Sequence[object]) -> str:
    """Return SQL with its values put in by the driver: COPY takes no parameters."""
    return str(cursor.mogrify(sql, values).decode())
