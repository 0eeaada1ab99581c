"""Draws who is active, the ranks, and how they are kept."""

from fractions import Fraction
from typing import Any

from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.requirements import requirement, requirements


def draw_active(draft: Draft) -> None:
    """Draw `[active]`, mostly a few points of one's own."""
    dice = draft.dice
    if dice.one_in(3):
        return
    if dice.mostly(3):
        asked = [f"PV >= {draft.points(Fraction(dice.one_of([1, 5, 10]), 10))}"]
        known = [each for each in draft.volumes if each.name == "PV" and not each.with_ranks]
        require = asked if known else requirements(draft, "active")
    else:
        require = requirements(draft, "active")
    draft.plan["active"] = {"require": require}


def draw_ranks(draft: Draft) -> None:
    if not draft.ranks:
        return
    draft.plan["rank"] = [a_rank(draft, place, name) for place, name in enumerate(draft.ranks)]
    if draft.dice.one_in(2):
        draft.plan["ranks"] = keeping(draft)


def a_rank(draft: Draft, place: int, name: str) -> dict[str, Any]:
    """Draw a rank; of the lower ones most ask for no more than a few points."""
    dice = draft.dice
    if dice.mostly(3 if place else 4):
        require = [easy(draft, place)]
    else:
        require = requirements(draft, "ranks", 3 if place else 2)
    said: dict[str, Any] = {"name": name, "require": require}
    if dice.one_in(3):
        said["maintain"] = [requirement(draft, "ranks")]
    return said


def easy(draft: Draft, place: int) -> str:
    volumes = [each for each in draft.volumes[:3] if not each.after_ranks]
    volume = draft.dice.one_of(volumes)
    units = Fraction(volume.size * (place + 1), draft.dice.one_of([1, 2, 3]))
    return f"{volume.name} >= {draft.points(units)}"


def keeping(draft: Draft) -> dict[str, Any]:
    """Draw `[ranks]`, every key by itself."""
    dice = draft.dice
    said: dict[str, Any] = {}
    if dice.one_in(2):
        said["paid_as"] = dice.one_of(["qualified", "title", "title"])
    if dice.one_in(2):
        said["grace"] = dice.one_of([0, 1, 1, 2])
    if dice.mostly(3):
        window = dice.whole(2, 4)
        said |= {"title": "window", "met": dice.whole(1, window), "of": window}
        said["falls"] = dice.one_of(["one step", "to qualified"])
    elif dice.one_in(2):
        said["title"] = "highest"
    return said
