"""What is wrong with the files of a run: all of it, each with its row and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class LabMistake:
    """One mistake. Rows count from 1, the header's; row 0 is the file as a whole."""

    file: str
    row: int
    column: str
    problem: str

    @override
    def __str__(self) -> str:
        where = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{where}{column}: {self.problem}"


class LabError(Exception):
    """Files that cannot be used; `mistakes` holds every sentence."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(slots=True)
class Notes:
    """Collects mistakes while files are read."""

    found: list[LabMistake] = field(default_factory=list)

    def add(self, file: str, row: int, column: str, problem: str) -> None:
        """Note one mistake."""
        self.found.append(LabMistake(file, row, column, problem))

    def of(self, file: str) -> list[LabMistake]:
        """Return the mistakes of one file."""
        return [mistake for mistake in self.found if mistake.file == file]

    def sentences(self) -> list[str]:
        """Return all mistakes, file by file in the order in which files were read, by row."""
        files = list(dict.fromkeys(mistake.file for mistake in self.found))
        found = dict.fromkeys(self.found)
        ordered = sorted(found, key=lambda mistake: (files.index(mistake.file), mistake.row))
        return [str(mistake) for mistake in ordered]
