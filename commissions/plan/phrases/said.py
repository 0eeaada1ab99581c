"""What phrases say, before the names in them are looked up. `at` is where in the phrase, from 0."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import Asks, OrderOf, Past, Scope, TimeOf, Whose


@dataclass(frozen=True, slots=True)
class Word:
    """A name or a number as it is written."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Orders:
    """A product column over orders: `cv of own orders within 60 days of joining`."""

    column: Word
    whose: Whose
    orders: OrderOf
    time: TimeOf
    count: Word | None


@dataclass(frozen=True, slots=True)
class Part:
    """A volume taken whole (`share` is None) or by a per cent, added or taken off."""

    volume: Word
    share: Word | None
    is_taken_off: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Volumes added up: `GV - LEGV`, `PV + 50% of TEAM`."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A volume over people: `PV of levels 2 to 4 in binary`; `at` is where the scope begins."""

    volume: Word
    scope: Scope
    at: int
    low: Word | None
    high: Word | None
    without: Word | None
    tree: Word | None


@dataclass(frozen=True, slots=True)
class Compressed:
    """`PV of compressed orders`."""

    volume: Word


@dataclass(frozen=True, slots=True)
class OverTime:
    """`lifetime PV`, `GV of the last 3 periods`, `GV of the period before`, `growth of GV`."""

    volume: Word
    past: Past
    periods: Word | None = None


Volume = Orders | Sum | Group | Compressed | OverTime


@dataclass(frozen=True, slots=True)
class AskActive:
    """`active`."""

    at: int


@dataclass(frozen=True, slots=True)
class AskRank:
    """`Silver`, `title Silver`, `was Silver`."""

    rank: Word
    asks: Asks


@dataclass(frozen=True, slots=True)
class AskRankBefore:
    """`Silver in 3 of the 5 periods before`."""

    rank: Word
    times: Word
    periods: Word


@dataclass(frozen=True, slots=True)
class AskAtLeast:
    """`GV >= 2000`."""

    volume: Word | OverTime
    points: Word


@dataclass(frozen=True, slots=True)
class AskShare:
    """`CUSTOMERS >= 50% of PV`."""

    volume: Word | OverTime
    share: Word
    of: Word | OverTime


@dataclass(frozen=True, slots=True)
class AskLimited:
    """`GV >= 2000, at most 60% of it from one leg`."""

    volume: Word | OverTime
    points: Word
    share: Word
    own_too: bool


@dataclass(frozen=True, slots=True)
class Customers:
    """`customers with PV >= 40`."""

    volume: Word | OverTime
    points: Word


@dataclass(frozen=True, slots=True)
class People:
    """`frontline with active and PV >= 100 in binary`; `leg` is 1 or 2 of the tree, 0 for any."""

    scope: Scope
    conditions: tuple[AskActive | AskRank | AskAtLeast, ...]
    at: int
    tree: Word | None = None
    levels: Word | None = None
    enrolled: bool = False
    leg: int = 0


@dataclass(frozen=True, slots=True)
class AskCount:
    """So many customers or people."""

    counted: Customers | People
    number: Word


@dataclass(frozen=True, slots=True)
class AskJoined:
    """`months since joining < 3`."""

    in_months: bool
    below: bool
    number: Word


Ask = (
    AskActive | AskRank | AskRankBefore | AskAtLeast | AskShare | AskLimited | AskCount | AskJoined
)


@dataclass(frozen=True, slots=True)
class Said:
    """A requirement: what it asks, and how that is joined, in the engine's postfix order."""

    asks: tuple[Ask, ...]
    program: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShareOf:
    """`2% of CV`."""

    share: Word
    volume: Word


@dataclass(frozen=True, slots=True)
class Within:
    """`60 days`, `3 months`; no number: `first order`."""

    number: Word | None
    in_months: bool = False


class BadPhrase(Exception):
    """A phrase that cannot be read, with the place in it (from 0)."""

    def __init__(self, at: int, problem: str, remedy: str, suggestion: str = "") -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem
        self.remedy = remedy
        self.suggestion = suggestion
