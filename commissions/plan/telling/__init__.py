"""A plan in plain words, for those who are paid by it: everything that decides pay, and no more.

`tell_plan` returns headings, sentences, lists and tables; a template renders them, and
`Telling.as_text` prints them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    DifferentialRule,
    FullLevelRule,
    GenerationRule,
    InfinityRule,
    MatchingRule,
    PersonalRule,
    Plan,
    PoolRule,
    RewardRule,
    StructureRule,
    UnilevelRule,
)
from commissions.engine.rounding import Rounding
from commissions.plan.mistakes import listed
from commissions.plan.telling import grouping, selling
from commissions.plan.telling.document import (
    Block,
    Listing,
    Section,
    Sentence,
    Table,
    Telling,
)
from commissions.plan.telling.markets import market_section
from commissions.plan.telling.points import points_section
from commissions.plan.telling.ranks import active_section, ranks_section
from commissions.plan.telling.shared import ending_blocks, limit, who_blocks
from commissions.plan.telling.trees import tree_sentences
from commissions.plan.telling.words import PERIODS, Words

__all__ = ["Block", "Listing", "Section", "Sentence", "Table", "Telling", "tell_plan"]

KINDS: dict[type[BonusRule], Callable[[Words, Any], list[Block]]] = {
    UnilevelRule: selling.unilevel,
    PersonalRule: selling.personal,
    DifferentialRule: selling.differential,
    GenerationRule: selling.generation,
    InfinityRule: selling.infinity,
    MatchingRule: selling.matching,
    BinaryRule: grouping.binary,
    FullLevelRule: grouping.full_level,
    StructureRule: grouping.structure,
    PoolRule: grouping.pool,
    RewardRule: grouping.reward,
}
ROUNDED = {
    Rounding.HALF_AWAY: "Half of the smallest unit of money is rounded up.",
    Rounding.HALF_EVEN: "Half of the smallest unit of money is rounded to the even one.",
    Rounding.TOWARD_ZERO: "Parts of the smallest unit of money are cut off.",
}


def tell_plan(plan: Plan) -> Telling:
    """Return a plan in plain words."""
    words = Words(plan)
    sections = [_at_the_top(words), points_section(words), active_section(words)]
    if plan.ranks:
        sections.append(ranks_section(words))
    sections += [_bonus(words, rule) for rule in plan.bonuses]
    if plan.cap is not None or plan.deductions:
        sections.append(_limits(words))
    sections += [market_section(words, k) for k in range(1, len(plan.markets) + 1)]
    return Telling(plan.name, tuple(sections))


def _at_the_top(words: Words) -> Section:
    plan = words.plan
    worth, rounded = _worth(words), ROUNDED[plan.rounding]
    late = (
        "It lowers the points of the period in which they come back."
        if plan.deducts_late
        else "It changes nobody's points."
    )
    blocks = [
        Sentence(
            f"Pay is worked out every {words.period}, in {plan.currency}. A point is worth {worth}."
        ),
        Sentence(f"Each amount is rounded by itself, unless a bonus says otherwise. {rounded}"),
        Sentence(
            f"Goods that come back in the same {words.period} count as not sold. When they come "
            "back later, what was paid on them is taken back, unless a bonus says otherwise. "
            f"{late}"
        ),
        *tree_sentences(words),
    ]
    return Section("In general", tuple(blocks))


def _worth(words: Words) -> str:
    """Return what a point is worth, with all of its decimals."""
    plan = words.plan
    digits = plan.exponent
    while 10 ** (digits - plan.exponent) * plan.point_num % plan.point_den:
        digits += 1
    units = 10 ** (digits - plan.exponent) * plan.point_num // plan.point_den
    cents = f".{units % 10**digits:0{digits}d}" if digits else ""
    return f"{units // 10**digits:,}{cents} {plan.currency}"


def _bonus(words: Words, rule: BonusRule) -> Section:
    for kind, tell in KINDS.items():
        if isinstance(rule, kind):
            own = Words(words.plan, rule.cadence)
            blocks = [*tell(own, rule), *who_blocks(own, rule), *ending_blocks(own, rule)]
            return Section(rule.name, tuple(blocks))
    raise TypeError(f"nobody can tell what {type(rule).__name__} pays")


def _rhythms(words: Words) -> list[Block]:
    """Return, of a plan with several rhythms, which periods its limits are about."""
    shorter = {PERIODS[rule.cadence] for rule in words.plan.bonuses if rule.cadence}
    periods = [f"each {one}" for one in PERIODS.values() if one in {*shorter, words.period}]
    if len(periods) == 1:
        return []
    return [Sentence(
        f"What is paid for {listed(periods, 'and')} is held against these limits by itself."
    )]  # fmt: skip


def _limits(words: Words) -> Section:
    plan, blocks = words.plan, list[Block]()
    if plan.cap is not None:
        cap = plan.cap
        inside = words.inside(cap)
        if (most := cap.per_earner[0]) is not None:
            blocks.append(Sentence(
                f"{inside} pay nobody more than {words.money(most)} in a {words.period}."
            ))  # fmt: skip
        if cap.per_holder is not None:
            blocks.append(Sentence(
                f"{inside} pay all places of one person or company together at most "
                f"{words.money(cap.per_holder)} in a {words.period}."
            ))  # fmt: skip
        if cap.payout is not None:
            most_of_all = limit(words, cap.payout, cap.payout_of)
            blocks.append(Sentence(
                f"{inside} pay at most {most_of_all} in a {words.period}; if it would be more, "
                "everybody's part is lowered by one factor."
            ))  # fmt: skip
        blocks += _rhythms(words)
    blocks += [
        Sentence(f"{one.name}: {words.rate(one.rate_ppm)} of what you earn is taken off.")
        for one in plan.deductions
    ]
    return Section("Limits and deductions", tuple(blocks))
