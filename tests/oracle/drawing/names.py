"""Draws names: of ranks with spaces and odd letters, of bonuses with dots and per cents."""

from tests.oracle.drawing.dice import Dice

LADDERS = (
    ("Bronze", "Silver", "Gold", "Star"),
    ("Two Star", "Gold 2", "Élite", "Crown X 1"),
    ("head of sales", "5 Star", "Silver", "vip+"),
    ("B", "Silver Or Gold", "the largest leg", "PVX"),
)
BONUSES = (
    "Unilevel",
    "Team match",
    "Bonus 3.5%",
    "a.left",
    "Größe",
    "Level",
    "The 2nd",
    "One, two",
    "Q",
    "Pool = all",
)
DEDUCTIONS = ("Tax", "Service charge", "Fee 2")
MARKETS = ("JP", "US", "EU-1")


def rank_names(dice: Dice) -> list[str]:
    """Return up to four ranks, the lowest first."""
    names = list(dice.one_of(LADDERS))
    return names[: dice.one_of([0, 1, 2, 2, 3, 3, 4])]


def quoted(rank: str) -> str:
    """Return a rank as phrases write it: in quotes unless all its words begin like names.

    >>> quoted("Two Star"), quoted("head of sales"), quoted("5 Star")
    ('Two Star', "'head of sales'", "'5 Star'")
    """
    first, *others = rank.split(" ")
    begins = first[:1].isupper() and all(word[0].isupper() or word[0].isdigit() for word in others)
    return rank if begins and rank.replace(" ", "").isalnum() else f"'{rank}'"
