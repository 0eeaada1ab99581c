"""Mistakes of shape: a part of the file held against its model, each mistake at its place."""

from __future__ import annotations

import re
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from commissions.plan import lint
from commissions.plan.mistakes import Mistakes, Place, closest, one_of
from commissions.plan.models import Table, words_of
from commissions.plan.toml import Entry, Node

NOT_WANTED = "{found} is not what is wanted here."
TABLE_WANTED = "Write a table, {{ KEY = VALUE }}."
SIMPLE = {
    "missing": ('The key "{key}" is missing.', "Write {key} = ..."),
    "string_type": (NOT_WANTED, "Write a text in quotes."),
    "int_type": (NOT_WANTED, "Write a whole number, without quotes."),
    "bool_type": (NOT_WANTED, "Write true or false, without quotes."),
    "list_type": (NOT_WANTED, "Write a list in [ ]."),
    "dict_type": (NOT_WANTED, TABLE_WANTED),
    "model_type": (NOT_WANTED, TABLE_WANTED),
    "too_short": ("There is nothing in it.", "Write at least one entry."),
    "too_long": ("There is too much in it.", "Write at most {max_length} entries."),
    "string_too_long": ("The text is too long.", "Write at most {max_length} letters."),
    "greater_than_equal": ("The number is too small.", "Write at least {ge}."),
    "less_than_equal": ("The number is too large.", "Write at most {le}."),
}


FOUND: dict[type, str] = {
    str: "A text",
    int: "A number",
    bool: "True or false",
    list: "A list",
    dict: "A table",
}
IN_DOUBLE_BRACKETS = {"rank", "bonus", "cycle", "deduction", "example"}
"""Tables of which there may be several, one header each."""

HEADERS = {
    "tree": "[tree.NAME]",
    "volume": "[volume]",
    "active": "[active]",
    "ranks": "[ranks]",
    "cap": "[cap]",
    "market": "[market.XX]",
}
INDEX = re.compile(r"\[\d+\]")


def check_shape(model: type[Table], node: Node, path: str, mistakes: Mistakes) -> None:
    """Note all that is wrong with the shape of a part of the file.

    A key that is missing because it was written wrongly is one mistake, that of the wrong one.
    """
    try:
        model.model_validate(node.plain_data())
    except ValidationError as errors:
        meant = {
            (*error["loc"][:-1], _meant(error, model))
            for error in errors.errors()
            if error["type"] == "extra_forbidden"
        }
        for error in errors.errors():
            if error["type"] != "missing" or error["loc"] not in meant:
                _note(error, model, node, path, mistakes)


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return a table's keys as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _note(
    error: ErrorDetails, model: type[Table], node: Node, path: str, mistakes: Mistakes
) -> None:
    steps = [step for step in error["loc"] if not str(step).startswith("<")]
    key, at, broken = _find(node, steps)
    if broken:
        return
    place = key if at is None or isinstance(at.value, dict) else at.place
    name = path_of(path, steps)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "plan":
        where = at.inside(context["offset"]) if at is not None and context["offset"] >= 0 else place
        mistakes.add(where, name, context["problem"], context["remedy"], context["suggestion"])
    elif kind == "extra_forbidden":
        known = keys_of(_model_at(model, steps[:-1]))
        near = _meant(error, model)
        remedy = "Correct it, or leave it out." if near else f"Write {one_of(known)}."
        mistakes.add(key, name, f'There is no key "{steps[-1]}" here.', remedy, near)
    elif kind == "literal_error":
        _note_literal(context["expected"], error["input"], place, name, mistakes)
    else:
        problem, remedy = SIMPLE.get(kind, (f"{error['msg']}.", "Correct it."))
        if kind == "missing" and (words := _words_for(model, steps)):
            remedy = f"Write {{key}} = {one_of(words)}."
        elif at is not None and kind.endswith("_type"):
            remedy = _header_for(name, at) or remedy
        found = FOUND[type(at.value)] if at is not None else ""
        context = {"key": str(steps[-1]) if steps else "", "found": found, **context}
        mistakes.add(place, name, problem.format(**context), remedy.format(**context))


