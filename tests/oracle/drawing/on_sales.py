"""Draws the kinds of bonus that pay on sales: to owners, and to those above them."""

from typing import Any

from tests.oracle.drawing import grades
from tests.oracle.drawing.common import Table, maybe, of_everybody, of_sales
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.requirements import a_rank, requirements
from tests.oracle.drawing.volumes import time_span

COMPRESSIONS = ("none", "inactive", "dynamic", "dynamic")


def unilevel(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "unilevel", name)
    said |= tree(draft) | {"pays_on": draft.paid_on()}
    said["compression"] = dice.one_of(COMPRESSIONS)
    said |= maybe(draft, "owner", ["is level 1", "is left out"], 3)
    if said["compression"] != "none":
        said |= maybe(draft, "levels", ["recounted", "of the tree", "of the tree"])
    said["rates_by"] = rates_by = grades.draw_rates_by(draft, sellers=True)
    by_seller = rates_by == "seller's paid-as"
    entry = grades.levels(draft, may_be_money=not by_seller)
    said["rates"] = grades.by_grade(draft, rates_by, entry, everywhere=by_seller)
    if draft.ranks and dice.one_in(5):
        said["stop_at"] = dice.one_of(draft.ranks)
    return of_sales(draft, said)


def tree(draft: Draft, default: str = "sponsor") -> Table:
    """Return the key `tree`, or nothing where it is the one that is meant anyhow."""
    name = draft.any_tree()
    return {} if name == default and draft.dice.one_in(2) else {"tree": name}


def fast_start(draft: Draft, name: str) -> Table:
    said = of_everybody(draft, "fast-start", name)
    said |= tree(draft, "enroller") | {"pays_on": draft.paid_on()}
    said |= maybe(draft, "compression", COMPRESSIONS)
    said |= maybe(draft, "owner", ["is level 1", "is left out"], 3)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = grades.by_grade(draft, rates_by, grades.levels(draft, may_be_money=True))
    said["within"] = draft.dice.one_of(["first order", time_span(draft), time_span(draft)])
    return of_sales(draft, said)


def retail(draft: Draft, name: str) -> Table:
    return own_sales(draft, "retail", name)


def personal(draft: Draft, name: str) -> Table:
    return own_sales(draft, "personal", name)


def own_sales(draft: Draft, kind: str, name: str) -> Table:
    """Draw one rate, or tiers."""
    dice = draft.dice
    said = of_everybody(draft, kind, name) | {"pays_on": draft.paid_on()}
    if dice.one_in(3):
        said["rates_by"] = rates_by = grades.draw_rates_by(draft)
        said["rates"] = grades.by_grade(draft, rates_by, grades.one(draft, may_be_money=True))
        return of_sales(draft, said)
    said |= maybe(draft, "tiers_by", ["sale", "buyer", "earner"], 1 if dice.mostly() else 2)
    said |= maybe(draft, "tier_mode", ["whole", "marginal", "marginal"], 1)
    is_marginal = said.get("tier_mode") == "marginal"
    said["tiers"] = tiers(draft, grades.one(draft, may_be_money=not is_marginal))
    if is_marginal and said.get("tiers_by") == "earner" and dice.mostly(4):
        said["tiers_from"] = lifetime(draft)
    if dice.one_in(3):
        said["rates_by"] = grades.draw_rates_by(draft)
    return of_sales(draft, said)


def tiers(draft: Draft, entry: Any, number: int = 0) -> dict[str, str]:
    """Return rates by size, so many or one to three; the lowest is now and then of anything."""
    dice = draft.dice
    steps = dice.shuffled([0, 1, 2, 3, 4, 5])[: number or dice.whole(1, 3)]
    return {draft.points(step): entry() for step in sorted(steps)}


def lifetime(draft: Draft) -> str:
    """Return a lifetime volume, by its phrase or by a name that says the same."""
    said = draft.plan.get("volume", {})
    named: list[str] = [
        n for n, each in said.items() if isinstance(each, str) and each.startswith("lifetime")
    ]
    return draft.dice.one_of([f"lifetime {draft.volume(is_over_time=False).name}", *named])


