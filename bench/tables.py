"""Tables as a page of documentation has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def table(
    head: Sequence[str], rows: Iterable[Iterable[str]], *, to_the_right: bool = False
) -> Iterator[str]:
    """Yield a table's lines; all columns but the first stand to the left or to the right.

    >>> list(table(("a", "b"), [("1", "2")]))
    ['| a | b |', '|---|---|', '| 1 | 2 |']
    >>> list(table(("a", "b", "c"), [], to_the_right=True))
    ['| a | b | c |', '|---|--:|--:|']
    """
    yield f"| {' | '.join(head)} |"
    yield "|---|" + ("--:|" if to_the_right else "---|") * (len(head) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"