def _meant(error: ErrorDetails, model: type[Table]) -> str:
    """Return the key that a key nobody knows is nearly like, or nothing."""
    steps = [step for step in error["loc"] if not str(step).startswith("<")]
    return closest(str(steps[-1]), keys_of(_model_at(model, steps[:-1])))


def _header_for(name: str, given: Node) -> str:
    """Return which header to write for a table that is written in another way, or nothing."""
    key = INDEX.sub("", name)
    if key.rsplit(".", 1)[-1] in IN_DOUBLE_BRACKETS and isinstance(given.value, dict):
        return f"Write [[{key}]], in two brackets."
    if key not in HEADERS:
        return ""
    how = "in single brackets" if given.closed else "in a line of its own, its keys below it"
    return f"Write {HEADERS[key]}, {how}."


def _words_for(model: type[Table], steps: list[int | str]) -> tuple[str, ...]:
    """Return the words that may stand for a key; nothing if it is not about words."""
    fields = _model_at(model, steps[:-1]).model_fields.items()
    field = next(field for name, field in fields if steps[-1] in {name, field.alias})
    return words_of(field.annotation)


def _note_literal(expected: str, given: Any, place: Place, name: str, mistakes: Mistakes) -> None:
    words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
    given = str(given).lower() if isinstance(given, bool) else given
    problem = f'"{given}" is not one of the words for it.'
    if name.endswith(".kind") and isinstance(given, str) and lint.is_pay_for_joining(given):
        problem = f'"{given}" is refused. {lint.why_not(given)}'
    mistakes.add(place, name, problem,
                 f"Write {one_of(words)}.", closest(str(given), words))  # fmt: skip


def _model_at(model: type[Table], steps: list[int | str]) -> type[Table]:
    """Return the model that a path inside a model leads to."""
    at: Any = model
    for step in steps:
        if isinstance(at, type) and issubclass(at, BaseModel):
            named = {field.alias or name: field for name, field in at.model_fields.items()}
            at = _bare(named[str(step)].annotation)
        else:
            at = _bare(get_args(at)[-1])
    found: type[Table] = at
    return found


def _bare(annotation: Any) -> Any:
    """Return a type without its remarks, and of several the table or list that it may be."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        inner = [_bare(part) for part in get_args(annotation) if part is not type(None)]
        return next((part for part in inner if _holds_more(part)), inner[0])
    return annotation


def _holds_more(part: Any) -> bool:
    return get_origin(part) in {dict, list} or (
        isinstance(part, type) and issubclass(part, BaseModel)
    )


def _find(node: Node, steps: list[int | str]) -> tuple[Place, Node | None, bool]:
    """Return where a path's last key stands, its value, and whether anything there is broken.

    If the path leads to nothing it is the place, and the value None, of what is missing there.
    """
    place, broken = node.place, node.broken
    at: Node | None = node
    for number, step in enumerate(steps, start=1):
        entry = _inner(at, step)
        if entry is None:
            return place, None, broken
        at = entry.node
        place = entry.place if number == len(steps) else at.place
        broken = broken or at.broken
    return place, at, broken


def _inner(node: Node | None, step: int | str) -> Entry | None:
    if node is not None and isinstance(node.value, dict):
        return node.value.get(step)
    if node is not None and isinstance(node.value, list) and isinstance(step, int):
        return Entry(node.value[step].place, node.value[step])
    return None


def path_of(path: str, steps: list[int | str]) -> str:
    """Return a path as people write it; tables of a list count from 1.

    >>> path_of("bonus[1]", ["rates", 0])
    'bonus[1].rates[1]'
    """
    text = path
    for step in steps:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return text
