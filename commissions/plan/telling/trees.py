"""The trees that a plan looks at, besides that of sponsors."""

from __future__ import annotations

from commissions.engine.plan import TreeKind, TreeRule
from commissions.plan.telling.document import Sentence
from commissions.plan.telling.words import Words, count


def tree_sentences(words: Words) -> list[Sentence]:
    """Return a sentence for each tree that the plan names."""
    return [Sentence(_tree(words, tree)) for tree in words.plan.trees[2:]]


def _tree(words: Words, tree: TreeRule) -> str:
    name = f'The tree "{tree.name}"'
    if tree.kind == TreeKind.PASS_UP:
        return (
            f"{name} is made of {words.tree(tree.of)}: your first "
            f"{count(tree.first, 'person', 'people')} there pass up to whoever is above you in it, "
            "and those after them stay with you."
        )
    if tree.kind == TreeKind.FREE:
        return f"{name} has as many places below each as are wanted."
    has = "a left and a right leg" if tree.kind == TreeKind.BINARY else count(tree.width, "place")
    found = ", filled level by level from the left" * tree.finds_places
    return f"{name} has {has} below each{found}."
