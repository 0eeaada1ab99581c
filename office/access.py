"""Who may see which page. A page without a rule is no page: `office.urls` refuses to be loaded.

Everything a member sees hangs on one question, answered here and nowhere else: which member does
the person who signed in hold at this moment? Whoever holds none, or is not what the page is for, is
told that there is no such page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from distributors.models import Holding, Member, Party, Role, StatusPolicy
from distributors.selectors import versions_at

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """A request as the pages see it."""

    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Seat:
    """The place somebody looks from: who signed in, for whom they act, and which member that is."""

    user: User
    party: Party
    member: Member
    role: str
    status: str
    policy: StatusPolicy

    @property
    def is_distributor(self) -> bool:
        """Tell whether the member has signed the agreement."""
        return self.role == Role.DISTRIBUTOR


class Rule(StrEnum):
    """Who a page is for."""

    EVERYONE = "everyone"
    SIGNED_IN = "whoever is signed in"
    MEMBERS = "members"
    DISTRIBUTORS = "distributors"


def page(route: str, view: View, name: str) -> URLPattern:
    """Return the address of a page; `TypeError` for a page that does not say who it is for."""
    if not isinstance(getattr(view, "rule", None), Rule):
        raise TypeError(f"{name} has no rule: decorate its view with one of office.access")
    return path(route, view, name=name)


def everyone(view: Callable[Concatenate[PageRequest, P], HttpResponse]) -> View:
    """Open a page to all, signed in or not."""
    return _with_rule(Rule.EVERYONE, view)


def signed_in(view: Callable[Concatenate[PageRequest, Seat | None, P], HttpResponse]) -> View:
    """Show a page to whoever signed in; the seat is None for those who hold no member, as staff."""

    @wraps(view)
    def guarded(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if isinstance(user, AnonymousUser):
            return redirect_to_login(request.get_full_path())
        now = timezone.now()  # noqa: TID251  # every page comes in through here
        seat = seat_of(user, at=now)
        if seat is not None and not seat.policy.may_sign_in:
            return closed(request)
        return view(request, seat, *args, **kwargs)

    return _with_rule(Rule.SIGNED_IN, guarded)


def members(view: Callable[Concatenate[PageRequest, Seat, P], HttpResponse]) -> View:
    """Show a page to members, customers and distributors, about themselves."""
    return _seated(Rule.MEMBERS, view, lambda seat: True)


def distributors(view: Callable[Concatenate[PageRequest, Seat, P], HttpResponse]) -> View:
    """Show a page to distributors, about themselves and the line below them."""
    return _seated(Rule.DISTRIBUTORS, view, lambda seat: seat.is_distributor)


def _seated(
    rule: Rule,
    view: Callable[Concatenate[PageRequest, Seat, P], HttpResponse],
    is_for: Callable[[Seat], bool],
) -> View:
    @wraps(view)
    def guarded(
        request: PageRequest, seat: Seat | None, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if seat is None or not is_for(seat):
            raise Http404
        return view(request, seat, *args, **kwargs)

    return _with_rule(rule, signed_in(cast(Any, guarded)))


def _with_rule(rule: Rule, view: Callable[..., HttpResponseBase]) -> View:
    """Write the rule on a view. What depends on who looks is kept by no cache."""
    guarded: View = never_cache(cast(Any, view))
    guarded.rule = rule  # type: ignore[attr-defined]  # functions take attributes
    return guarded


def seat_of(user: User, *, at: datetime) -> Seat | None:
    """Return where a user sits at a moment; None for who acts for nobody that holds a member.

    A party with several places sits in the oldest. Three queries.
    """
    holding = (
        Holding.objects.filter(
            Q(effective_until=None) | Q(effective_until__gt=at),
            party__logins__user=user,
            capacity__in=(Holding.Capacity.HOLDER, Holding.Capacity.CO_APPLICANT),
            effective_from__lte=at,
        )
        .select_related("party", "member__market")
        .order_by("member_id")
        .first()
    )
    if holding is None:
        return None
    version = versions_at(at).filter(member_id=holding.member_id).first()
    if version is None:
        return None
    return Seat(
        user=user,
        party=holding.party,
        member=holding.member,
        role=version.role,
        status=version.status,
        policy=StatusPolicy.objects.get(pk=version.status),
    )


def closed(request: HttpRequest) -> HttpResponse:
    """Return the page for members whose state of life does not let them in."""
    return render(request, "office/closed.html", status=403)
