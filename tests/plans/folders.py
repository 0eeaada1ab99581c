"""Reads the folders of published plans: the plan, its cases, and what the source says comes out.

A folder has a `plan.toml`, an `expected.toml` and a sub-folder for each case. A case is one run, or
several, one after another, each in a sub-folder of its own. A file that a run's folder does not
have (`plan.toml`, `members.csv`, `sales.csv`) is the one of the case, and else that of the whole
folder. A run after the first starts from the state that the one before it left.

`expected.toml`, every key:

    [[case]]
    folder = "case"
    period = "2026-01-01..2026-02-01"
    # or, with several runs; besides `folder` and `period` each may have what the lab's command
    # line has: `cadence`, `so_far_from`, `as_of`, `time_zone`, and with names of earlier runs of
    # the case `state`, `prior`, `shorter`
    runs   = [{ folder = "1", period = "2026-01-01..2026-02-01" }]

    [[expect]]                  # one for each figure of the source
    id     = "YOU"              # as the source calls it
    bonus  = "net bonus"
    amount = "3780"
    stated = true               # whether the source prints it, or it is arithmetic
    how    = "9% of 90,000 less 6% of 72,000"
    run    = "case"             # CASE or CASE/RUN; left out: the only run there is
    show   = [{ file = "earnings", member = "YOU", bonus = "Group" }]  # added up
    less   = []                 # the same, taken off
    over   = []                 # the same: the figure is a quotient
    in_units_of = "100"         # left out: 1; a count of cycles, of which each has that base

    [[also]]                    # figures of our own along the way; no `id`, `bonus`, `stated`

    [[not_shown]]               # what no file of a run can say: `id`, `bonus`, `amount`, `why`

    [perturb]
    sales = ["pv", "cv"]        # columns that may have other figures against the oracle

A selection names the `file` (`earnings`, `lines`, `standings`, `state`, `summary`), the `column`
that is added up (left out: `amount`, of the state `value`), and for any other column what it must
hold: a text or a list of texts. It must find a row, or, with `absent = true`, none. Of the summary
it names the `key`, with dots. `run` names another run of the same case. Instead of an `amount`,
`[[also]]` may have a `text` that the only row found holds.

Large files are made: `make_NN.py` beside the folder of number NN has `write(out)`, which writes
them into `out`, laid out as in the folder; they count as lying there.
"""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
FILES = ("earnings", "lines", "standings", "state", "summary")
_FOLDERS_MADE: list[tempfile.TemporaryDirectory[str]] = []  # kept until the tests are over


Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Cells of one file of a run's output; `run` is empty for the run that the figure is of."""

    file: str
    run: str
    column: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure that must come out; `source` is empty for those of our own."""

    source: str
    run: str
    amount: str
    text: str
    show: tuple[Selection, ...]
    less: tuple[Selection, ...]
    over: tuple[Selection, ...]
    in_units_of: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the lab: its files, and the options of the command line.

    `state`, `prior` and `shorter` are names of earlier runs of the case; `given_state` is a file.
    """

    name: str
    plan: Path
    members: Path
    sales: Path
    period: str
    given_state: Path | None
    state: tuple[str, ...]
    prior: tuple[str, ...]
    shorter: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Runs one after another, the later ones on what the earlier ones left."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """A published plan with its cases and figures."""

    path: Path
    cases: tuple[Case, ...]
    expected: tuple[Expected, ...]
    perturbed_columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the folder's name, which is its source's number and name."""
        return self.path.name

    @property
    def is_large(self) -> bool:
        """Return whether its files are made."""
        return _maker(self.path).exists()


def read_folders(root: Path = ROOT) -> list[Folder]:
    """Return all folders with published plans, by number."""
    return [read_folder(path.parent) for path in sorted(root.glob("*/expected.toml"))]


def read_folder(path: Path) -> Folder:
    """Return one folder; `ValueError` and `KeyError` tell what is wrong with expected.toml."""
    told = tomllib.loads((path / "expected.toml").read_text(encoding="utf-8"))
    _refuse_unknown(told, {"case", "expect", "also", "not_shown", "perturb"})
    cases = tuple(_case(path, entry) for entry in told["case"])
    names = [run.name for case in cases for run in case.runs]
    expected = tuple(
        _expected(entry, names)
        for entry in [*told.get("expect", ()), *({**own, "id": ""} for own in told.get("also", ()))]
    )
    for entry in told.get("not_shown", ()):
        _refuse_unknown(entry, {"id", "bonus", "amount", "stated", "how", "why"})
    return Folder(path, cases, expected, tuple(told.get("perturb", {}).get("sales", ())))


