"""Draws who is there: shapes of networks, states, places, and when everybody joined."""

from dataclasses import replace
from datetime import date, timedelta

from tests.oracle.drawing.case import Person
from tests.oracle.drawing.dice import Dice
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.names import MARKETS

COUNTS = (1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9, 9, 10, 11, 12, 14)
SHAPES = ("tree", "tree", "slim", "slim", "bushy", "bushy", "chain", "star")
STATES = ("lapsed", "terminated", "applicant", "suspended", "reinstated", "deceased", "active")


def draw_people(draft: Draft, start: date, end: date, later_end: date) -> list[Person]:
    """Draw the network of a case whose first run ends on one day, and its last on another."""
    people = hung_up(draft.dice)
    people = [facts_of(draft, person, start, end) for person in people]
    people = with_newcomers(draft.dice, people, end, later_end)
    people = with_enrollers(draft.dice, people)
    for name, kind in draft.trees.items():
        if kind != "pass-up":
            people = placed(draft, people, name)
    return draft.dice.shuffled(people) if draft.dice.one_in(2) else people


def hung_up(dice: Dice) -> list[Person]:
    """Draw who sponsors whom: distributors first, customers below anybody."""
    shape = dice.one_of(SHAPES)
    people: list[Person] = []
    for place in range(dice.one_of(COUNTS)):
        people.append(Person(f"d{place}", above(dice, shape, people)))
    for place in range(dice.one_of([0, 1, 2, 3, 3, 4, 5])):
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
        joined=joined(dice, start, end),
        status=dice.one_of(STATES) if dice.one_in(4) else "",
        market=dice.one_of(markets),
        holder=dice.one_of(["", "h1", "h1", "h2"]),
        rank=dice.one_of(draft.ranks) if can_be_set(draft, person) else "",
    )


def can_be_set(draft: Draft, person: Person) -> bool:
    return bool(draft.ranks) and not person.is_customer and draft.dice.one_in(10)


def joined(dice: Dice, start: date, end: date) -> str:
    """Draw a day of joining around the windows that plans have: 30 and 60 days, months."""
    days = [start - timedelta(days=n) for n in (1, 29, 30, 31, 58, 59, 60, 61, 400)]
    days += [start, start, start.replace(day=1), start + (end - start) / 2, date(2025, 1, 1)]
    day = dice.one_of([*days, date(2025, 1, 1), date(2024, 2, 29)])
    return f"{day}T{dice.one_of(['00:00', '09:30', '23:59'])}" if dice.one_in(4) else str(day)


def with_newcomers(dice: Dice, people: list[Person], end: date, later_end: date) -> list[Person]:
    """Let some of those with nobody below join only after the first run."""
    sponsors = {person.sponsor for person in people}
    days = (later_end - end).days
    return [
        replace(person, joined=str(end + timedelta(days=dice.whole(0, days))))
        if person.id not in sponsors and dice.one_in(8)
        else person
        for person in people
    ]


def is_newcomer(person: Person, people: list[Person]) -> bool:
    """Return whether somebody can have nobody below in any tree, as the last to join."""
    return person.joined >= max(each.joined for each in people)


def with_enrollers(dice: Dice, people: list[Person]) -> list[Person]:
    """Draw who introduced whom: mostly the sponsor, or somebody earlier in an order of its own."""
    if dice.one_in(2):
        return people
    tops = [person for person in people if not person.sponsor]
    others = sorted(
        dice.shuffled([person for person in people if person.sponsor]), key=by_joining
    )
    order = [*tops, *others]
    enrollers: dict[str, str] = {}
    for place, person in enumerate(order[1:], 1):
        known = [each for each in order[:place] if each.joined < "2026" or each in tops]
        if person.sponsor or dice.one_in(2):
            enrollers[person.id] = dice.one_of(known or tops).id
    return [replace(person, enroller=enrollers.get(person.id, "")) for person in people]
