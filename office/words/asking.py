"""What a requirement is about, in a few words: what stands beside its bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commissions.engine.plan import (
    ENROLLER,
    OR,
    SPONSOR,
    Asks,
    CustomersFigure,
    Figure,
    JoinedFigure,
    LimitedFigure,
    PeopleFigure,
    RankBeforeFigure,
    Requirements,
    Scope,
    Term,
)
from commissions.plan import Plan, Progress
from mlm.display import points

_RANKS: Final[dict[Asks, Callable[[], str]]] = {
    Asks.RANK: lambda: _("Paid as %(rank)s or higher"),
    Asks.TITLE: lambda: _("Title %(rank)s or higher"),
    Asks.WAS: lambda: _("Paid as %(rank)s or higher in the period before"),
}


def asked(plan: Plan, step: Progress) -> str:
    """Return what one comparison is about; as the plan says it where there are no other words."""
    return step.phrase if step.term is None else _term(plan, step.term)


def _term(plan: Plan, term: Term) -> str:
    if term.asks == Asks.ACTIVE:
        return _("Active this period")
    if term.asks in _RANKS:
        return _RANKS[term.asks]() % {"rank": plan.rank_name(term.need)}
    name = _figure(plan, plan.figures[term.index])
    if term.asks != Asks.SHARE:
        return name
    whole = plan.figures[term.need].name
    return _("%(name)s, as a part of %(whole)s") % {"name": name, "whole": whole}


def _figure(plan: Plan, figure: Figure) -> str:
    match figure:
        case CustomersFigure():
            return _("Customers with at least %(points)s %(volume)s") % {
                "points": points(figure.at_least),
                "volume": plan.figures[figure.of].name,
            }
        case PeopleFigure():
            return _("%(where)s: %(who)s") % {
                "where": _where(plan, figure),
                "who": conditions(plan, figure.who),
            }
        case LimitedFigure():
            return _limited(plan, figure)
        case JoinedFigure():
            return _("Months since joining") if figure.in_months else _("Days since joining")
        case RankBeforeFigure():
            words = _("Periods as %(rank)s or higher, of the last %(number)d")
            return words % {"rank": plan.rank_name(figure.rank), "number": figure.periods}
    return figure.name


def _limited(plan: Plan, figure: LimitedFigure) -> str:
    words = (
        _("%(volume)s, at most %(points)s from one leg or oneself")
        if figure.own_too
        else _("%(volume)s, at most %(points)s from one leg")
    )
    return words % {"volume": plan.figures[figure.of].name, "points": points(figure.most)}


def _where(plan: Plan, figure: PeopleFigure) -> str:
    if figure.leg:
        return (
            _("Introduced, in your left leg")
            if figure.leg == 1
            else _("Introduced, in your right leg")
        )
    if figure.scope == Scope.LEGS:
        if figure.tree == SPONSOR:
            return _("Legs with")
        return _("Legs in %(tree)s with") % {"tree": plan.trees[figure.tree].name}
    if figure.scope == Scope.DOWNLINE and figure.levels:
        words = ngettext("On your first %d level", "On your first %d levels", figure.levels) % (
            figure.levels
        )
    elif figure.scope == Scope.DOWNLINE:
        words = _("In your downline")
    elif figure.tree == ENROLLER:
        return _("Introduced by you")
    else:
        words = _("Directly below you")
    if figure.tree in (SPONSOR, ENROLLER):
        return words
    return _("%(where)s in %(tree)s") % {"where": words, "tree": plan.trees[figure.tree].name}


def conditions(plan: Plan, who: Requirements) -> str:
    """Return who is counted, in a few words: `active`, `Silver or higher`.

    What can be met in several ways is told as the plan says it.
    """
    parts: list[str] = []
    for one in who:
        if OR in one.program:
            parts.append(one.phrase)
        else:
            parts += [_condition(plan, term) for term in one.terms]
    return _(" and ").join(parts)


def _condition(plan: Plan, term: Term) -> str:
    rank = plan.rank_name(term.need) if term.asks in _RANKS else ""
    if term.asks == Asks.ACTIVE:
        return _("active")
    if term.asks == Asks.TITLE:
        return _("title %(rank)s or higher") % {"rank": rank}
    if term.asks in _RANKS:
        return _("%(rank)s or higher") % {"rank": rank}
    return _("at least %(points)s %(volume)s") % {
        "points": points(term.need),
        "volume": _figure(plan, plan.figures[term.index]),
    }
