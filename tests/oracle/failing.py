"""How a case fails: not at all, by differing, or by an exception; told in few words."""

import re
import traceback
from dataclasses import dataclass

from commissions.lab import LabError
from commissions.plan import PlanError
from tests.oracle.comparing import answers_and_differences
from tests.oracle.drawing.case import Case
from tests.oracle.lines import Answer

REFUSED = ("refused by the reader", "refused as too large")


@dataclass(frozen=True)
class Failure:
    """What is the matter: `kind` is the same for whatever seems to be the same."""

    kind: str
    sentences: tuple[str, ...]

    @property
    def is_refusal(self) -> bool:
        """Return whether the plan, or figures that are too large, were refused."""
        return self.kind.startswith(REFUSED)


def failure_of(case: Case) -> Failure | None:
    """Return how a case fails; None if lab and oracle agree."""
    return compared(case)[0]


def compared(
    case: Case, *, on_files: bool = False, ways_too: bool = True
) -> tuple[Failure | None, list[Answer]]:
    """Return how a case fails, if it does, and what the oracle said as far as that was asked."""
    answers: list[Answer] = []
    try:
        found = answers_and_differences(case, answers, on_files=on_files, ways_too=ways_too)
    except PlanError as error:
        return refusal(REFUSED[0], [str(each) for each in error.mistakes]), answers
    except LabError as error:
        is_too_large = any("64 bits" in each for each in error.mistakes)
        who = REFUSED[1] if is_too_large else "refused by the lab"
        return refusal(who, list(error.mistakes)), answers
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {where.filename.split('/')[-1]}:{where.lineno}"
        return Failure(kind, (str(error),)), answers
    if not found:
        return None, answers
    return Failure(f"differs: {' '.join(found[1].split(' ')[:2])}", tuple(found)), answers


def refusal(who: str, sentences: list[str]) -> Failure:
    """Return a refusal; its kind is its first sentence without names, numbers and place."""
    first = re.sub(r"^line \d+, column \d+[^:]*: ", "", sentences[0])
    kind = re.sub(r"\d[\d.-]*", "N", re.sub(r'"[^"]*"', '"..."', first))
    return Failure(f"{who}: {kind}", tuple(sentences))


def fails_like(failure: Failure, case: Case) -> bool:
    again = failure_of(case)
    return again is not None and again.kind == failure.kind
