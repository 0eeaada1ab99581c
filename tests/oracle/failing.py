"""How a case fails: not at all, by differing, or by an exception; told in few words."""

import re
import traceback
from dataclasses import dataclass

from commissions.lab import LabError
from commissions.plan import PlanError
from tests.oracle.comparing import differences
from tests.oracle.drawing.case import Case


@dataclass(frozen=True)
class Failure:
    """What is the matter: `kind` is the same for whatever seems to be the same."""

    kind: str
    sentences: tuple[str, ...]

    @property
    def is_refusal(self) -> bool:
        return self.kind.startswith("refused")


def failure_of(case: Case) -> Failure | None:
    """Return how a case fails; None if lab and oracle agree."""
    try:
        found = differences(case)
    except PlanError as error:
        return refusal("reader", [str(each) for each in error.mistakes])
    except LabError as error:
        return refusal("lab", list(error.mistakes))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {where.filename.split('/')[-1]}:{where.lineno}"
        return Failure(kind, (str(error),))
    if not found:
        return None
    return Failure(f"differs: {' '.join(found[1].split(' ')[:2])}", tuple(found))


def refusal(who: str, sentences: list[str]) -> Failure:
    """Return a refusal; its kind is its first sentence without names and numbers."""
    kind = re.sub(r"\d[\d.-]*", "N", re.sub(r'"[^"]*"', '"..."', sentences[0]))
    return Failure(f"refused by the {who}: {kind}", tuple(sentences))


def fails_like(failure: Failure, case: Case) -> bool:
    again = failure_of(case)
    return again is not None and again.kind == failure.kind
