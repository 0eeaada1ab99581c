"""Whom orders are credited to, by as much of the name as somebody may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from commissions.models import Run
from distributors.models import Member
from distributors.selectors import versions_at
from office.names import shown


@dataclass(frozen=True, slots=True)
class Credited:
    """The names that a viewer may see of those in the own downline whose orders are listed."""

    viewer: Member
    frontline: frozenset[int]
    names: dict[int, str]

    @classmethod
    def among(cls, run: Run, viewer: Member, member_ids: Collection[int | None]) -> Credited:
        """Return what may be shown of these members, as the network was. Two queries."""
        ids = {number for number in member_ids if number is not None}
        at = run.as_of or run.period.starts_at
        front = versions_at(at).filter(sponsor=viewer, member__in=ids)
        return cls(
            viewer,
            frozenset(front.values_list("member_id", flat=True)),
            dict(Member.objects.filter(pk__in=ids).values_list("pk", "name")),
        )

    def is_viewer(self, member_id: int | None) -> bool:
        """Tell whether it is the viewer."""
        return member_id == self.viewer.pk

    def name(self, member_id: int | None) -> str:
        """Return a name as the viewer may see it; nothing for the viewer and for nobody."""
        if member_id is None or self.is_viewer(member_id):
            return ""
        is_own = member_id in self.frontline
        return shown(self.names.get(member_id, ""), is_own_frontline=is_own)
