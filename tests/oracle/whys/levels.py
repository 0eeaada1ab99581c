"""Whom sales and earnings met by the documentation's table, on levels and in generations."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.oracle.leaders import leader_test
from tests.oracle.lines import Answer, Met
from tests.oracle.plan import Bonus
from tests.oracle.rates import depth_of, one_rate_for, rates_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import PAID, SKIPPED, met_by, rule_for
from tests.oracle.whys.told import (
    OF_THE_TABLE,
    Key,
    Told,
    lines_by_key,
    tree_of,
    why_never_paid,
)

Ways = dict[tuple[str, str], Counter[Told]]
"""By bonus, and by sale or earning."""


def by_the_table(answer: Answer, bonuses: Sequence[Bonus]) -> Ways:
    """Return what the table says of everybody met, with who was paid instead of who was skipped."""
    found: Ways = defaultdict(Counter)
    keys = lines_by_key(answer)
    names = {bonus.name: bonus for bonus in bonuses}
    ways: dict[tuple[str, str], list[Met]] = defaultdict(list)
    for met in answer.met:
        if met.bonus in names:
            ways[met.bonus, met.evidence].append(met)
    for way, some in ways.items():
        for at, met in enumerate(some):
            told = told_of(answer.run, names[way[0]], met, some[at + 1 :], set(keys))
            found[way][told] += 1
    return found


def told_of(run: Run, bonus: Bonus, met: Met, later: Sequence[Met], keys: set[Key]) -> Told:
    """Return what is told of one who was met; `later` are those met after."""
    is_skipped = met.rule in SKIPPED
    reason = OF_THE_TABLE[met.rule]
    if met.rule == PAID and key_of(met) not in keys:
        reason = "not covered"
    taker = next((each for each in later if takes_from(run, bonus, each, met)), None)
    is_paid = is_skipped and taker is not None and key_of(taker) in keys
    to = taker.member if taker is not None and is_paid else None
    return Told(met.member, met.level, reason, is_skipped, to)


def takes_from(run: Run, bonus: Bonus, other: Met, met: Met) -> bool:
    """Return whether somebody uses up the level for which another was skipped.

    With leaders of the earner's rank each rank has levels of its own.
    """
    if other.level != met.level or other.rule in SKIPPED:
        return False
    if bonus.keys.get("leaders") != "rank of the earner":
        return True
    return run.ranks[other.member].paid_as == run.ranks[met.member].paid_as


def key_of(met: Met) -> Key:
    return met.bonus, met.evidence, met.member, met.level


def beyond_the_stop(run: Run, bonus: Bonus, sold: Sold, told: Counter[Told]) -> Iterator[Told]:
    """Yield who stands above the rank at which the way ends, if a level was left to be paid."""
    stop_at = bonus.keys.get("stop_at")
    used = {each.level for each in told if not each.is_skipped}
    if stop_at is None or len(used) == depth_of(run, bonus):
        return
    people = list(met_by(tree_of(run, bonus), sold, bonus.keys.get("owner", "is level 1")))
    rank = run.plan.number_of(stop_at)
    for at, id in enumerate(people):
        if run.member(id).policies.occupies_level and run.ranks[id].paid_as >= rank:
            yield from (Told(each, 0, "beyond") for each in people[at + 1 :])
            return


def in_generations(
    run: Run, bonus: Bonus, owner: str, evidence: str, keys: set[Key]
) -> Iterator[Told]:
    """Yield everybody on the way up, leaders and others, where requirements say who leads."""
    way = list(met_in_generations(run, bonus, owner, evidence))
    for at, (met, rule) in enumerate(way):
        if rule == NO_LEADER:
            yield Told(met.member, met.level, "no leader")
        elif met.level == 0 and rule == OWN_GROUP:
            yield Told(met.member, 0, on_own_group(run, bonus, met.member, evidence, keys))
        else:
            later = [each for each, _ in way[at + 1 :]]
            yield told_of(run, bonus, met, later, keys)


NO_LEADER, OWN_GROUP = "no leader", "own group"


def met_in_generations(
    run: Run, bonus: Bonus, owner: str, evidence: str
) -> Iterator[tuple[Met, str]]:
    """Yield everybody with the generation to be paid, and how the table has nothing to say."""
    is_leader, depth, level = leader_test(run, bonus), depth_of(run, bonus), 0
    upline = [*tree_of(run, bonus).upline(owner)]
    is_above = bonus.keys.get("leader_sales", "own group") == "group above"
    for id in upline if is_above else [owner, *upline]:
        if level > depth:
            return
        if not run.member(id).policies.occupies_level:
            yield Met(bonus.name, evidence, id, level, 1), ""
        elif not is_leader(id):
            yield Met(bonus.name, evidence, id, level, 1), NO_LEADER
        elif level == 0:
            yield Met(bonus.name, evidence, id, 0, PAID), OWN_GROUP
            level = 1
        else:
            covers = level <= len(rates_for(run, bonus, id))
            rule = rule_for(run, bonus, id, covers=covers)
            yield Met(bonus.name, evidence, id, level, rule), ""
            level += rule not in SKIPPED


def on_own_group(run: Run, bonus: Bonus, id: str, evidence: str, keys: set[Key]) -> str:
    if "own_group" not in bonus.tables:
        return "group leader"
    if (bonus.name, evidence, id, 0) in keys:
        return "paid"
    rate = one_rate_for(run, bonus, id, "own_group")
    return why_never_paid(run, bonus, id, rate.per_cent if rate else None) or "paid"
