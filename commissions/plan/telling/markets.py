"""What is different for members of a market."""

from __future__ import annotations

from commissions.engine.plan import (
    NOT_COVERED,
    BonusRule,
    GenerationRule,
    PersonalRule,
    Rates,
    RewardRule,
    StructureRule,
)
from commissions.plan.meaning import LEFT_OUT_HERE
from commissions.plan.telling.asking import required
from commissions.plan.telling.document import Block, Section, Sentence
from commissions.plan.telling.grouping import stages_table
from commissions.plan.telling.ranks import active_blocks, rank_blocks
from commissions.plan.telling.rates import limits_blocks, rates_blocks
from commissions.plan.telling.selling import tiers_table
from commissions.plan.telling.words import Words


def market_section(words: Words, market: int) -> Section:
    """Return everything that is said differently for a market (its place in tables)."""
    plan = words.plan
    sections = []
    if plan.active[market] != plan.active[0]:
        sections.append(Section("Being active", tuple(active_blocks(words, plan.active[market]))))
    for rank in plan.ranks:
        here = (rank.require[market], rank.maintain[market])
        if here != (rank.require[0], rank.maintain[0]):
            sections.append(Section(rank.name, tuple(rank_blocks(words, rank, market))))
    for rule in plan.bonuses:
        blocks = _bonus(Words(plan, rule.cadence), rule, market)
        if blocks:
            sections.append(Section(rule.name, tuple(blocks)))
    blocks = []
    if plan.cap is not None and plan.cap.per_earner[market] != plan.cap.per_earner[0]:
        most = words.money(plan.cap.per_earner[market] or 0)
        blocks = [Sentence(
            f"{words.inside(plan.cap)} pay nobody more than {most} in a {words.period}."
        )]  # fmt: skip
    code = plan.markets[market - 1]
    return Section(f"In {code}", tuple(blocks), tuple(sections))


def _bonus(words: Words, rule: BonusRule, market: int) -> list[Block]:
    if _is_left_out(rule, market):
        return [Sentence("This bonus is not paid here.")]
    blocks: list[Block] = []
    if rule.requires[market] != rule.requires[0]:
        blocks += required(words, rule.requires[market], "You are paid this when all of this is so")
        blocks = blocks or [Sentence("Nothing further is required here.")]
    for rates, each in _rates(rule):
        if _differ(rates, market):
            blocks += rates_blocks(words, rates, market=market, each=each)
    if isinstance(rule, PersonalRule) and rule.tiers and _tiers_differ(rule, market):
        blocks.append(tiers_table(words, rule, market))
    if isinstance(rule, StructureRule) and rule.pays[market] != rule.pays[0]:
        blocks.append(stages_table(words, rule, market))
    cap = rule.cap
    if cap and cap.per_earner and _differ(cap.per_earner, market):
        blocks += limits_blocks(words, cap.per_earner, market)
    return blocks


def _differ(rates: Rates, market: int) -> bool:
    """Tell whether a market has other rates, or other thresholds for the same ones."""
    return any(each[market] != each[0] for each in (rates.table, rates.thresholds) if each)


def _tiers_differ(rule: PersonalRule, market: int) -> bool:
    return (rule.tiers[market], rule.rates.table[market]) != (rule.tiers[0], rule.rates.table[0])


def _rates(rule: BonusRule) -> list[tuple[Rates, str]]:
    """Return the tables of a bonus, and what each has several of."""
    if isinstance(rule, PersonalRule) and rule.tiers:
        return []
    if isinstance(rule, RewardRule):
        return [(rule.pays, "")]
    rates: Rates | None = getattr(rule, "rates", None)
    found = [(rates, "Level" if rates.depth > 1 else "")] if rates is not None else []
    if isinstance(rule, GenerationRule) and rule.own_group is not None:
        found.append((rule.own_group, ""))
    return found


def _is_left_out(rule: BonusRule, market: int) -> bool:
    if any(one.phrase == LEFT_OUT_HERE for one in rule.requires[market]):
        return True
    rates = [rates for rates, _ in _rates(rule)]
    return bool(rates) and all(
        one == NOT_COVERED for each in rates for row in each.table[market] for one in row
    )
