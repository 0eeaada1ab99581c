"""Which plan pays now, which did and which will: what anybody may know of how people are paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commissions.models import Period, PlanVersion
from commissions.plan import PlanError
from commissions.plan.telling import Telling, tell_plan
from commissions.rhythms import cadence_of
from commissions.services.plans import compiled


@dataclass(frozen=True, slots=True)
class Told:
    """A live version. `until` is when the next one takes over; `is_now`: it pays at this moment."""

    version: PlanVersion
    until: datetime | None
    is_now: bool
    is_ahead: bool

    @property
    def when(self) -> str:
        """Return the words before the day from which it pays."""
        if self.is_now:
            return "in force since"
        return "for periods from" if self.is_ahead else "from"

    def telling(self) -> Telling | None:
        """Return the plan in plain words; None if its text cannot be read any more."""
        try:
            return tell_plan(compiled(self.version.text))
        except PlanError:
            return None


def told_plans(*, at: datetime) -> list[Told]:
    """Return every version that is live, the newest first; a text that two rhythms share, once.

    A version pays the periods that begin at its time or later, so the one in force is the one that
    pays the period around `at`; where none is stored, the one whose time has come. Two queries.
    """
    live = PlanVersion.objects.filter(status=PlanVersion.Status.LIVE).select_related("period_type")
    around = Period.objects.filter(starts_at__lte=at, ends_at__gt=at)
    begun = dict(around.values_list("type_id", "starts_at"))
    kinds: dict[str, list[PlanVersion]] = {}
    for version in live.order_by("effective_from", "pk"):
        kinds.setdefault(version.period_type_id, []).append(version)
    found = [one for kind, own in kinds.items() for one in _told(own, begun.get(kind, at))]
    once: dict[str, Told] = {}
    for one in sorted(found, key=_own_rhythm_first):
        known = once.get(one.version.digest)
        if known is None or (one.is_now and not known.is_now):
            once[one.version.digest] = one
    return sorted(once.values(), key=lambda one: one.version.effective_from, reverse=True)


def _told(versions: Sequence[PlanVersion], moment: datetime) -> list[Told]:
    """Return versions of one rhythm, the oldest first, as they stand for a period that begins."""
    begun = [version for version in versions if version.effective_from <= moment]
    later = [*[version.effective_from for version in versions[1:]], None]
    return [
        Told(
            version,
            until,
            is_now=bool(begun) and version == begun[-1],
            is_ahead=version.effective_from > moment,
        )
        for version, until in zip(versions, later, strict=True)
    ]


def _own_rhythm_first(one: Told) -> tuple[bool, str, int]:
    try:
        is_own = compiled(one.version.text).cadence == cadence_of(one.version.period_type)
    except PlanError:
        is_own = False
    return (not is_own, one.version.period_type_id, -one.version.pk)
