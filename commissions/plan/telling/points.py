"""What each volume is, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from commissions.engine.plan import (
    PEOPLE,
    CompressedFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    MixFigure,
    OrderOf,
    Past,
    PastFigure,
    ReserveFigure,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    TimeOf,
    Whose,
)
from commissions.engine.rounding import PPM
from commissions.plan.mistakes import listed
from commissions.plan.telling.asking import condition
from commissions.plan.telling.document import Section, Table
from commissions.plan.telling.words import WHO, Words, count

WHOSE = {
    Whose.OWN: "your own {which}orders",
    Whose.CUSTOMERS: "your customers' {which}orders",
    Whose.BOTH: "your own and your customers' {which}orders",
}
WHICH = {OrderOf.ALL: "", OrderOf.FIRST: "first ", OrderOf.LATER: "later "}
TIMES = {
    TimeOf.WITHIN_DAYS: " in the first {days} after the buyer joined",
    TimeOf.AFTER_DAYS: " later than {days} after the buyer joined",
    TimeOf.WITHIN_MONTHS: " in the buyer's first {months}",
    TimeOf.AFTER_MONTHS: " after the buyer's first {months}",
}
SCOPES = {
    Scope.SELF_AND_DOWNLINE: "yourself and everybody in your downline",
    Scope.DOWNLINE: "everybody in your downline",
    Scope.SELF_AND_FRONTLINE: "yourself and your frontline",
    Scope.FRONTLINE: "your frontline",
    Scope.LARGEST_LEG: "your largest leg",
    Scope.ALL_BUT_LARGEST: "your downline without its largest leg",
    Scope.LEFT_LEG: "your left leg",
    Scope.RIGHT_LEG: "your right leg",
    Scope.WEAKER_LEG: "your weaker leg",
    Scope.STRONGER_LEG: "your stronger leg",
}


def points_section(words: Words) -> Section:
    """Return the section that explains every volume of the plan."""
    rows = tuple(
        (words.plan.figures[place].name, f"{volume_words(words, words.plan.figures[place])}.")
        for place in words.plan.volume_order
    )
    return Section("Points", (Table(("Volume", "What it is"), rows),))


def within(time: SaleTime) -> str:
    """Return when an order must be placed, in words; nothing for any time."""
    return TIMES.get(time.time, "").format(
        days=count(time.count, "day"), months=count(time.count, "calendar month")
    )


def volume_words(words: Words, figure: Figure) -> str:
    """Return what a volume is made of."""
    match figure:
        case SaleFigure():
            return _orders(words, figure)
        case SaleMix():
            return f"{_sum(words, figure.terms)}, worked out for each sale"
        case MixFigure():
            return _sum(words, figure.terms)
        case GroupFigure():
            return _group(words, figure)
        case PastFigure():
            return _past(words, figure)
        case LevelsFigure():
            return _levels(words, figure)
        case ReserveFigure():
            return _reserve(words, figure)
    return _compressed(words, figure)


def _orders(words: Words, figure: SaleFigure) -> str:
    orders = WHOSE[figure.whose].format(which=WHICH[figure.when.orders])
    column = words.plan.columns[figure.column]
    what = "The money paid for" if column == "amount" else f"The points ({column}) of"
    return f"{what} {orders}{within(figure.when)}"


def _compressed(words: Words, figure: Figure) -> str:
    if not isinstance(figure, CompressedFigure):
        raise TypeError(f"{figure.name} is no named volume")
    return (
        f"The {words.volume(figure.of)} of yourself and of those below you who are not active, "
        "down to the next active person; nothing while you are not active"
    )


def _sum(words: Words, terms: tuple[tuple[int, int], ...]) -> str:
    parts = []
    for number, (ppm, of) in enumerate(terms):
        share = "" if abs(ppm) == PPM else f"{words.rate(abs(ppm))} of "
        sign = "less " if ppm < 0 else "plus " if number else ""
        parts.append(f"{sign}{share}{words.volume(of)}")
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def _group(words: Words, figure: GroupFigure) -> str:
    where = SCOPES.get(figure.scope, "")
    if figure.scope == Scope.LEVELS:
        where = (
            f"your level {figure.low}"
            if figure.low == figure.high
            else f"your levels {figure.low} to {figure.high}"
        )
    without = ""
    if figure.without_rank:
        rank = words.rank(figure.without_rank)
        without = f", without those below you who are paid as {rank} and everybody below them"
    return f"The {words.volume(figure.of)} of {where}{words.in_tree(figure.tree)}{without}"


def _past(words: Words, figure: PastFigure) -> str:
    volume, period = words.volume(figure.of), words.period
    return {
        Past.LIFETIME: f"All of your {volume} so far, in this {period} and all before it",
        Past.LAST: f"Your {volume} of the last {count(figure.periods, period)}, this one included",
        Past.BEFORE: f"Your {volume} of the {period} before",
        Past.GROWTH: f"How much more your {volume} is than in the {period} before; nothing if less",
    }[figure.past]


def _levels(words: Words, figure: LevelsFigure) -> str:
    people = figure.of == PEOPLE
    volume = "" if people else words.volume(figure.of)
    parts = []
    if figure.self_weight:
        own = " for yourself" if people else f" of your own {volume}"
        parts = [f"{_weight(words, figure, figure.self_weight)}{own}"]
    parts += [
        f"{_weight(words, figure, one)} {'for each person' if people else f'of the {volume}'} on "
        f"{levels}"
        for one, levels in _alike(figure.weights)
    ]
    who = ""
    if figure.who:
        uses = "use no level" if figure.skips else "use up a level"
        who = f"; only people count {condition(words, figure.who, WHO)}, and others {uses}"
    start = "The sum of " if len(parts) > 1 else ""
    text = f"{start}{listed(parts, 'and')}{words.in_tree(figure.tree)}{who}"
    return text[0].upper() + text[1:]


def _weight(words: Words, figure: LevelsFigure, value: int) -> str:
    return words.points(value) if figure.of == PEOPLE else words.rate(value)


def _alike(weights: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    """Yield each weight that is above zero, with the levels in a row that have it."""
    level = 0
    for one, same in groupby(weights):
        low, level = level + 1, level + len(list(same))
        if one:
            yield one, f"level {low}" if low == level else f"levels {low} to {level}"


def _reserve(words: Words, figure: ReserveFigure) -> str:
    return (
        f"Of the {words.volume(figure.of)} of each sale up to {words.points(figure.at_once)} at "
        f"once; the rest goes to a reserve of at most {words.points(figure.most)}, from which what "
        f"is missing to {words.points(figure.draws_to)} is drawn"
    )
