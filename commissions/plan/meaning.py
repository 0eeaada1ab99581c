"""What the parts of a plan may refer to while they are compiled."""

from __future__ import annotations

from dataclasses import dataclass, field

from commissions.engine.plan import CustomerCount
from commissions.plan.mistakes import Mistakes

VOLUMES = ["PV", "CV", "GV"]


@dataclass(slots=True)
class Meaning:
    """Names that exist so far, and what requirements have asked to be counted."""

    mistakes: Mistakes
    ranks: list[str]
    volumes: list[str] = field(default_factory=lambda: list(VOLUMES))
    counts: list[CustomerCount] = field(default_factory=list)
