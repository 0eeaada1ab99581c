"""What storefronts may ask about a member's figures."""

from __future__ import annotations

from dataclasses import dataclass

from drf_spectacular.utils import extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import StorefrontApi
from accounts.models import ApiKey
from commissions.api.docs import SHOW_STANDING
from commissions.api.serializers import StandingIn, StandingOut
from commissions.models import Period, Run, Standing
from commissions.selectors import periods, ranks, standings
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
    def next_rank(self) -> ranks.RankAhead | None:
        """Return the rank above."""
        return ranks.rank_after(ranks.plan_of(self.run), self.standing)

    def _rank_name(self, number: int) -> str | None:
        return ranks.plan_of(self.run).rank_name(number) if number else None


@extend_schema_view(get=SHOW_STANDING)
class StandingApi(StorefrontApi):
    """A member's standing."""

    scopes = {"GET": ApiKey.Scope.STANDINGS_READ}
    refusals = {"GET": ("no_standing", "unknown_period")}

    def get(self, request: Request, code: str) -> Response:
        """Show volumes, rank and earnings of a distributor, as the distributor sees them."""
        label = self.read_query(StandingIn).get("period")
        member = Member.objects.filter(code=code).first()
        if member is None:
            raise NotFound("There is no member with this code.")
        run = periods.shown_run(self._period(label))
        standing = standings.standing(run, member) if run else None
        if run is None or standing is None:
            raise NotFound("Nothing was worked out for this member in this period.", "no_standing")
        total = standings.total_minor(run, member)
        return Response(StandingOut(MemberFigures(member, run, standing, total)).data)

    def _period(self, label: str | None) -> Period:
        kind = periods.main_period_type()
        found = None
        if kind and label:
            found = Period.objects.filter(type=kind, label=label).first()
        elif kind:
            found = periods.current_period(kind, at=self.at)
        if found is None:
            raise NotFound("There is no such period.", "unknown_period")
        return found
