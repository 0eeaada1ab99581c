"""Who is above and below whom, in every tree of a plan. Chains may be as long as they like."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.oracle.people import (
    Member,
    Network,
    Place,
    distributor_above,
    distributors,
    introduced_by,
)
from tests.oracle.plan import TreeRules

Seen = Callable[[str], bool]
"""Says of a distributor whether it is looked at at all, with everybody below."""


@dataclass(frozen=True)
class Tree:
    """Parents of those who have a place; children by number."""

    rules: TreeRules
    parents: Mapping[str, str | None]
    legs: Mapping[str, int | None] = field(default_factory=dict)
    children: Mapping[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        children = defaultdict(list)
        for id, parent in self.parents.items():
            if parent is not None:
                children[parent].append(id)
        object.__setattr__(self, "children", children)

    def above(self, id: str) -> str | None:
        return self.parents.get(id)

    def below(self, id: str) -> list[str]:
        return self.children.get(id, [])

    def upline(self, id: str) -> Iterator[str]:
        """Yield everybody above, nearest first."""
        above = self.above(id)
        while above is not None:
            yield above
            above = self.above(above)

    def in_leg(self, id: str, number: int) -> str | None:
        """Return who stands in a leg directly below."""
        return next((each for each in self.below(id) if self.legs[each] == number), None)

    def preorder(self) -> list[str]:
        found, to_do = [], [id for id, parent in self.parents.items() if parent is None][::-1]
        while to_do:
            id = to_do.pop()
            found.append(id)
            to_do += self.below(id)[::-1]
        return found


def trees_of(network: Network, rules: Mapping[str, TreeRules]) -> dict[str, Tree]:
    """Return every tree of a plan; pass-up trees after those they are made of."""
    trees: dict[str, Tree] = {}
    waiting = list(rules.values())
    while waiting:
        rule = waiting.pop(0)
        if rule.kind != "pass-up":
            trees[rule.name] = tree_of(network, rule)
        elif rule.of in trees:
            trees[rule.name] = passed_up(network, rule, trees[rule.of])
        else:
            waiting.append(rule)
    return trees


def tree_of(network: Network, rules: TreeRules) -> Tree:
    if rules.name == "sponsor":
        return Tree(
            rules, {id: distributor_above(network, network[id]) for id in distributors(network)}
        )
    if rules.name == "enroller":
        return Tree(
            rules, {id: introduced_by(network, network[id]) for id in distributors(network)}
        )
    places = places_in(network, rules.name)
    if rules.fill == "breadth-first":
        places = filled(network, rules, places)
    by_number = {id: places[id] for id in network if id in places}
    return Tree(
        rules,
        {id: place.parent for id, place in by_number.items()},
        {id: place.leg for id, place in by_number.items()},
    )


def places_in(network: Network, tree: str) -> dict[str, Place]:
    return {id: member.places[tree] for id, member in network.items() if tree in member.places}


def by_joining(network: Network, ids: Iterable[str]) -> list[str]:
    """Return people in the order of joining, ties by number."""
    numbers = {id: number for number, id in enumerate(network)}
    return sorted(ids, key=lambda id: (network[id].joined, numbers[id]))


def passed_up(network: Network, rules: TreeRules, of: Tree) -> Tree:
    """Give the first few below everybody to that one's own parent, from the top down."""
    parents: dict[str, str | None] = {}
    for id in of.preorder():
        if of.above(id) is None:
            parents[id] = None
        in_turn = by_joining(network, of.below(id))
        for place, child in enumerate(in_turn):
            is_passed_up = place < rules.first and parents[id] is not None
            parents[child] = parents[id] if is_passed_up else id
    return Tree(rules, {id: parents[id] for id in of.parents})


def filled(network: Network, rules: TreeRules, given: Mapping[str, Place]) -> dict[str, Place]:
    """Find a place for every distributor who has none, one after another."""
    places = dict(given)
    without = [id for id in distributors(network) if id not in places]
    for id in by_joining(network, without):
        places[id] = free_place(network, rules, places, network[id])
    return places


def free_place(
    network: Network, rules: TreeRules, places: Mapping[str, Place], member: Member
) -> Place:
    """Return the first free place below the enroller, level by level, from the lowest leg on."""
    taken = {(place.parent, place.leg): id for id, place in places.items()}
    tops = [id for id in network if id in places and places[id].parent is None]
    enroller = introduced_by(network, member)
    under = enroller if enroller in places else next(iter(tops), None)
    if under is None:
        return Place(None)
    level = [under]
    for id in level:  # grows while it is walked: level by level
        for leg in range(1, rules.width + 1):
            if (id, leg) not in taken:
                return Place(id, leg)
            level.append(taken[id, leg])
    raise AssertionError("a tree has always a free place")


def placed(network: Network, rules: Mapping[str, TreeRules]) -> dict[str, Member]:
    """Return the network with everybody's place written down, also of who had to be found one."""
    people = dict(network)
    for rule in rules.values():
        if rule.fill == "breadth-first":
            for id, place in filled(network, rule, places_in(network, rule.name)).items():
                people[id] = replace(people[id], places={**people[id].places, rule.name: place})
    return people


def downline(tree: Tree, id: str, seen: Seen = lambda _: True) -> Iterator[str]:
    """Yield everybody below who is looked at; who is not hides those below."""
    to_do = tree.below(id)[::-1]
    while to_do:
        each = to_do.pop()
        if seen(each):
            yield each
            to_do += tree.below(each)[::-1]


def directly_below(
    tree: Tree, id: str, stands: Callable[[str], bool], seen: Seen = lambda _: True
) -> Iterator[str]:
    """Yield who stands directly below; who does not stand there is looked through.

    Those below who is looked through are looked at as if they stood in that place.
    """
    to_do = tree.below(id)[::-1]
    while to_do:
        each = to_do.pop()
        if not seen(each):
            continue
        if stands(each):
            yield each
        else:
            to_do += tree.below(each)[::-1]
