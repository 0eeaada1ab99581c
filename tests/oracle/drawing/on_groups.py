"""Draws the kinds of bonus that rest on many sales at once."""

from fractions import Fraction

from tests.oracle.drawing import grades
from tests.oracle.drawing.common import Table, finish, maybe, of_everybody
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.on_sales import tree
from tests.oracle.drawing.requirements import people_counted, requirements
from tests.oracle.drawing.volumes import time_span


def binary(draft: Draft, name: str) -> Table | None:
    """Draw a binary, by rates or by cycles; None if no tree is binary."""
    dice = draft.dice
    own = draft.tree("binary")
    if own is None:
        return None
    said = of_everybody(draft, "binary", name) | {"tree": own, "pays_on": draft.paid_on()}
    said |= maybe(draft, "own_volume", ["none", "weaker", "weaker", "left", "right"])
    said["rates_by"] = grades.draw_rates_by(draft)
    said |= by_rates(draft, said) if dice.one_in(2) else by_cycles(draft, said)
    said |= maybe(draft, "carry", ["both legs", "weaker leg", "nothing"])
    if said.get("carry") != "nothing":
        if dice.one_in(3):
            said["carry_most"] = draft.points(dice.one_of([1, 2, 3]))
        said |= maybe(draft, "carry_expires", [1, 1, 2], 3)
    words = ["carry", "add nothing", "lose stronger", "lose both", "use up"]
    said |= maybe(draft, "while_unqualified", words)
    said |= maybe(draft, "on_return", ["volume", "share", "share", "none"])
    return finish(draft, said)


def by_rates(draft: Draft, said: Table) -> Table:
    rates = grades.by_grade(draft, said["rates_by"], grades.one(draft))
    more = maybe(draft, "ratio", [True, True, False]) | maybe(draft, "part", ["50%", "80%"], 6)
    return {"rates": rates} | more


def by_cycles(draft: Draft, said: Table) -> Table:
    dice = draft.dice
    number = dice.whole(1, 3)
    steps = [a_cycle(draft, said["rates_by"], is_last=n == number) for n in range(1, number + 1)]
    more: Table = {"cycle": steps}
    if number > 1:
        more |= maybe(draft, "steps", ["each period", "for good", "for good"])
    if dice.one_in(2):
        more["most_cycles"] = dice.whole(1, 3)
        more |= maybe(draft, "beyond", ["stay", "are used up"])
    if not any(grades.is_money(step["pays"]) for step in steps):
        more |= maybe(draft, "part", ["50%", "80%"], 6)
    return more


def a_cycle(draft: Draft, rates_by: str, *, is_last: bool) -> Table:
    dice = draft.dice
    weak = dice.one_of([1, 1, 2])
    said: Table = {
        "strong": draft.points(weak * dice.one_of([1, 1, 2])),
        "weak": draft.points(weak),
    }
    if not is_last:
        said["times"] = dice.whole(1, 2)
    entry = grades.one(draft, may_be_money=True) if dice.one_in(2) else lambda: money(draft)
    said["pays"] = grades.by_grade(draft, rates_by, entry)
    if not grades.is_money(said["pays"]):
        said |= {"of": draft.points(dice.one_of([1, 2, 3]))} if dice.one_in(2) else {}
    return said


def money(draft: Draft) -> str:
    return draft.some_money("0.05", "0.1", "0.25", "1")


def full_level(draft: Draft, name: str) -> Table | None:
    """Draw a full-level bonus; None if there is no tree of that kind."""
    own = draft.tree("binary", "matrix")
    if own is None:
        return None
    said = of_everybody(draft, "full-level", name) | {"tree": own, "pays_on": draft.paid_on()}
    if draft.dice.one_in(2):
        said["counted"] = easy_person(draft)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    said["rates"] = grades.by_grade(draft, rates_by, grades.levels(draft, may_be_money=True))
    said |= maybe(draft, "once", [True, True, False])
    said |= maybe(draft, "on_return", ["share", "none"], 4)
    if not grades.is_money(said["rates"]):
        said |= maybe(draft, "part", ["50%", "80%"], 6)
    return finish(draft, said)


def structure(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "structure", name) | tree(draft, "enroller")
    said["width"] = dice.one_of([1, 1, 1, 1, 2, 2, 3])
    said["person"] = easy_person(draft)
    if dice.one_in(3):
        said["head"] = easy_person(draft)
    said["pays"] = [money(draft) for _ in range(dice.one_of([1, 2, 2, 3]))]
    said |= maybe(draft, "paid", ["highest", "each", "each"])
    said |= maybe(draft, "sets", [True, True, False])
    said |= returns(draft)
    return finish(draft, said)


def easy_person(draft: Draft) -> list[str]:
    """Return requirements that mostly many people meet."""
    dice = draft.dice
    if dice.one_in(4):
        return requirements(draft, "others", 1)
    return [dice.one_of(["active", f"PV >= {draft.points(Fraction(1, 2))}", "PV >= 0.01"])]


def returns(draft: Draft) -> Table:
    """Return `on_return`; `share` only where PV is made of sales."""
    if not draft.volumes[0].is_sale:
        return {"on_return": "none"}
    return maybe(draft, "on_return", ["share", "none"], 4)


def pool(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "pool", name)
    fund = dice.one_of(["CV", "CV", draft.volume().name])
    said["fund"] = f"{dice.one_of(['2%', '5%', '10%', '3.3333%', '33%', '50%'])} of {fund}"
    said["shares"] = dice.one_of(["equal", *(each.name for each in draft.volumes)])
    if said["shares"] != "equal" and dice.one_in(3):
        places = [["50%", "30%", "20%"], ["100%"], ["33.3333%", "33.3333%"], ["40%", "0%", "10.5%"]]
        said["places"] = dice.one_of(places)
    else:
        said |= maybe(draft, "rest", ["shared", "kept", "kept"])
    said |= maybe(draft, "on_return", ["share", "none"], 4)
    return finish(draft, said)


def reward(draft: Draft, name: str) -> Table:
    dice = draft.dice
    said = of_everybody(draft, "reward", name)
    is_once = bool(draft.ranks) and dice.one_in(3)
    said["rates_by"] = rates_by = grades.draw_rates_by(draft)
    if is_once and rates_by not in ("paid-as", "title", "highest"):
        said["rates_by"] = rates_by = "paid-as"
    said["pays"] = grades.by_grade(draft, rates_by, lambda: money(draft), everywhere=is_once)
    said |= {"when": "once"} if is_once else maybe(draft, "when", ["each period"], 4)
    if dice.one_in(2):
        said["for_each"] = people_counted(draft, "others")
    if dice.one_in(3):
        said["within"] = time_span(draft)
    said |= tree(draft) | returns(draft)
    return finish(draft, said)
