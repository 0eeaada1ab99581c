"""Holding a plan's text against a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from commissions.plan.compile import read_plan
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.checks.bases import autoship_condition, base_above_price
from commissions.plan.lawful.checks.customers import customers_missing
from commissions.plan.lawful.checks.heads import head_count_alone, head_count_gate
from commissions.plan.lawful.checks.payout import (
    levels_above_limit,
    market_unknown,
    worst_case_payout,
)
from commissions.plan.lawful.checks.purchases import (
    buying_to_qualify,
    newcomers_own_orders,
    own_purchases_alone,
)
from commissions.plan.lawful.findings import Breach, Finding, Review
from commissions.plan.lawful.law import Profile, Severity, markets, profiles, rules
from commissions.plan.lawful.places import Places

Check = Callable[[Case], Iterator[Breach]]

CHECKS: dict[str, Check] = {
    "head-count-alone": head_count_alone,
    "head-count-gate": head_count_gate,
    "own-purchases-alone": own_purchases_alone,
    "base-above-price": base_above_price,
    "autoship-condition": autoship_condition,
    "worst-case-payout": worst_case_payout,
    "levels-above-limit": levels_above_limit,
    "customers-missing": customers_missing,
    "buying-to-qualify": buying_to_qualify,
    "newcomers-own-orders": newcomers_own_orders,
    "market-unknown": market_unknown,
}
"""The check behind each rule that the reader does not refuse by itself."""


def review(text: str, profile: str = "default", markets: Iterable[str] = ()) -> Review:
    """Return what a plan's text breaks of the rules, as strictly as a profile takes them.

    `markets` are codes of the markets in which the company works; those that the plan names are
    looked at, too. Mistakes of the text come as `PlanError`, what is never lawful among them. A
    profile that does not exist is a `KeyError`.
    """
    strictness = profiles()[profile]
    plan = read_plan(text)
    case = Case(plan, Places(text), tuple(dict.fromkeys([*markets, *plan.markets])))
    found = [
        _finding(breach, strictness)
        for rule, check in CHECKS.items()
        if strictness.severities[rule] != Severity.OFF
        for breach in check(case)
    ]
    return Review(str(strictness), tuple(sorted(found)), case.worst_case())


def _finding(breach: Breach, profile: Profile) -> Finding:
    rule = rules()[breach.rule]
    law = markets().get(breach.law)
    version = f"{profile}, market {law.code} {law.version} of {law.dated}" if law else str(profile)
    return Finding(
        *breach.place, breach.rule, profile.severities[breach.rule], breach.what, breach.sentence,
        rule.why, rule.remedy, rule.source, breach.path, breach.market, version,
    )  # fmt: skip
