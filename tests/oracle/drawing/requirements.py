"""Draws requirements: every form of phrase, joined by `and`, `or` and brackets.

Who asks decides what may be asked: `active` before activity is known, `early` before ranks below
are, `ranks` before the own rank is, `others` afterwards.
"""

from collections.abc import Callable
from fractions import Fraction

from tests.oracle.drawing.draft import SHARES, Draft, Volume
from tests.oracle.drawing.names import quoted

WHOM = (*["frontline"] * 3, "enrolled", "enrolled", "downline", "downline within", "legs", "legs")
Form = Callable[[Draft, str], str | None]


def requirements(draft: Draft, asker: str, most: int = 2) -> list[str]:
    """Return a list of requirements; mostly one, so that now and then somebody meets them all."""
    return [requirement(draft, asker) for _ in range(draft.dice.one_of([1, 1, most]))]


def requirement(draft: Draft, asker: str) -> str:
    """Return one requirement, now and then of several phrases."""
    dice = draft.dice
    shape = dice.one_of(["one"] * 8 + ["and", "or", "or", "brackets", "both"])
    words = [one(draft, asker) for _ in range(3)]
    return {
        "one": words[0],
        "and": f"{words[0]} and {words[1]}",
        "or": f"{words[0]} or {words[1]}",
        "brackets": f"({words[0]} or {words[1]}) and {words[2]}",
        "both": f"{words[0]} and {words[1]} or {words[2]}",
    }[shape]


def one(draft: Draft, asker: str) -> str:
    """Return one phrase; what cannot be asked here is drawn again."""
    while True:
        phrase = draft.dice.one_of(FORMS)(draft, asker)
        if phrase is not None:
            return phrase


def may_ask(draft: Draft, asker: str) -> list[Volume]:
    """Return the volumes that may be compared here."""
    if asker == "others":
        return draft.volumes
    known = [each for each in draft.volumes if not each.after_ranks]
    if asker == "active" or (asker == "early" and draft.activity_with_ranks):
        known = [each for each in known if not each.asks_active]
    if asker == "early" or (asker == "active" and not draft.activity_with_ranks):
        known = [each for each in known if not each.with_ranks]
    return known


def may_count_people(draft: Draft, asker: str) -> bool:
    return asker in ("ranks", "others") or (asker == "active" and draft.activity_with_ranks)


def at_least(draft: Draft) -> str:
    return draft.dice.one_of([">=", ">=", ">=", "are at least"])


def operand(draft: Draft, asker: str) -> tuple[str, Volume]:
    """Return a volume, or its lifetime, as it is compared."""
    volume = draft.dice.one_of(may_ask(draft, asker))
    if not volume.is_over_time and draft.dice.one_in(6):
        return f"lifetime {volume.name}", volume
    return volume.name, volume


def threshold(draft: Draft, volume: Volume) -> str:
    """Return points that some have of a volume, and others have not."""
    dice = draft.dice
    if dice.one_in(25):
        return dice.one_of(["0", "0.01", "0.05"])
    return draft.points(Fraction(volume.size * dice.one_of([1, 1, 2, 2, 4]), 2))


def volume_at_least(draft: Draft, asker: str) -> str | None:
    name, volume = operand(draft, asker)
    return f"{name} {at_least(draft)} {threshold(draft, volume)}"


def share(draft: Draft, asker: str) -> str | None:
    """Draw a comparison of two volumes; often of two that sales bring in a simple proportion."""
    (name, _), (of, _) = operand(draft, asker), operand(draft, asker)
    known = {each.name for each in may_ask(draft, asker)}
    if draft.dice.one_in(2) and {"PV", "CV"} <= known:
        name, of = "CV", "PV"
    return f"{name} {at_least(draft)} {draft.dice.one_of(SHARES)} of {of}"