def differential(draft: Draft, name: str) -> Table:
    said = of_everybody(draft, "differential", name)
    said |= tree(draft) | {"pays_on": draft.paid_on()}
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = rising(draft, rates_by)
    said |= maybe(draft, "buyer", ["is paid", "counts", "is left out"])
    if draft.dice.one_in(2):
        said["from_level"] = draft.dice.one_of([0, 1, 1, 2])
        if said["from_level"]:
            said |= maybe(draft, "lower_levels", ["count", "do not count", "do not count"])
    said |= maybe(draft, "unqualified", ["pass up", "block", "block"])
    if draft.ranks and draft.dice.one_in(3):
        said["breakaway"] = draft.dice.one_of(draft.ranks)
    return of_sales(draft, said)


def rising(draft: Draft, rates_by: str) -> Any:
    """Return one rate, by grade mostly, for kinds in which only a higher rate is paid above."""
    everywhere = draft.dice.mostly(3)
    return grades.by_grade(draft, rates_by, grades.one(draft), everywhere=everywhere)


def leaders(draft: Draft, *, by_rank_too: bool) -> Table:
    """Return who is a leader, and where a leader's own volume belongs."""
    dice = draft.dice
    said: Table = {}
    if by_rank_too and draft.ranks and dice.one_in(3):
        said["leaders"] = "rank of the earner"
    else:
        said["leaders"] = easy_leaders(draft)
    return said | maybe(draft, "leader_sales", ["own group", "group above", "group above"])


def easy_leaders(draft: Draft) -> list[str]:
    """Return requirements that mostly a good part of the people meet."""
    dice = draft.dice
    if draft.ranks and dice.one_in(3):
        return [a_rank(draft)]
    if dice.mostly(3):
        return [dice.one_of(["active", "PV >= 0.01", f"GV >= {draft.points(dice.one_of([1, 2]))}"])]
    return requirements(draft, "others")


def generation(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "generation", name)
    said |= tree(draft) | {"pays_on": draft.paid_on()}
    said |= leaders(draft, by_rank_too=True)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = grades.by_grade(draft, rates_by, grades.levels(draft))
    if dice.one_in(2):
        said["own_group"] = grades.by_grade(draft, rates_by, grades.one(draft))
    said |= maybe(draft, "compression", COMPRESSIONS)
    if rates_by in ("paid-as", "title", "highest") and dice.one_in(3):
        said |= {"less_leader": True} | maybe(draft, "minimum", ["0%", "1%", "2.5%", "5%"])
    elif dice.one_in(8):
        said["less_leader"] = False
    if said["leaders"] != "rank of the earner" and dice.one_in(2):
        said["guarantee"] = draft.points(dice.one_of([1, 3, 5]))
    return of_sales(draft, said)


def infinity(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "infinity", name)
    said |= tree(draft) | {"pays_on": draft.paid_on()}
    said |= maybe(draft, "counted_in", ["levels", "generations", "generations"])
    if said.get("counted_in") == "generations":
        said |= leaders(draft, by_rank_too=False)
        said["from"] = dice.one_of([0, 1, 1, 2])
    else:
        said["from"] = dice.one_of([1, 1, 2, 3])
        said |= maybe(draft, "compression", COMPRESSIONS)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = rising(draft, rates_by)
    said |= maybe(draft, "blocking", ["difference", "first", "first"], 1)
    return of_sales(draft, said)


def matching(draft: Draft, name: str) -> Table | None:
    """Draw a matching bonus of some of those before it; None if none can be matched."""
    own = of_everybody(draft, "matching", name)
    of = matched(draft, own.get("cadence", draft.plan["cadence"]))
    if not of:
        return None
    said = own | {"of": draft.dice.some_of(of, draft.dice.whole(1, 3), 3)} | tree(draft)
    said |= maybe(draft, "compression", COMPRESSIONS)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = grades.by_grade(draft, rates_by, grades.levels(draft))
    said |= maybe(draft, "counted_in", ["levels", "generations", "generations"], 1)
    if said.get("counted_in") == "generations":
        said |= leaders(draft, by_rank_too=True)
    return of_sales(draft, said)


def matched(draft: Draft, cadence: str) -> list[str]:
    """Return the names of bonuses above that a bonus of this rhythm can match."""
    own = draft.plan["cadence"]
    return [
        each["name"]
        for each in draft.plan["bonus"]
        if each.get("round_at") != "earner"
        and each.get("cadence", own) in (cadence, draft.short_cadence)
    ]
