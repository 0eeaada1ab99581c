"""What storefronts may ask about a member's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from accounts.api.views import OnceApi, StorefrontApi
from accounts.models import ApiKey
from commissions.api.docs import ASK_MISSED, SHOW_MISSED, SHOW_STANDING
from commissions.api.missed import MissedOut
from commissions.api.serializers import StandingIn, StandingOut
from commissions.models import Period, Run, Standing
from commissions.plan import Plan, Progress
from commissions.selectors import periods, ranks, standings
from commissions.services import explanations
from distributors.models import Member


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """What a run found for a member, with the plan's words for it."""

    member: Member
    run: Run
    standing: Standing
    total_minor: int

    @property
    def state(self) -> str:
        """Return how far the figures can be relied on."""
        return periods.state_of(self.run)

    @property
    def rank(self) -> str | None:
        """Return the rank by this period's figures."""
        return self._rank_name(self.standing.rank)

    @property
    def paid_as(self) -> str | None:
        """Return the rank that pay uses."""
        return self._rank_name(self.standing.paid_as)

    @property
    def title(self) -> str | None:
        """Return what the member may call themselves."""
        return self._rank_name(self.standing.title)

    @property
    def highest(self) -> str | None:
        """Return the highest rank ever reached."""
        return self._rank_name(self.standing.highest)

    @property
    def volumes(self) -> list[dict[str, int | str]]:
        """Return the volumes that the plan names, in its order."""
        figures = ranks.figures_of(self._plan, self.standing)
        return [
            {"name": self._plan.figures[place].name, "points": figures[place]}
            for place in self._plan.volume_order
        ]

    @property
    def to_be_active(self) -> list[Progress]:
        """Return what it takes to be active."""
        return [step for step in ranks.progress(self._plan, self.standing) if step.rank == 0]

    @property
    def to_keep(self) -> ranks.RankAhead | None:
        """Return the rank that pay uses, with what keeps it."""
        return ranks.rank_to_keep(self._plan, self.standing)

    @property
    def next_rank(self) -> ranks.RankAhead | None:
        """Return the rank above."""
        return ranks.rank_after(self._plan, self.standing)

    @property
    def _plan(self) -> Plan:
        return ranks.plan_of(self.run)

    def _rank_name(self, number: int) -> str | None:
        return self._plan.rank_name(number) if number else None


@extend_schema_view(get=SHOW_STANDING)
class StandingApi(StorefrontApi):
    """A member's standing."""

    scopes = {"GET": ApiKey.Scope.STANDINGS_READ}
    refusals = {"GET": ("no_standing", "unknown_period")}

    def get(self, request: Request, code: str) -> Response:
        """Show volumes, rank and earnings of a distributor, as the distributor sees them."""
        label = self.read_query(StandingIn).get("period")
        member, run, standing = _found(code, label, at=self.at)
        total = standings.total_minor(run, member)
        return Response(StandingOut(MemberFigures(member, run, standing, total)).data)


@extend_schema_view(get=SHOW_MISSED, post=ASK_MISSED)
class MissedApi(OnceApi):
    """What a member did not earn, and why."""

    scopes = {"GET": ApiKey.Scope.STANDINGS_READ, "POST": ApiKey.Scope.STANDINGS_READ}
    refusals = {
        "GET": ("no_standing", "unknown_period"),
        "POST": ("no_standing", "unknown_period"),
    }

    def get(self, request: Request, code: str) -> Response:
        """Show the newest answer; looking asks for nothing."""
        label = self.read_query(StandingIn).get("period")
        member, run, _ = _found(code, label, at=self.at)
        return Response(_shown(MemberMissed.of(run, member)))

    @override
    def work(self, **parts: str) -> Response:
        """Have a worker look it up; 200 if there is an answer of the present figures."""
        label = self.read(StandingIn).get("period")
        member, run, _ = _found(parts["code"], label, at=self.at)
        explanations.request(run, member)
        found = MemberMissed.of(run, member)
        status = HTTPStatus.OK if found.answer == "current" else HTTPStatus.ACCEPTED
        return Response(_shown(found), status=status)


@dataclass(frozen=True, slots=True)
class MemberMissed:
    """The newest answer to what a member missed in a run, if there is one."""

    member: Member
    run: Run
    answer: str
    as_of: datetime | None
    missed: list[dict[str, Any]]

    @classmethod
    def of(cls, run: Run, member: Member) -> MemberMissed:
        """Return what is known, the largest first. Two queries."""
        newest = standings.newest_explanation(run, member, without="lines")
        is_asked = standings.is_being_explained(run, member)
        if newest is None:
            return cls(member, run, "asked" if is_asked else "none", None, [])
        answer = "current" if newest.generation == run.generation else "older"
        rows = sorted(
            newest.missed or [],
            key=lambda row: (row["amount_minor"] is None, -abs(row["amount_minor"] or row["base"])),
        )
        return cls(member, run, "asked" if is_asked else answer, newest.as_of, rows)

    @property
    def state(self) -> str:
        """Return how far the figures can be relied on."""
        return periods.state_of(self.run)


def _shown(found: MemberMissed) -> Any:
    return MissedOut(found, context={"currency": found.run.currency}).data


def _found(code: str, label: str | None, *, at: datetime) -> tuple[Member, Run, Standing]:
    """Return a distributor's standing in a period, as the distributor sees it; else not found."""
    member = Member.objects.filter(code=code).first()
    if member is None:
        raise NotFound("There is no member with this code.")
    run = periods.shown_run(_period(label, at=at))
    standing = standings.standing(run, member) if run else None
    if run is None or standing is None:
        raise NotFound("Nothing was worked out for this member in this period.", "no_standing")
    return member, run, standing


def _period(label: str | None, *, at: datetime) -> Period:
    """Return a period of the plan's own rhythm, by its label or around a moment."""
    kind = periods.main_period_type()
    found = None
    if kind and label:
        found = Period.objects.filter(type=kind, label=label).first()
    elif kind:
        found = periods.current_period(kind, at=at)
    if found is None:
        raise NotFound("There is no such period.", "unknown_period")
    return found
