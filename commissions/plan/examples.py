"""A plan's own tests as texts; whoever runs them reads the lines in them."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.plan.given import Given
from commissions.plan.mistakes import Mistakes, PlanError
from commissions.plan.models import ExampleTable, PlanTable
from commissions.plan.shape import check_shape
from commissions.plan.toml import Node, read_toml

TEXTS = ("network", "sales", "state", "standings", "pays", "carries", "period", "cadence")


@dataclass(frozen=True, slots=True)
class ExampleText:
    """One `[[example]]`, as it is written; what is left out is empty.

    `line` is where it begins in the file, and `lines` tells for each text the line of the file in
    which its first line stands.
    """

    name: str
    line: int
    network: str
    sales: str
    state: str
    standings: str
    pays: str
    carries: str
    period: str
    cadence: str
    lines: dict[str, int]


def read_examples(text: str) -> list[ExampleText]:
    """Return the examples of a plan's text, in its order; `PlanError` carries mistakes of shape.

    The rest of the plan is not looked at, as far as it is TOML.
    """
    mistakes = Mistakes()
    root = Given(PlanTable, read_toml(text, mistakes), "")
    tables = root.tables("example", ExampleTable)
    for table in tables:
        check_shape(ExampleTable, table.node, table.path, mistakes)
    if mistakes.found:
        raise PlanError(mistakes.in_order())
    return [_example(table, text) for table in tables]


def _example(given: Given, text: str) -> ExampleText:
    name = given.text("name")
    texts = {key: said.value for key in TEXTS if (said := given.text(key))}
    lines = {key: _first_line(node, text) for key in texts if (node := given.value(key))}
    return ExampleText(
        name=name.value if name else "",
        line=given.node.place.line,
        lines=lines,
        **{key: texts.get(key, "") for key in TEXTS},
    )


def _first_line(node: Node, text: str) -> int:
    """Return the line of a text's first line: the next one if the quotes stand by themselves."""
    line, column = node.place
    opening = text.split("\n")[line - 1][column - 1 :].rstrip("\r")
    return line + 1 if opening in {'"""', "'''"} else line
