"""What is told about a plan: headings, sentences, lists and tables, for a page or a terminal.

A template renders each block by its `kind`; every text is a whole sentence or a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or more whole sentences."""

    text: str
    kind: ClassVar[str] = "sentence"


@dataclass(frozen=True, slots=True)
class Listing:
    """A sentence that ends with a colon, and what follows it."""

    intro: str
    items: tuple[str, ...]
    kind: ClassVar[str] = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: ClassVar[str] = "table"


Block = Sentence | Listing | Table


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading, and further sections below them."""

    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A plan in plain words."""

    title: str
    sections: tuple[Section, ...]

    def as_text(self) -> str:
        """Return everything as text of at most 100 columns, but for wide tables."""
        lines = [self.title, "=" * len(self.title)]
        for section in self.sections:
            lines += ["", *_section(section, "-")]
        return "\n".join(lines) + "\n"


def _section(section: Section, rule: str) -> Iterator[str]:
    yield section.heading
    yield rule * len(section.heading)
    for block in section.blocks:
        yield ""
        yield from _block(block)
    for inner in section.sections:
        yield ""
        yield from _section(inner, ".")


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Sentence):
        yield from wrap(block.text, WIDTH)
    elif isinstance(block, Listing):
        yield from wrap(block.intro, WIDTH)
        for item in block.items:
            yield from wrap(item, WIDTH, initial_indent="- ", subsequent_indent="  ")
    else:
        rows = [block.head, *block.rows]
        widths = [max(len(row[k]) for row in rows) for k in range(len(block.head))]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            yield "  ".join(cells).rstrip()
