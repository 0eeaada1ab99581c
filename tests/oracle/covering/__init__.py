"""What of the language cases touched, as a table: each option of each kind, each form of phrase.

All cells come from the reader's own models and from the lists here, not from what was drawn: a key
that nobody draws is a cell with nothing in it. A cell is hit by a case in which it mattered: the
bonus paid something, the figure was not zero, the requirement was met by some and missed by others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.oracle.covering.bonuses import all_of_bonuses, hit_of_bonuses
from tests.oracle.covering.phrases import all_of_phrases, hit_of_phrases
from tests.oracle.covering.rest import all_of_the_rest, hit_of_the_rest
from tests.oracle.drawing.case import Case
from tests.oracle.lines import Answer

Cell = tuple[str, str, str]
"""Of what (a kind of bonus, `volume`, `activity`, ...), which key or form, which value."""


def all_cells() -> list[Cell]:
    """Return every cell that there is."""
    return list(dict.fromkeys([*all_of_bonuses(), *all_of_phrases(), *all_of_the_rest()]))


def cells_hit(case: Case, answers: Sequence[Answer]) -> set[Cell]:
    """Return the cells that mattered in a case."""
    return {
        *hit_of_bonuses(case, answers),
        *hit_of_phrases(answers),
        *hit_of_the_rest(case, answers),
    }


def table(hits: Counter[Cell]) -> Iterator[str]:
    """Yield the table's lines: of each key all values, with the number of cases."""
    cells = [*all_cells(), *sorted(set(hits) - set(all_cells()))]
    rows: dict[tuple[str, str], list[str]] = {}
    for what, key, value in cells:
        rows.setdefault((what, key), []).append(f"{value}: {hits[what, key, value]:,}")
    last = ""
    for (what, key), values in rows.items():
        yield from () if what == last else ("", what)
        yield f"  {key:<18} {'; '.join(values)}"
        last = what


def fewer_than(least: int, hits: Counter[Cell]) -> list[Cell]:
    """Return the cells that were hit too seldom, and those that were hit but are not known."""
    known = all_cells()
    return [*(cell for cell in known if hits[cell] < least), *unknown(hits, known)]


def unknown(hits: Iterable[Cell], known: Iterable[Cell]) -> list[Cell]:
    return sorted(set(hits) - set(known))
