"""The trees that a plan adds to those of sponsors and enrollers."""

from __future__ import annotations

from commissions.engine.plan import SPONSOR, TreeKind, TreeRule
from commissions.plan.given import Given
from commissions.plan.meaning import Meaning
from commissions.plan.models import TreeTable
from commissions.plan.texts import SMALL_NAME
from commissions.plan.toml import Entry

KINDS = {
    "binary": TreeKind.BINARY,
    "matrix": TreeKind.MATRIX,
    "free": TreeKind.FREE,
    "pass-up": TreeKind.PASS_UP,
}
STANDING = ("sponsor", "enroller")
FITS = {
    "width": ("matrix",),
    "fill": ("binary", "matrix"),
    "of": ("pass-up",),
    "first": ("pass-up",),
}
"""Which kinds know a key."""


def tree_names(entries: dict[str, Entry]) -> list[str]:
    """Return the names of all trees: the two that exist always, and those that are named."""
    return [*STANDING, *(name for name in entries if name not in STANDING)]


def read_trees(entries: dict[str, Entry], meaning: Meaning) -> None:
    """Take the plan's trees in; one that is made of another comes after it."""
    waiting = {
        name: entry for name, entry in entries.items() if _is_good_name(name, entry, meaning)
    }
    while waiting:
        ready = [name for name, entry in waiting.items() if _of(entry) not in waiting]
        if not ready:
            name, entry = next(iter(waiting.items()))
            meaning.mistakes.add(
                entry.place, f"tree.{name}.of", f"This goes round in a circle: {_circle(waiting)}.",
                "Make one of them of another tree.",
            )  # fmt: skip
            return
        for name in ready:
            entry = waiting.pop(name)
            if isinstance(entry.node.value, dict):
                meaning.trees.append(
                    _tree(name, Given(TreeTable, entry.node, f"tree.{name}"), meaning)
                )


def _is_good_name(name: str, entry: Entry, meaning: Meaning) -> bool:
    if name in STANDING:
        meaning.mistakes.add(entry.place, f"tree.{name}", f'The tree "{name}" exists always.',
                             "Give this one another name.")  # fmt: skip
        return False
    if not SMALL_NAME.fullmatch(name) or name == "the":
        meaning.mistakes.add(
            entry.place, f"tree.{name}", f'"{name}" is no name of a tree.',
            "Write small letters, digits and _, at most 30, a letter first.",
        )  # fmt: skip
    return True


def _of(entry: Entry) -> str:
    """Return the tree that one is made of."""
    table = entry.node.value if isinstance(entry.node.value, dict) else {}
    of = table.get("of")
    return of.node.value if of is not None and isinstance(of.node.value, str) else ""


def _circle(waiting: dict[str, Entry]) -> str:
    path = [next(iter(waiting))]
    while path[-1] not in path[:-1]:
        path.append(_of(waiting[path[-1]]))
    return " -> ".join(path[path.index(path[-1]) :])


def _tree(name: str, given: Given, meaning: Meaning) -> TreeRule:
    word = given.word("kind")
    kind = given.text("kind")
    if kind is None or kind.value != word:
        return TreeRule(name, KINDS[word])
    for key, kinds in FITS.items():
        if given.has(key) and word not in kinds:
            meaning.mistakes.add(given.place(key), given.name(key),
                                 f"A {word} tree knows no {key}.", "Leave it out.")  # fmt: skip
    for key, wanted in (("width", "matrix"), ("first", "pass-up")):
        if word == wanted and not given.has(key):
            meaning.mistakes.add(given.node.place, given.name(key), f'The key "{key}" is missing.',
                                 f"Write {key} = ...")  # fmt: skip
    return TreeRule(
        name=name,
        kind=KINDS[word],
        width=2 if word == "binary" else given.number("width"),
        of=meaning.tree_named(given.text("of"), SPONSOR),
        first=given.number("first"),
        finds_places=given.word("fill") == "breadth-first",
    )
