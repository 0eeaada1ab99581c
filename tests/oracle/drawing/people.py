"""Draws who is there: shapes of networks, states, places, and when everybody joined."""

from dataclasses import replace
from datetime import date, timedelta

from tests.oracle.drawing.case import Person
from tests.oracle.drawing.dice import Dice
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.names import MARKETS

COUNTS = (1, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 13, 14)
SHAPES = ("tree", "tree", "slim", "slim", "bushy", "bushy", "chain", "star")
STATES = ("lapsed", "terminated", "applicant", "suspended", "reinstated", "deceased", "active")


def draw_people(draft: Draft, start: date, end: date, later_end: date) -> list[Person]:
    """Draw the network of a case whose first run ends on one day, and its last on another."""
    dice = draft.dice
    people = [facts_of(draft, person, start, end) for person in hung_up(dice)]
    newcomers = {person.id for person in people[1:] if dice.one_in(8)}
    newcomers -= {person.sponsor for person in people}
    days = (later_end - end).days
    people = [
        replace(person, joined=str(end + timedelta(days=dice.whole(0, days))))
        if person.id in newcomers
        else person
        for person in people
    ]
    people = with_enrollers(dice, people, newcomers)
    for name, kind in draft.trees.items():
        if kind != "pass-up":
            people = placed(draft, people, newcomers, name)
    return dice.shuffled(people) if dice.one_in(2) else people


def hung_up(dice: Dice) -> list[Person]:
    """Draw who sponsors whom: distributors first, customers below anybody."""
    shape = dice.one_of(SHAPES)
    people: list[Person] = []
    for place in range(40 if dice.one_in(100) else dice.one_of(COUNTS)):
        people.append(Person(f"d{place}", above(dice, shape, people)))
    for place in range(dice.one_of([0, 1, 2, 3, 4, 4, 5, 6])):
        sponsor = dice.one_of(people).id
        people.append(Person(f"c{place}", sponsor, is_customer=True))
    if dice.one_in(5):  # somebody stands under a customer
        under = [person for person in people if person.is_customer]
        people += [Person(f"u{place}", each.id) for place, each in enumerate(under[:2])]
    return people


def above(dice: Dice, shape: str, people: list[Person]) -> str:
    place = len(people)
    if place == 0 or dice.one_in(15):
        return ""
    at = {
        "tree": dice.whole(0, place - 1),
        "slim": dice.whole(max(place - 3, 0), place - 1),
        "bushy": (place - 1) // 2,
        "chain": place - 1,
        "star": 0,
    }[shape]
    return people[at].id


def facts_of(draft: Draft, person: Person, start: date, end: date) -> Person:
    """Draw what is known of one member besides the sponsor."""
    dice = draft.dice
    markets = [*draft.plan.get("market", {}), dice.one_of(MARKETS), "", ""]
    return replace(
        person,
        joined=joined(dice, start, start if draft.short_cadence else end),
        status=dice.one_of(STATES) if dice.one_in(4) else "",
        market=dice.one_of(markets),
        holder=dice.one_of(["", "h1", "h1", "h2"]),
        rank=dice.one_of(draft.ranks) if can_be_set(draft, person) else "",
    )


def can_be_set(draft: Draft, person: Person) -> bool:
    return bool(draft.ranks) and not person.is_customer and draft.dice.one_in(8)


def joined(dice: Dice, start: date, end: date) -> str:
    """Draw a day of joining around the windows that plans have: 30 and 60 days, months."""
    days = [start - timedelta(days=n) for n in (1, 9, 29, 30, 31, 58, 59, 60, 61, 400)]
    days += [start, start, start.replace(day=1), start + (end - start) / 2]
    days += [start.replace(day=1) - timedelta(days=1), start - timedelta(days=700)]
    day = dice.one_of(days)
    return f"{day}T{dice.one_of(['00:00', '09:30', '23:59'])}" if dice.one_in(4) else str(day)


def with_enrollers(dice: Dice, people: list[Person], newcomers: set[str]) -> list[Person]:
    """Draw who introduced whom: mostly the sponsor, or somebody earlier in an order of its own.

    Nobody is introduced by a newcomer, who is not there yet in the first run.
    """
    if dice.one_in(2):
        return people
    order = [person for person in people if not person.sponsor]
    order += dice.shuffled([person for person in people if person.sponsor])
    enrollers: dict[str, str] = {}
    for place, person in enumerate(order[1:], 1):
        known = [each.id for each in order[:place] if each.id not in newcomers]
        if known and (person.sponsor or dice.one_in(2)):
            enrollers[person.id] = dice.one_of(known)
    return [replace(person, enroller=enrollers.get(person.id, "")) for person in people]


def placed(draft: Draft, people: list[Person], newcomers: set[str], tree: str) -> list[Person]:
    """Draw places in a tree: in the order of the sponsor tree, or in one that contradicts it."""
    dice, rules = draft.dice, draft.plan["tree"][tree]
    order = [person.id for person in people if not person.is_customer]
    if dice.one_in(2):
        order = dice.shuffled(order)
    if rules.get("fill") == "breadth-first":
        order = order[: dice.one_of([0, 0, 1, 3, len(order)])]
    elif dice.one_in(4):
        order = order[: dice.whole(len(order) // 2, len(order))]
    order = [id for id in order if id not in newcomers] + [id for id in order if id in newcomers]
    width = {"binary": 2, "free": 0}.get(rules["kind"]) or rules.get("width", 0)
    places = places_of(dice, order, newcomers, width)
    if rules["kind"] == "binary":
        places = {id: (parent, spelt(dice, leg)) for id, (parent, leg) in places.items()}
    return [
        replace(person, places={**person.places, tree: places[person.id]})
        if person.id in places
        else person
        for person in people
    ]


def places_of(
    dice: Dice, order: list[str], newcomers: set[str], width: int
) -> dict[str, tuple[str, str]]:
    """Return a parent and a leg for each; of a free tree (width 0) only a parent."""
    places: dict[str, tuple[str, str]] = {}
    fills = dice.one_of(["dense", "dense", "anywhere"])
    for id in order:
        known = [each for each in places if each not in newcomers]
        free = [
            (p, n) for p in known for n in legs(width) if not n or (p, n) not in places.values()
        ]
        if not known or not free or dice.one_in(20):
            places[id] = (id, "")
        elif fills == "dense":
            places[id] = free[0]
        else:
            places[id] = dice.one_of(free)
    return places


def legs(width: int) -> list[str]:
    return [str(number) for number in range(1, width + 1)] or [""]


def spelt(dice: Dice, leg: str) -> str:
    """Return a leg of a binary tree as files may name it."""
    return dice.one_of([leg, {"1": "left", "2": "right", "": ""}[leg]])
