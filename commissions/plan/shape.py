"""Mistakes of shape: a part of the file held against its model, each mistake at its place."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from commissions.plan.mistakes import Mistakes, Place, closest, one_of
from commissions.plan.models import TAGS, Table
from commissions.plan.toml import Entry, Node

Model = TypeVar("Model", bound=Table)

LATER = {
    "cap", "market", "example", "title", "maintain", "grace", "round_at", "on_return", "of",
    "requires", "max_levels", "generation", "window", "customer", "warn",
}  # fmt: skip
"""Words of the wider language; a plan that has one is refused and not half obeyed."""

NOT_WANTED = "This is not what is wanted here."
SIMPLE = {
    "missing": ('The key "{key}" is missing.', "Write {key} = ..."),
    "string_type": (NOT_WANTED, "Write a text in quotes."),
    "list_type": (NOT_WANTED, "Write a list in [ ]."),
    "dict_type": (NOT_WANTED, "Write a table."),
    "model_type": (NOT_WANTED, "Write a table."),
    "too_short": ("There is nothing in it.", "Write at least one entry."),
    "too_long": ("There is too much in it.", "Write at most 100 entries."),
}


def check_shape(model: type[Model], node: Node, path: str, mistakes: Mistakes) -> Model | None:
    """Return the part as its model, or None after noting all that is wrong with it."""
    try:
        return model.model_validate(node.plain_data())
    except ValidationError as errors:
        for error in errors.errors():
            _note(error, model, node, path, mistakes)
        return None


def _note(
    error: ErrorDetails, model: type[Table], node: Node, path: str, mistakes: Mistakes
) -> None:
    steps = [step for step in error["loc"] if step not in TAGS]
    key, at, broken = _find(node, steps)
    if broken:
        return
    place = key if at is None or isinstance(at.value, dict) else at.place
    name = _path(path, steps)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "plan":
        where = at.inside(context["offset"]) if at is not None and context["offset"] >= 0 else place
        mistakes.add(where, name, context["problem"], context["remedy"], context["suggestion"])
    elif kind == "extra_forbidden":
        _note_extra(str(steps[-1]), _model_at(model, steps[:-1]), key, name, mistakes)
    elif kind == "literal_error":
        _note_literal(context["expected"], error["input"], place, name, mistakes)
    else:
        problem, remedy = SIMPLE.get(kind, (f"{error['msg']}.", "Correct it."))
        last = str(steps[-1]) if steps else ""
        mistakes.add(place, name, problem.format(key=last), remedy.format(key=last))


def _note_extra(key: str, model: type[Table], place: Place, name: str, mistakes: Mistakes) -> None:
    known = list(model.model_fields)
    if key in LATER:
        mistakes.add(place, name, f'"{key}" is not supported yet, and nothing is ignored.',
                     "Leave it out.")  # fmt: skip
    else:
        mistakes.add(place, name, f'There is no key "{key}" here.', f"Write {one_of(known)}.",
                     closest(key, known))  # fmt: skip


def _note_literal(expected: str, given: Any, place: Place, name: str, mistakes: Mistakes) -> None:
    words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
    given = str(given).lower() if isinstance(given, bool) else given
    mistakes.add(place, name, f'"{given}" is not one of the words for it.',
                 f"Write {one_of(words)}.", closest(str(given), words))  # fmt: skip


def _model_at(model: type[Table], steps: list[int | str]) -> type[Table]:
    """Return the model that a path inside a model leads to."""
    at: Any = model
    for step in steps:
        if isinstance(step, str):
            at = at.model_fields[step].annotation
        inner = [part for part in getattr(at, "__args__", ()) if part is not type(None)]
        at = inner[0] if inner else at
    found: type[Table] = at
    return found


def _find(node: Node, steps: list[int | str]) -> tuple[Place, Node | None, bool]:
    """Return where a path's last key stands, its value, and whether anything there is broken.

    If the path leads to nothing it is the place, and the value None, of what is missing there.
    """
    place, broken = node.place, node.broken
    at: Node | None = node
    for step in steps:
        entry = _inner(at, step)
        if entry is None:
            return place, None, broken
        at = entry.node
        place = entry.place if step == steps[-1] else at.place
        broken = broken or at.broken
    return place, at, broken


def _inner(node: Node | None, step: int | str) -> Entry | None:
    if node is not None and isinstance(node.value, dict):
        return node.value.get(step)
    if node is not None and isinstance(node.value, list) and isinstance(step, int):
        return Entry(node.value[step].place, node.value[step])
    return None


def _path(path: str, steps: list[int | str]) -> str:
    """Return a path as people write it; tables of a list count from 1."""
    text = path
    for step in steps:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return text
