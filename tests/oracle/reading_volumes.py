"""Reads the phrases and tables of `[volume]`."""

import re
from fractions import Fraction
from typing import Any

from tests.oracle.money import per_cent
from tests.oracle.phrases import (
    Compressed,
    Group,
    Orders,
    OverTime,
    Requirement,
    Reserve,
    Sum,
    Term,
    Volume,
    Weighted,
    Window,
)

ORDERS = re.compile(
    r"(\w+) of (own and customers'|own|customers')( first| later)? orders"
    r"(?: (within|after) (\d+) (day|month)s? of joining)?"
)
GROUP = re.compile(
    r"(\w+) of "
    r"(self and downline|downline|self and frontline|frontline|levels? (\d+)(?: to (\d+))?"
    r"|the largest leg|all but the largest leg|the (?:left|right|weaker|stronger) leg)"
    r"(?: without (.+) groups)?(?: in (\S+))?"
)
TERM = re.compile(r"(?:(^| [+-] )(?:([\d.]+%) of )?([A-Z]\w*))")


def read_volume(phrase: str) -> Volume:
    """
    >>> read_volume("cv of own orders after 3 months of joining").window
    Window(number=3, unit='months', after=True)
    """
    return (
        read_orders(phrase)
        or read_group(phrase)
        or read_over_time(phrase)
        or read_compressed(phrase)
        or read_sum(phrase)
    )


def read_orders(phrase: str) -> Orders | None:
    """
    >>> read_orders("cv of customers' first orders")
    Orders(column='cv', own=False, customers=True, which='first', window=None)
    """
    found = ORDERS.fullmatch(phrase)
    if not found:
        return None
    column, whose, which, side, number, unit = found.groups()
    window = Window(int(number), unit + "s", side == "after") if side else None
    return Orders(column, "own" in whose, "customers'" in whose, (which or "all").strip(), window)


def read_group(phrase: str) -> Group | None:
    """
    >>> read_group("PV of levels 2 to 4 in placement")
    Group(of='PV', scope='levels', tree='placement', without=None, first=2, last=4)
    """
    found = GROUP.fullmatch(phrase)
    if not found:
        return None
    of, scope, first, last, without, tree = found.groups()
    return Group(
        of=of,
        scope="levels" if first else scope,
        tree=tree or "sponsor",
        without=without.strip("'") if without else None,
        first=int(first or 0),
        last=int(last or first or 0),
    )


def read_over_time(phrase: str) -> OverTime | None:
    """
    >>> read_over_time("GV of the last 3 periods")
    OverTime(of='GV', how='last', periods=3)
    """
    if found := re.fullmatch(r"lifetime (\w+)", phrase):
        return OverTime(found[1], "lifetime")
    if found := re.fullmatch(r"growth of (\w+)", phrase):
        return OverTime(found[1], "growth", 2)
    if found := re.fullmatch(r"(\w+) of the period before", phrase):
        return OverTime(found[1], "before", 2)
    if found := re.fullmatch(r"(\w+) of the last (\d+) periods?", phrase):
        return OverTime(found[1], "last", int(found[2]))
    return None


def read_compressed(phrase: str) -> Compressed | None:
    found = re.fullmatch(r"(\w+) of compressed orders", phrase)
    return Compressed(found[1]) if found else None


def read_sum(phrase: str) -> Sum:
    """
    >>> read_sum("SOLD - 30% of COST").terms[1]
    Term(sign=-1, share=Fraction(3, 10), volume='COST')
    """
    terms = TERM.findall(phrase)
    if "".join(TERM.sub("", phrase)) or not terms:
        raise KeyError(phrase)
    return Sum(
        tuple(
            Term(-1 if "-" in sign else 1, per_cent(share) if share else None, name)
            for sign, share, name in terms
        )
    )


def read_reserve(table: dict[str, Any]) -> Reserve:
    return Reserve(
        of=table["of"],
        at_once=Fraction(table["at_once"]),
        most=Fraction(table["most"]),
        draws_to=Fraction(table["draws_to"]),
    )


def read_weighted(table: dict[str, Any], who: Requirement) -> Weighted:
    """Return weighted levels; `who` are the requirements in the table, read already."""
    of_people = table["of"] == "people"

    def weight(text: str | int) -> Fraction:
        return Fraction(text) if of_people else per_cent(str(text))

    return Weighted(
        of=None if of_people else table["of"],
        self_weight=weight(table.get("self", "0")),
        levels=tuple(weight(each) for each in table.get("levels", [])),
        who=who,
        compression=table.get("compression", "none"),
        tree=table.get("tree", "sponsor"),
    )
