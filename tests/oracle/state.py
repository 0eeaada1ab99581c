"""What a period finds that the one before left."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

Row = tuple[str, str, Fraction | str]
"""Member, key, value: points and numbers are fractions, ranks are names."""

RANK_KEYS = ("rank.paid_as", "rank.title", "rank.highest", "rank.qualified@")


def row_of(member: str, key: str, value: str) -> Row:
    """
    >>> row_of("bob", "rank.title", "Two Star")
    ('bob', 'rank.title', 'Two Star')
    >>> row_of("bob", "Team.left@2025-12-01", "40.50")
    ('bob', 'Team.left@2025-12-01', Fraction(81, 2))
    """
    return (member, key, value if key.startswith(RANK_KEYS) else Fraction(value))


class State:
    """The rows, found by member and key."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.values: dict[tuple[str, str], list[Fraction | str]] = defaultdict(list)
        for member, key, value in self.rows:
            self.values[member, key].append(value)

    def number(self, member: str, key: str) -> Fraction:
        return Fraction(next(iter(self.values.get((member, key), [])), 0))

    def text(self, member: str, key: str) -> str | None:
        found = next(iter(self.values.get((member, key), [])), None)
        return None if found is None else str(found)

    def numbers(self, member: str, key: str) -> set[int]:
        return {int(value) for value in self.values.get((member, key), [])}

    def lots(self, member: str, key: str) -> dict[date, Fraction]:
        """Return what rows such as `Team.left@2025-12-01` hold, by the day they are called by."""
        return {
            date.fromisoformat(each.removeprefix(f"{key}@")): Fraction(value)
            for of, each, value in self.rows
            if of == member and each.startswith(f"{key}@")
        }
