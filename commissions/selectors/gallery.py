"""The plans that Upline comes with, one of each family, to start a plan of one's own from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from commissions.engine.plan import TreeKind
from commissions.plan import read_plan
from commissions.selectors.plan_checks import most
from commissions.selectors.plan_reviews import refused, review_of

FOLDER: Final = Path(settings.BASE_DIR / "plans")
NOT_YET: Final = (TreeKind.BINARY, TreeKind.MATRIX, TreeKind.FREE)


@dataclass(frozen=True, slots=True)
class Model:
    """A plan of the gallery; `about` is what its own first comment says it is."""

    code: str
    name: str
    about: str
    text: str
    currency: str
    cadence: str
    needs_places: bool


@dataclass(frozen=True, slots=True)
class Start:
    """A plan of the gallery as the company may use it: `worst_case` is the most it can pay."""

    model: Model
    worst_case: str
    is_allowed: bool


@cache
def gallery() -> dict[str, Model]:
    """Return the gallery's plans by their codes, the simplest first."""
    models = [_model(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {model.code: model for model in sorted(models, key=lambda one: one.needs_places)}


def starts() -> list[Start]:
    """Return the gallery with what the company's profile says of each plan, markets apart."""
    return [_start(model) for model in gallery().values()]


def _start(model: Model) -> Start:
    found = review_of(model.text, ())
    return Start(model, most(found.worst_case), is_allowed=not refused(found))


def _model(path: Path) -> Model:
    text = path.read_text(encoding="utf-8")
    plan = read_plan(text)
    return Model(
        code=path.stem,
        name=plan.name,
        about=first_comment(text),
        text=text,
        currency=plan.currency,
        cadence=plan.cadence,
        needs_places=any(tree.kind in NOT_YET for tree in plan.trees),
    )


def first_comment(text: str) -> str:
    """Return the first paragraph of the comments that a text begins with.

    >>> first_comment("# A plan\\n# for two.\\n#\\n# More.\\nname = 1")
    'A plan for two.'
    """
    lines = []
    for line in text.splitlines():
        if not line.startswith("#") or not line.strip("# "):
            break
        lines.append(line.lstrip("#").strip())
    return " ".join(lines)