def _case(path: Path, entry: dict[str, Any]) -> Case:
    _refuse_unknown(entry, {"folder", "period", "runs"})
    name = entry["folder"]
    if "runs" not in entry:
        return Case(name, (_run(path, name, path / name, {"period": entry["period"]}, ()),))
    runs: list[Run] = []
    for told in entry["runs"]:
        run_name = f"{name}/{told['folder']}"
        runs.append(_run(path, run_name, path / run_name, told, tuple(runs)))
    return Case(name, tuple(runs))


def _run(path: Path, name: str, own: Path, told: dict[str, Any], before: tuple[Run, ...]) -> Run:
    options = ("cadence", "so_far_from", "as_of", "time_zone")
    links = ("state", "prior", "shorter")
    _refuse_unknown(told, {"folder", "period", *options, *links})
    case = name.partition("/")[0]
    linked = {link: tuple(f"{case}/{other}" for other in told.get(link, ())) for link in links}
    if "state" not in told:
        linked["state"] = tuple(run.name for run in before[-1:])
    if unknown := {run for runs in linked.values() for run in runs} - {run.name for run in before}:
        raise ValueError(f"{name}: no earlier run {sorted(unknown)}")
    given = own / "state.csv"
    return Run(
        name=name,
        plan=_nearest(own, path, "plan.toml"),
        members=_nearest(own, path, "members.csv"),
        sales=_nearest(own, path, "sales.csv"),
        period=told["period"],
        given_state=given if given.exists() else None,
        options=tuple((option, told[option]) for option in options if option in told),
        **linked,
    )


def _nearest(own: Path, top: Path, file: str) -> Path:
    """Return the file of the run's own folder or of the nearest one around it, up to the top."""
    made = _made(top)
    for folder in (own, *own.parents):
        for place in (folder, made / folder.relative_to(top)) if made else (folder,):
            if (place / file).exists():
                return place / file
        if folder == top:
            break
    raise ValueError(f"{own}: has no {file}")


@cache
def _made(top: Path) -> Path | None:
    """Return where the folder's large files are, made once; nothing if it has none."""
    maker = _maker(top)
    if not maker.exists():
        return None
    out = tempfile.TemporaryDirectory(prefix=f"upline-{top.name}-")
    _FOLDERS_MADE.append(out)
    import_module(f"tests.plans.{maker.stem}").write(Path(out.name))
    return Path(out.name)


def _maker(folder: Path) -> Path:
    return ROOT / f"make_{folder.name.partition('-')[0]}.py"


def _expected(entry: dict[str, Any], runs: list[str]) -> Expected:
    figure = {"amount", "text", "how", "run", "show", "less", "over", "in_units_of"}
    _refuse_unknown(entry, {"id", "bonus", "stated", *figure})
    run = entry["run"] if len(runs) > 1 or "run" in entry else runs[0]
    source = f"{entry['id']}: {entry['bonus']}" if entry["id"] else ""
    if source and not isinstance(entry["stated"], bool):
        raise ValueError(f"{source}: stated is true or false")
    if ("amount" in entry) == ("text" in entry) or (source and "text" in entry):
        raise ValueError(f"{entry}: has an amount (or, of our own, a text)")
    case = run.partition("/")[0]
    parts = {
        part: tuple(_selection(selection, case) for selection in entry.get(part, ()))
        for part in ("show", "less", "over")
    }
    if unknown := {run, *(one.run or run for part in parts.values() for one in part)} - set(runs):
        raise ValueError(f"{entry}: there is no run {sorted(unknown)}")
    return Expected(
        source=source,
        run=run,
        amount=entry.get("amount", ""),
        text=entry.get("text", ""),
        in_units_of=entry.get("in_units_of", "1"),
        **parts,
    )


def _selection(entry: dict[str, Any], case: str) -> Selection:
    rest = dict(entry)
    file = rest.pop("file")
    if file not in FILES:
        raise ValueError(f"{file} is none of {FILES}")
    run = f"{case}/{rest.pop('run')}" if "run" in rest else ""
    column = rest.pop("column", "value" if file == "state" else "amount")
    absent = rest.pop("absent", False)
    where = tuple(
        (name, tuple(held) if isinstance(held, list) else (held,)) for name, held in rest.items()
    )
    return Selection(file, run, column, where, absent)


def _refuse_unknown(entry: dict[str, Any], known: set[str]) -> None:
    if unknown := set(entry) - known:
        raise ValueError(f"unknown in expected.toml: {sorted(unknown)}")


def every_expected(folders: list[Folder]) -> Iterator[tuple[Folder, Expected]]:
    """Yield each figure with its folder."""
    for folder in folders:
        for expected in folder.expected:
            yield folder, expected


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file by its header."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
