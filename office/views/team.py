"""The downline: level by level, from anybody in it, and by name."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commissions.models import Run
from commissions.selectors import periods, ranks
from distributors.models import Member
from office.access import PageRequest, Seat, distributors
from office.forms import SearchForm, TeamListForm
from office.paging import page_number
from office.selectors import figures, team
from office.selectors.volumes import team_volumes
from office.selectors.whole_team import Wanted, order_names, whole_team

_FIXED_COLUMNS: Final = 4
"""Name, role, activity and the day of joining."""


@distributors
def downline(request: PageRequest, seat: Seat, code: str = "") -> HttpResponse:
    """Show those directly below oneself or below somebody in the own downline, or a search.

    Distributors only; somebody who is not in their downline does not exist for them.
    """
    at = timezone.now()
    run = _run(at)
    form = SearchForm(request.GET)
    text = form.text() if not code else ""
    context: dict[str, object] = {"seat": seat, "here": "team", "q": text, **_figures(run)}
    if text:
        context["found"] = team.search(seat.member, text, run=run, at=at)
        return render(request, "office/team_search.html", context)
    place = _place(seat, code, at=at)
    context |= {
        "place": place,
        "top": team.row_of(place, run=run, at=at),
        "page": team.page_below(place, run=run, at=at, after=_after(request)),
    }
    return render(request, "office/team.html", context)


@distributors
def as_list(request: PageRequest, seat: Seat) -> HttpResponse:
    """Show the own downline as one list, with filters and in an order. Distributors only."""
    at = timezone.now()
    run = _run(at)
    plan = ranks.plan_of(run) if run else None
    named = [(number, one.name) for number, one in enumerate(plan.ranks, 1)] if plan else []
    form = TeamListForm(request.GET, orders=order_names(plan), ranks=named)
    wanted = Wanted(**form.wanted(), page=page_number(request))
    context = {
        "seat": seat,
        "here": "team",
        "form": form,
        "wanted": wanted,
        "chosen": urlencode(form.wanted()),
        "team": whole_team(seat.member, wanted, run=run, at=at),
        **_figures(run),
    }
    return render(request, "office/team_list.html", context)


@distributors
def rows(request: PageRequest, seat: Seat, code: str) -> HttpResponse:
    """Return the rows below somebody in the own downline, to be put into the table.

    Distributors only; somebody who is not in their downline does not exist for them.
    """
    at = timezone.now()
    place = _place(seat, code, at=at)
    run = _run(at)
    page = team.page_below(place, run=run, at=at, after=_after(request))
    context = {"seat": seat, "place": place, "page": page, **_figures(run)}
    return render(request, "office/team.html#rows", context)


def _run(at: datetime) -> Run | None:
    period = figures.open_period(at=at)
    return periods.shown_run(period) if period else None


def _figures(run: Run | None) -> dict[str, object]:
    """Return the run that volumes are of, which volumes of its plan are shown, and how wide all is.

    In a plan without ranks there is no column for them.
    """
    plan = ranks.plan_of(run) if run else None
    volumes = team_volumes(plan) if plan else ()
    has_ranks = bool(plan and plan.ranks)
    columns = _FIXED_COLUMNS + has_ranks + len(volumes)
    return {"run": run, "volumes": volumes, "has_ranks": has_ranks, "columns": columns}


def _place(seat: Seat, code: str, *, at: datetime) -> team.Place:
    member = _member(code) if code else seat.member
    place = team.place_of(seat.member, member, at=at) if member else None
    if place is None:
        raise Http404
    return place


def _after(request: PageRequest) -> Member | None:
    return _member(request.GET.get("after", ""))


def _member(code: str) -> Member | None:
    """Return a member by code; None for what is no code or nobody's."""
    if not (code.isascii() and code.isalnum()):
        return None
    return Member.objects.filter(code=code.upper()).first()
