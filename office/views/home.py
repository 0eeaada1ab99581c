"""Where people land: the dashboard of a distributor, the orders of a customer."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from commissions.locking import still_snapshot
from commissions.selectors.periods import shown_run
from distributors.models import AgreementAcceptance, Role
from distributors.selectors import versions_at
from office.access import PageRequest, Seat, distributors, members, signed_in
from office.paging import page_number
from office.selectors import figures
from office.selectors.countdown import countdown
from office.views.pulse import token_of
from orders.selectors import orders_of

ORDERS_A_PAGE = 20


@signed_in
def home(request: PageRequest, seat: Seat | None) -> HttpResponse:
    """Show the page that somebody starts from. Whoever is signed in may: each sees their own.

    Distributors get the dashboard, customers their orders, staff the company's side.
    """
    if seat is None:
        if request.user.is_staff:
            return redirect("admin:index")
        return render(request, "office/no_place.html", {"here": ""}, status=403)
    if not seat.is_distributor:
        return _customer_home(request, seat)
    with still_snapshot():
        return render(request, "office/dashboard.html", _dashboard(seat, at=timezone.now()))


def _dashboard(seat: Seat, *, at: datetime) -> dict[str, object]:
    period = figures.open_period(at=at)
    found = figures.figures_of(seat.member, period) if period else None
    return {
        "seat": seat,
        "here": "home",
        "countdown": countdown(period, at=at) if period else None,
        "figures": found,
        "token": token_of(seat.member, found),
        "others": figures.earned_elsewhere(seat.member, besides=period, at=at) if period else [],
        "last": figures.last_final(seat.member, before=period) if period else None,
    }


@distributors
def live_figures(request: PageRequest, seat: Seat, mark: str) -> HttpResponse:
    """Return the dashboard's figures if they are not those of `mark`; nothing if they are.

    Distributors only: their own.
    """
    at = timezone.now()
    period = figures.open_period(at=at)
    run = shown_run(period) if period else None
    if figures.mark_of(run) == mark:
        return HttpResponse(status=204)
    with still_snapshot():
        context = _dashboard(seat, at=at)
    return render(request, "office/dashboard.html#figures", context)


@distributors
def banner(request: PageRequest, seat: Seat) -> HttpResponse:
    """Return the dashboard's period banner, counted down to now. Distributors only."""
    at = timezone.now()
    period = figures.open_period(at=at)
    context = {"seat": seat, "countdown": countdown(period, at=at) if period else None}
    return render(request, "office/dashboard.html#banner", context)


def _customer_home(request: PageRequest, seat: Seat) -> HttpResponse:
    at = timezone.now()
    version = versions_at(at).select_related("sponsor").get(member=seat.member)
    context = {
        "seat": seat,
        "here": "home",
        "orders": orders_of(seat.member)[:ORDERS_A_PAGE],
        "sponsor": version.sponsor,
    }
    return render(request, "office/customer.html", context)


@members
def own_orders(request: PageRequest, seat: Seat) -> HttpResponse:
    """Show a member's own orders. Members only: what they bought themselves."""
    page = page_number(request)
    first = (page - 1) * ORDERS_A_PAGE
    found = list(orders_of(seat.member)[first : first + ORDERS_A_PAGE + 1])
    context = {
        "seat": seat,
        "here": "orders",
        "orders": found[:ORDERS_A_PAGE],
        "page": page,
        "has_more": len(found) > ORDERS_A_PAGE,
    }
    return render(request, "office/orders.html", context)


@signed_in
def account(request: PageRequest, seat: Seat | None) -> HttpResponse:
    """Show one's own account: code, sponsor, agreement, password. Whoever is signed in may."""
    context: dict[str, object] = {"seat": seat, "here": "account"}
    if seat is not None:
        version = versions_at(timezone.now()).select_related("sponsor").get(member=seat.member)
        accepted = AgreementAcceptance.objects.filter(member=seat.member)
        context |= {
            "sponsor": version.sponsor,
            "acceptance": accepted.select_related("agreement").order_by("-accepted_at").first()
            if seat.role == Role.DISTRIBUTOR
            else None,
        }
    return render(request, "office/account.html", context)
