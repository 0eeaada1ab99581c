"""The pages of docs/, part by part: headings with their anchors, links, blocks, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))

BLOCK = re.compile(r"^```(?P<about>[^\n`]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(([^()\s]+)\)")
NO_SPACE_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, what is said of it after that, and the line it begins in."""

    language: str
    said: str
    text: str
    line: int


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page, in order."""
    for found in BLOCK.finditer(text):
        language, _, said = found["about"].partition(" ")
        line = text.count("\n", 0, found.start()) + 2
        yield Block(language, said.strip(), found["text"], line)


def prose(text: str) -> str:
    """Return a page without its blocks."""
    return BLOCK.sub("", text)


def anchors(text: str) -> list[str]:
    """Return the anchors that a page's headings have.

    >>> anchors("# The `[tree.NAME]` page\\n## A b\\n## A b\\n")
    ['the-treename-page', 'a-b', 'a-b-1']
    """
    found: list[str] = []
    for heading in HEADING.findall(prose(text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = NO_SPACE_IN_ANCHORS.sub("", plain.lower()).replace(" ", "-")
        times = sum(1 for each in found if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", each))
        found.append(f"{anchor}-{times}" if times else anchor)
    return found


def links(text: str) -> list[str]:
    """Return where the links of a page lead, those to the outside included."""
    return LINK.findall(prose(text))


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, down to the next of its size or larger."""
    lines = prose(text).split("\n")
    start = lines.index(heading)
    size = len(heading) - len(heading.lstrip("#"))
    for end in range(start + 1, len(lines)):
        marks = len(lines[end]) - len(lines[end].lstrip("#"))
        if 0 < marks <= size and lines[end][marks : marks + 1] == " ":
            return "\n".join(lines[start + 1 : end])
    return "\n".join(lines[start + 1 :])


def rows(text: str) -> list[list[str]]:
    """Return the cells of all tables in a text, row by row, without headers.

    >>> rows("| a | b |\\n|---|---|\\n| `x` | 1 |\\n")
    [['`x`', '1']]
    """
    lines = [line for line in text.split("\n") if line.startswith("|")]
    found = []
    for number, line in enumerate(lines):
        is_header = line.startswith("|---") or lines[number + 1 : number + 2] == [""]
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if not is_header and not below.startswith("|---"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found
