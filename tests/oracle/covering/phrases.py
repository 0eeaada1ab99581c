"""Which forms of phrases mattered: figures that are not zero, requirements met by some only."""

from collections.abc import Iterator, Sequence

from tests.oracle.figures import reserve, value
from tests.oracle.lines import Answer
from tests.oracle.phrases import (
    All,
    AtLeast,
    AtLeastShare,
    Compressed,
    Count,
    Group,
    HasRank,
    HasTitle,
    IsActive,
    Joined,
    LegLimit,
    OneOf,
    Orders,
    OverTime,
    RankBefore,
    Requirement,
    Reserve,
    Sum,
    Volume,
    WasRank,
    Weighted,
    single,
)
from tests.oracle.plan import Plan
from tests.oracle.requirements import is_met
from tests.oracle.run import Run

Cell = tuple[str, str, str]
TREES = ["sponsor", "enroller", "binary", "matrix", "free", "pass-up"]
SCOPES = [
    *("self and downline", "downline", "self and frontline", "frontline", "levels"),
    *("the largest leg", "all but the largest leg"),
    *("the left leg", "the right leg", "the weaker leg", "the stronger leg"),
]
VOLUMES: dict[str, list[str]] = {
    "orders": ["own", "customers'", "own and customers'", "first", "later", "pv", "cv", "another"],
    "orders of joining": ["within days", "after days", "within months", "after months"],
    "sum of sales": ["added", "taken off", "a per cent", "one part"],
    "sum": ["added", "taken off", "a per cent", "one part"],
    "group": SCOPES,
    "group without": [
        "self and downline",
        "downline",
        "the largest leg",
        "all but the largest leg",
    ],
    "group in": TREES,
    "group of": ["orders", "a sum", "compressed", "over time", "a reserve"],
    "compressed": ["orders"],
    "over time": ["lifetime", "last", "before", "growth"],
    "over time of": ["orders", "a sum", "a group", "compressed", "weighted", "a reserve"],
    "weighted": ["of people", "of a volume", "self", "levels", "who", "none", "dynamic"],
    "weighted in": TREES,
    "reserve": ["drawn", "kept"],
}
ASKERS = ["activity", "a rank", "keeping a rank", "a bonus", "a volume", "leaders and others"]
FORMS = [
    *("active", "a volume", "lifetime", "a per cent of another", "leg limit"),
    *("leg limit or oneself", "own rank", "own title", "was", "in some periods"),
    *("months <", "months >=", "days <", "days >=", "and", "or", "brackets"),
    *("customers", "frontline", "enrolled", "enrolled in a leg", "downline"),
    *("downline within", "legs"),
]
NEVER = {
    "activity": ["active", "own rank", "own title"],
    "a rank": ["own rank", "own title"],
    "keeping a rank": ["own rank", "own title"],
}
CONDITIONS = ["active", "a rank", "a title", "a volume", "lifetime", "several"]


def all_of_phrases() -> Iterator[Cell]:
    for form, values in VOLUMES.items():
        yield from (("volume", form, value) for value in values)
    for asker in ASKERS:
        yield from (("asked by", asker, form) for form in FORMS if form not in NEVER.get(asker, []))
    for whom in ("frontline", "enrolled", "downline", "legs"):
        yield from (("people counted", f"{whom} with", each) for each in CONDITIONS)
    for whom in ("frontline", "downline", "legs"):
        yield from (("people counted", f"{whom} in", each) for each in TREES)


def hit_of_phrases(answers: Sequence[Answer]) -> Iterator[Cell]:
    for answer in answers:
        run = answer.run
        for name, meaning in run.plan.volumes.items():
            if any(value(run, name, id) != 0 for id in run.members):
                yield from (("volume", *form) for form in forms_of_volume(run, name, meaning))
        for asker, requirement in asked(run.plan):
            for each in single(requirement):
                if is_decisive(run, each):
                    yield "asked by", asker, form_of(run.plan, each)
                    yield from people_cells(run.plan, each)
            yield from (("asked by", asker, form) for form in joined(run, requirement))


def forms_of_volume(run: Run, name: str, meaning: Volume) -> Iterator[tuple[str, str]]:
    """Yield the forms that a volume's phrase or table has."""
    plan = run.plan
    if isinstance(meaning, Orders):
        yield from of_orders(meaning)
    elif isinstance(meaning, Sum):
        yield from of_sum(meaning, "sum of sales" if plan.is_sale_volume(name) else "sum")
    elif isinstance(meaning, Group):
        yield "group", meaning.scope
        yield "group in", kind_of_tree(plan, meaning.tree)
        yield "group of", what_is(plan, meaning.of)
        if meaning.without:
            yield "group without", meaning.scope
    elif isinstance(meaning, OverTime):
        yield "over time", meaning.how
        yield "over time of", what_is(plan, meaning.of)
    elif isinstance(meaning, Weighted):
        yield from of_weighted(plan, meaning)
    elif isinstance(meaning, Reserve):
        found = [reserve(meaning, run, name, id) for id in run.members]
        yield from [("reserve", "drawn")] * any(drawn for _, drawn, _ in found)
        yield from [("reserve", "kept")] * any(kept for _, _, kept in found)
    else:
        yield "compressed", "orders"


