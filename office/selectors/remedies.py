"""What it would take to be paid next time: the requirements behind a reason, as they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from commissions.engine.plan import (
    NOT_COVERED,
    Asks,
    BonusRule,
    GenerationRule,
    GradeBy,
    InfinityRule,
    MatchingRule,
    PersonalRule,
    Rates,
    Requirements,
)
from commissions.models import Standing
from commissions.plan import Plan
from commissions.selectors import ranks
from mlm.display import points
from office.selectors.needs import Need, unmet


@dataclass(frozen=True, slots=True)
class Remedy:
    """What somebody would need; `words` first, then requirements that are not met. May be empty."""

    words: str = ""
    needs: Sequence[Need] = ()


NOTHING: Final = Remedy()


def remedy(
    plan: Plan, standing: Standing | None, rule: BonusRule, reason: str, level: int
) -> Remedy:
    """Return what it takes to be paid a bonus on a level, for the reason that it was not.

    Empty where nothing can be done, and for who has no standing.
    """
    told = _REMEDIES.get(reason)
    return told(plan, standing, rule, level) if told and standing else NOTHING


def _active(plan: Plan, standing: Standing, rule: BonusRule, level: int) -> Remedy:
    steps = (step for step in ranks.progress(plan, standing) if step.rank == 0)
    return Remedy(needs=unmet(plan, steps))


def _qualified(plan: Plan, standing: Standing, rule: BonusRule, level: int) -> Remedy:
    market = ranks.market_of(plan, standing)
    asked = rule.requires[market if market < len(rule.requires) else 0]
    return _asked(plan, standing, asked)


def _asked(plan: Plan, standing: Standing, asked: Requirements) -> Remedy:
    """Return what is missing of requirements; of a rank that is asked for, what it takes."""
    steps = [step for step in ranks.steps(plan, standing, asked) if not step.is_met]
    ranks_asked = [step.term.need for step in steps if step.term and step.term.asks == Asks.RANK]
    if not ranks_asked:
        return Remedy(needs=unmet(plan, steps))
    rank = ranks.rank_at(plan, standing, max(ranks_asked))
    others = [step for step in steps if not (step.term and step.term.asks == Asks.RANK)]
    return Remedy(_rank_words(rank.name), unmet(plan, [*others, *rank.requirements]))


def _rank_words(name: str) -> str:
    return _("The rank %(rank)s or a higher one.") % {"rank": name}


def _leader(plan: Plan, standing: Standing, rule: BonusRule, level: int) -> Remedy:
    leaders = (
        rule.leaders if isinstance(rule, GenerationRule | InfinityRule | MatchingRule) else None
    )
    if leaders is None or leaders.rank_of_earner:
        return NOTHING
    return _asked(plan, standing, leaders.who)


def _covered(plan: Plan, standing: Standing, rule: BonusRule, level: int) -> Remedy:
    """Return the lowest grade that is paid on a level: a rank, or a figure."""
    if isinstance(rule, PersonalRule) and rule.tiers:
        return _first_tier(plan, rule)
    rates = getattr(rule, "rates", None)
    return _next_grade(plan, standing, rates, max(level, 1) - 1) if rates else NOTHING


def _higher(plan: Plan, standing: Standing, rule: BonusRule, level: int) -> Remedy:
    """Return the lowest grade with a higher rate than one's own."""
    rates = getattr(rule, "rates", None)
    if not isinstance(rates, Rates):
        return NOTHING
    own = _table(plan, standing, rates)[_grade(plan, standing, rates)][0]
    return _next_grade(plan, standing, rates, 0, above=own)


def _first_tier(plan: Plan, rule: PersonalRule) -> Remedy:
    if len(rule.tiers) != 1:
        return NOTHING
    words = _("At least %(points)s %(volume)s are needed.")
    volume = plan.figures[rule.pays_on].name
    return Remedy(words % {"points": points(rule.tiers[0][0]), "volume": volume})


def _next_grade(
    plan: Plan, standing: Standing, rates: Rates, place: int, *, above: int = NOT_COVERED
) -> Remedy:
    if rates.by == GradeBy.SELLER:
        return Remedy(_("The rate depends on the rank of who sold."))
    held = _grade(plan, standing, rates)
    for grade, row in enumerate(_table(plan, standing, rates)):
        if grade <= held or place >= len(row) or row[place] <= above:
            continue
        if rates.by == GradeBy.FIGURE:
            return _threshold(plan, standing, rates, grade)
        rank = ranks.rank_at(plan, standing, grade)
        return Remedy(_rank_words(rank.name), unmet(plan, rank.requirements))
    return NOTHING


def _threshold(plan: Plan, standing: Standing, rates: Rates, grade: int) -> Remedy:
    words = _("At least %(points)s %(volume)s.")
    needed = _thresholds(plan, standing, rates)[grade - 1]
    volume = plan.figures[rates.figure].name
    return Remedy(words % {"points": points(needed), "volume": volume})


def _thresholds(plan: Plan, standing: Standing, rates: Rates) -> tuple[int, ...]:
    market = ranks.market_of(plan, standing)
    return rates.thresholds[market if market < len(rates.thresholds) else 0]


def _table(plan: Plan, standing: Standing, rates: Rates) -> tuple[tuple[int, ...], ...]:
    market = ranks.market_of(plan, standing)
    return rates.table[market if market < len(rates.table) else 0]


def _grade(plan: Plan, standing: Standing, rates: Rates) -> int:
    """Return the own grade: a rank's number, or how many thresholds a figure has reached."""
    if rates.by == GradeBy.FIGURE:
        have = ranks.figures_of(plan, standing)[rates.figure]
        return sum(have >= needed for needed in _thresholds(plan, standing, rates))
    by = {
        GradeBy.PAID_AS: standing.paid_as,
        GradeBy.TITLE: standing.title,
        GradeBy.HIGHEST: standing.highest,
    }
    return by[rates.by]


_REMEDIES: Final[dict[str, Callable[[Plan, Standing, BonusRule, int], Remedy]]] = {
    "inactive": _active,
    "unqualified": _qualified,
    "not covered": _covered,
    "no leader": _leader,
    "blocked": _higher,
    "used up": _qualified,
    "lost": _qualified,
}