def leg_limit(draft: Draft, asker: str) -> str | None:
    groups = [each for each in may_ask(draft, asker) if each.is_whole_group]
    if not groups or not may_count_people(draft, asker):
        return None
    volume, most = draft.dice.one_of(groups), draft.dice.one_of(["60%", "50%", "33.33%", "100%"])
    oneself = draft.dice.one_of(["", "", " or oneself"])
    return (
        f"{volume.name} >= {threshold(draft, volume)}, at most {most} of it from one leg{oneself}"
    )


def customers(draft: Draft, asker: str) -> str | None:
    known = [each for each in may_ask(draft, asker) if each.is_sale and each.has_customers]
    if not known:
        return None
    dice = draft.dice
    volume, number = dice.one_of(known), dice.one_of([1, 1, 1, 2])
    points = dice.one_of([draft.points(1), "0.01", "1"])
    return f"customers with {volume.name} >= {points} {at_least(draft)} {number}"


def people(draft: Draft, asker: str) -> str | None:
    if not may_count_people(draft, asker):
        return None
    number = draft.dice.one_of([1, 1, 1, 1, 2, 3])
    return f"{people_counted(draft, asker)} {at_least(draft)} {number}"


def people_counted(draft: Draft, asker: str) -> str:
    """Return who is counted, without the number."""
    dice = draft.dice
    binary = draft.tree("binary")
    whom = dice.one_of([*WHOM, *["enrolled"] * (5 if binary else 0)])
    if whom == "enrolled":
        where = f" in the {dice.one_of(['left', 'right'])} leg of {binary}" if binary else ""
        return f"enrolled with {condition(draft, asker)}{where if dice.mostly() else ''}"
    if whom == "downline within":
        levels = dice.whole(1, 3)
        whom = f"downline within {levels} level" + "s" * (levels > 1 or dice.one_in(2))
    tree = draft.any_tree()
    where = f" in {tree}" if tree != "sponsor" or dice.one_in(6) else ""
    return f"{whom} with {condition(draft, asker)}{where}"


def condition(draft: Draft, asker: str) -> str:
    phrases = [simple(draft, asker) for _ in range(draft.dice.one_of([1, 1, 1, 2]))]
    return " and ".join(phrases)


def simple(draft: Draft, asker: str) -> str:
    dice = draft.dice
    forms = ["volume", "volume"] + ["active"] * (asker != "active")
    forms += ["rank", "rank", "title"] if draft.ranks else []
    form = dice.one_of(forms)
    if form == "volume":
        name, volume = operand(draft, asker)
        return f"{name} >= {threshold(draft, volume)}"
    if form == "active":
        return "active"
    return "title " * (form == "title") + a_rank(draft)


def a_rank(draft: Draft) -> str:
    """Return a rank, mostly one of the lower ones, as phrases write it."""
    dice = draft.dice
    return quoted(dice.one_of([*draft.ranks, *draft.ranks[:2], *draft.ranks[:1]]))


def joining(draft: Draft, asker: str) -> str | None:
    dice = draft.dice
    unit, number = dice.one_of(
        [("days", 30), ("days", 60), ("days", 1), ("months", 3), ("months", 1)]
    )
    return f"{unit} since joining {dice.one_of(['<', '>=', 'are at least'])} {number}"


def active(draft: Draft, asker: str) -> str | None:
    if asker == "active" or (asker == "early" and draft.activity_with_ranks):
        return None
    return "active"


def own_rank(draft: Draft, asker: str) -> str | None:
    if not draft.ranks or asker != "others":
        return None
    return draft.dice.one_of(["", "", "title "]) + a_rank(draft)


def rank_before(draft: Draft, asker: str) -> str | None:
    if not draft.ranks:
        return None
    if draft.dice.one_in(2):
        return f"was {a_rank(draft)}"
    periods = draft.dice.whole(1, 3)
    return f"{a_rank(draft)} in {draft.dice.whole(1, periods)} of the {periods} periods before"


FORMS: list[Form] = [
    *[volume_at_least] * 6,
    *[active] * 2,
    *[people] * 6,
    *[own_rank] * 3,
    customers,
    customers,
    share,
    share,
    leg_limit,
    leg_limit,
    joining,
    joining,
    joining,
    joining,
    rank_before,
    rank_before,
]