def of_orders(meaning: Orders) -> Iterator[tuple[str, str]]:
    whose = {(True, False): "own", (False, True): "customers'", (True, True): "own and customers'"}
    yield "orders", whose[meaning.own, meaning.customers]
    yield "orders", meaning.column if meaning.column in ("pv", "cv") else "another"
    if meaning.which != "all":
        yield "orders", meaning.which
    if meaning.window:
        side = "after" if meaning.window.after else "within"
        yield "orders of joining", f"{side} {meaning.window.unit}"


def of_sum(meaning: Sum, form: str) -> Iterator[tuple[str, str]]:
    if len(meaning.terms) == 1:
        yield form, "one part"
    for term in meaning.terms:
        yield form, "added" if term.sign > 0 else "taken off"
        if term.share is not None:
            yield form, "a per cent"


def of_weighted(plan: Plan, meaning: Weighted) -> Iterator[tuple[str, str]]:
    yield "weighted", "of a volume" if meaning.of else "of people"
    yield "weighted", meaning.compression
    yield "weighted in", kind_of_tree(plan, meaning.tree)
    if meaning.self_weight:
        yield "weighted", "self"
    if any(meaning.levels):
        yield "weighted", "levels"
    if list(single(meaning.who)):
        yield "weighted", "who"


def kind_of_tree(plan: Plan, name: str) -> str:
    rules = plan.trees[name]
    return rules.name if rules.kind == "members" else rules.kind


def what_is(plan: Plan, name: str) -> str:
    kinds = {
        Orders: "orders",
        Sum: "a sum",
        Compressed: "compressed",
        Group: "a group",
        OverTime: "over time",
        Reserve: "a reserve",
        Weighted: "weighted",
    }
    return kinds[type(plan.volumes[name])]


def asked(plan: Plan) -> Iterator[tuple[str, Requirement]]:
    """Yield all requirements, each with who asks."""
    yield "activity", plan.active
    yield from (("activity", each.active) for each in plan.markets.values() if each.active)
    ranks: list[tuple[Requirement | None, Requirement | None]] = []
    ranks += [(rank.require, rank.maintain) for rank in plan.ranks]
    ranks += [pair for market in plan.markets.values() for pair in market.ranks.values()]
    for require, maintain in ranks:
        yield from [("a rank", require)] if require is not None else []
        yield from [("keeping a rank", maintain)] if maintain is not None else []
    for bonus in plan.bonuses:
        yield "a bonus", bonus.requires
        others = (bonus.leaders, bonus.counted, bonus.person, bonus.head)
        yield from (("leaders and others", each) for each in others if each)
        if bonus.for_each:
            yield "leaders and others", Count(bonus.for_each, 1)
    for market in plan.markets.values():
        yield from (("a bonus", each.requires) for each in market.bonuses.values() if each.requires)
    for meaning in plan.volumes.values():
        if isinstance(meaning, Weighted):
            yield "a volume", meaning.who


def is_decisive(run: Run, requirement: Requirement) -> bool:
    """Return whether some meet it and others do not."""
    return len({is_met(run, requirement, id) for id in run.members}) > 1


def form_of(plan: Plan, each: Requirement) -> str:
    if isinstance(each, Count):
        people = each.people
        return people.whom + " in a leg" * bool(people.leg) + " within" * bool(people.levels)
    if isinstance(each, Joined):
        return f"{each.unit} {'<' if each.below else '>='}"
    if isinstance(each, LegLimit):
        return "leg limit" + " or oneself" * each.or_oneself
    if isinstance(each, AtLeast):
        return "lifetime" if each.volume.startswith("lifetime ") else "a volume"
    words: dict[type, str] = {
        IsActive: "active",
        AtLeastShare: "a per cent of another",
        HasRank: "own rank",
        HasTitle: "own title",
        WasRank: "was",
        RankBefore: "in some periods",
    }
    return words[type(each)]


def people_cells(plan: Plan, each: Requirement) -> Iterator[Cell]:
    if isinstance(each, Count) and each.people.whom != "customers":
        people = each.people
        if len(people.conditions) > 1:
            yield "people counted", f"{people.whom} with", "several"
        for condition in people.conditions:
            yield "people counted", f"{people.whom} with", condition_of(condition)
        if people.whom != "enrolled":
            yield "people counted", f"{people.whom} in", kind_of_tree(plan, people.tree)


def condition_of(condition: Requirement) -> str:
    if isinstance(condition, AtLeast):
        return "lifetime" if condition.volume.startswith("lifetime ") else "a volume"
    return {IsActive: "active", HasRank: "a rank", HasTitle: "a title"}[type(condition)]


def joined(run: Run, requirement: Requirement) -> Iterator[str]:
    """Yield how the phrases of a list are joined, as far as the phrase as a whole is decisive."""
    for phrase in requirement.of if isinstance(requirement, All) else ():
        if isinstance(phrase, All | OneOf) and is_decisive(run, phrase):
            inside = [each for each in phrase.of if isinstance(each, All | OneOf)]
            if isinstance(phrase, OneOf) or any(isinstance(each, OneOf) for each in inside):
                yield "or"
            if isinstance(phrase, All) or any(isinstance(each, All) for each in inside):
                yield "and"
            if isinstance(phrase, All) and inside:
                yield "brackets"
