"""What comes out: lines, reversals, and everything else there is to know about a period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.run import Run
from tests.oracle.standings import Standing
from tests.oracle.state import Row

Earnings = dict[tuple[str, str, int, Fraction], tuple[Fraction, int]]
"""Sums of base and amount, by earner, bonus, level and rate."""


@dataclass(frozen=True)
class Grounds:
    """What a line rests on, for the day on which some of it comes back.

    `volumes` has what each sale of the evidence brings to `volume`, and `whole` what the evidence
    has altogether: *B* of the documentation. Lines that rest on other lines have those in `lines`;
    `gone` is what had been taken back of them already.
    """

    volume: str | None = None
    volumes: Mapping[str, Fraction] = field(default_factory=dict)
    whole: Fraction = Fraction(0)
    lines: "tuple[Line, ...]" = ()
    gone: int = 0


@dataclass(frozen=True)
class Line:
    """One payment. `amount` is in the smallest unit, `base` in points (of matching: in money).

    `exact` is the amount before it was rounded, `limit` the key of the cap that takes it off.
    """

    earner: str
    bonus: str
    level: int
    evidence: str
    base: Fraction
    rate: Fraction
    amount: int
    exact: Fraction = field(default=Fraction(0), compare=False, repr=False)
    buyer: str | None = field(default=None, compare=False, repr=False)
    limit: str = field(default="", compare=False, repr=False)
    grounds: Grounds = field(default=Grounds(), compare=False, repr=False)


@dataclass(frozen=True)
class Reversal:
    """A line by which a late return takes back; its evidence is the return.

    `reverses` is the evidence of the line it takes from, which is `of`; `returned` is how much of
    the whole (*B*) has come back by now (*R*).
    """

    line: Line
    reverses: str
    of: Line = field(compare=False, repr=False)
    returned: Fraction = field(compare=False, repr=False)


@dataclass(frozen=True)
class Met:
    """Somebody whom a sale or an earning met on its way up, by the table of the documentation.

    `rule` is the line of the table that decided, 1 to 9; 9 is paid.
    """

    bonus: str
    evidence: str
    member: str
    level: int
    rule: int


@dataclass
class Paid:
    """What a bonus pays, and the rows that it leaves to the next period."""

    lines: list[Line] = field(default_factory=list)
    state: list[Row] = field(default_factory=list)


@dataclass
class Answer:
    """Everything there is to know about a period.

    `lines` are in the order of the documentation, reversals apart from them; `as_worked_out` are
    the same lines in the order in which they came to be. `met` is by sale, nearest first.
    """

    run: Run
    standings: dict[str, Standing]
    lines: list[Line]
    reversals: list[Reversal]
    state: list[Row]
    met: list[Met]
    as_worked_out: list[Line]

    @property
    def earnings(self) -> Earnings:
        return earnings_of(self.lines)

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def earnings_of(lines: Iterable[Line]) -> Earnings:
    sums: Earnings = defaultdict(lambda: (Fraction(0), 0))
    for line in lines:
        key = line.earner, line.bonus, line.level, line.rate
        base, amount = sums[key]
        sums[key] = base + line.base, amount + line.amount
    return dict(sums)
