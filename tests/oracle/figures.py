"""Volumes: figures of a distributor. Each kind of phrase has a function of its own."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import singledispatch

from tests.oracle.groups import frontline, heads, leg_of, levels_below
from tests.oracle.money import hundredth
from tests.oracle.phrases import Compressed, Group, Orders, OverTime, Reserve, Sum, Term, Volume
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.trees import Seen, Tree, downline

ZERO = Fraction(0)


def value(run: Run, volume: str, id: str) -> Fraction:
    """Return a volume of a distributor, in points."""
    key = volume, id
    if key not in run.values:
        if run.plan.is_sale_volume(volume):
            run.values[key] = sum((base for _, base in sales_in(run, volume, id)), ZERO)
        else:
            run.values[key] = figure(run.plan.volumes[volume], run, volume, id)
    return run.values[key]


def sales_in(run: Run, volume: str, id: str) -> Iterator[tuple[Sold, Fraction]]:
    """Yield the distributor's sales that a sale volume is the sum of, each with its base.

    Who does not keep volume has none. Returns of earlier sales are among them if they are
    deducted from volume.
    """
    if not run.member(id).policies.keeps_volume:
        return
    for sold in run.owned.get(id, []):
        yield sold, run.base(volume, sold)


@singledispatch
def figure(meaning: Volume, run: Run, volume: str, id: str) -> Fraction:
    """Return what a phrase that is no sale volume comes to for a distributor."""
    raise NotImplementedError(meaning)


@figure.register
def of_sum(meaning: Sum, run: Run, volume: str, id: str) -> Fraction:
    return sum((term.sign * of_term(run, term, id) for term in meaning.terms), ZERO)


def of_term(run: Run, term: Term, id: str) -> Fraction:
    """Return a volume, or a per cent of the distributor's figure, rounded."""
    whole = value(run, term.volume, id)
    return whole if term.share is None else hundredth(whole * term.share)


@figure.register
def of_group(meaning: Group, run: Run, volume: str, id: str) -> Fraction:
    tree = run.trees[meaning.tree]
    seen = run.seen_for(volume, tree)
    if meaning.scope in ("downline", "self and downline"):
        return whole_of(run, meaning, id, seen)
    if meaning.scope in ("the largest leg", "all but the largest leg"):
        largest = max([ZERO, *legs_of(run, meaning, id, seen)])
        if meaning.scope == "the largest leg":
            return largest
        return whole_of(run, meaning, id, seen) - largest
    if meaning.scope in ("frontline", "self and frontline"):
        people = [id] if meaning.scope.startswith("self") else []
        people += frontline(run, tree, id, seen)
        return added(run, meaning, people)
    if meaning.scope == "levels":
        levels = levels_below(run, tree, id, meaning.last, seen)
        return added(
            run, meaning, [each for level in levels[meaning.first - 1 :] for each in level]
        )
    left, right = (added(run, meaning, leg_of(tree, id, number, seen)) for number in (1, 2))
    return {
        "the left leg": left,
        "the right leg": right,
        "the weaker leg": min(left, right),
        "the stronger leg": max(left, right),
    }[meaning.scope]


def added(run: Run, meaning: Group, people: Iterable[str]) -> Fraction:
    return sum(filter(None, (value(run, meaning.of, each) for each in people)), ZERO)


def whole_of(run: Run, meaning: Group, id: str, seen: Seen) -> Fraction:
    """Return a volume of the downline, and of oneself if the phrase says so."""
    oneself = [id] if meaning.scope.startswith("self") else []
    below = downline(run.trees[meaning.tree], id, in_group(run, meaning, seen))
    return added(run, meaning, [*oneself, *below])


def legs_of(run: Run, meaning: Group, id: str, seen: Seen) -> list[Fraction]:
    """Return what each leg has of a volume of the downline."""
    tree, stays = run.trees[meaning.tree], in_group(run, meaning, seen)
    return [
        added(run, meaning, [head, *downline(tree, head, stays)])
        for head in heads(run, tree, id, stays)
    ]


def in_group(run: Run, meaning: Group, seen: Seen) -> Seen:
    """Return who is in a group: not who has broken away, if the phrase leaves such groups out."""
    if meaning.without is None:
        return seen
    rank = run.plan.number_of(meaning.without)
    return lambda each: seen(each) and run.ranks[each].paid_as < rank


@figure.register
def of_compressed(meaning: Compressed, run: Run, volume: str, id: str) -> Fraction:
    """Add to one's own what moves up: of those below who are not active, up to whom is active."""
    if not run.active[id]:
        return ZERO
    tree = run.trees["sponsor"]
    seen = run.seen_for(volume, tree)
    return sum(
        (value(run, meaning.of, each) for each in [id, *not_active_below(run, tree, id, seen)]),
        ZERO,
    )


def not_active_below(run: Run, tree: Tree, id: str, seen: Seen) -> Iterator[str]:
    """Yield those for whom this is the nearest active one above."""
    return downline(tree, id, lambda each: seen(each) and not run.active[each])


@figure.register
def of_time(meaning: OverTime, run: Run, volume: str, id: str) -> Fraction:
    now = value(run, meaning.of, id)
    if meaning.how == "lifetime":
        return run.state.number(id, f"lifetime.{meaning.of}") + now
    before = [past(run, meaning.of, id, number) for number in range(1, max(meaning.periods, 1))]
    if meaning.how == "last":
        return now + sum(before, ZERO)
    return before[0] if meaning.how == "before" else max(now - before[0], ZERO)


def past(run: Run, volume: str, id: str, number: int) -> Fraction:
    """Return a volume in the period so many before this one."""
    label = run.longer.start_of_earlier(number)
    return run.state.number(id, f"past.{volume}@{label}")


@figure.register
def of_reserve(meaning: Reserve, run: Run, volume: str, id: str) -> Fraction:
    at_once, drawn, _ = reserve(meaning, run, volume, id)
    return at_once + drawn


def reserve(
    meaning: Reserve, run: Run, volume: str, id: str
) -> tuple[Fraction, Fraction, Fraction]:
    """Return what counts at once, what is drawn, and what the reserve holds afterwards."""
    bases = [base for _, base in sales_in(run, meaning.of, id)]
    at_once = sum((min(base, meaning.at_once) for base in bases), ZERO)
    rests = sum((max(base - meaning.at_once, ZERO) for base in bases), ZERO)
    carried = run.state.number(id, f"reserve.{volume}")
    missing = max(meaning.draws_to - at_once, ZERO)
    drawn = min(carried, missing)
    return at_once, drawn, min(carried - drawn + rests, meaning.most)


@figure.register
def of_orders(meaning: Orders, run: Run, volume: str, id: str) -> Fraction:
    raise AssertionError("a sale volume is the sum of its sales")
