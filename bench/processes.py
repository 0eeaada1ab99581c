"""What the system tells of processes: their time of the processor, and their memory.

It is read from /proc; elsewhere nothing is known, and the figures say so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bench.memory import held_bytes, peak_mib

_PARENT: Final = 1
_OWN_TIMES: Final = slice(11, 13)
_ALL_TIMES: Final = slice(11, 15)
"""Where a process's figures stand, counted from its state on: its parent, the ticks that it had,
and these with those of its children that have ended; of each in programs and in the system."""


def processor_seconds(root: int) -> float:
    """Return the processor's time of a process and all below it, ended ones included.

    0 where there is no /proc to read it from.
    """
    return sum(processes_below(root).values()) / os.sysconf("SC_CLK_TCK")


def processes_below(root: int) -> dict[int, int]:
    """Return a process and all below it, each with the ticks it and its ended children had."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            figures = _figures(folder)
        except OSError:
            continue
        children.setdefault(int(figures[_PARENT]), []).append(int(folder.name))
        ticks[int(folder.name)] = sum(map(int, figures[_ALL_TIMES]))
    found, waiting = {}, [root]
    while waiting:
        process = waiting.pop()
        found[process] = ticks.get(process, 0)
        waiting += children.get(process, [])
    return found


def largest_bytes(root: int) -> int:
    """Return the bytes of memory that the largest process of a root and all below it holds."""
    return max(held_bytes(Path(f"/proc/{process}")) or 0 for process in processes_below(root))


def server_peak_mib(backend: int) -> float | None:
    """Return the peak memory of our PostgreSQL process, shared buffers included, if we may see it.

    It has to run on this machine, where its number names a process of that kind.
    """
    folder = _server_folder(backend)
    return peak_mib(folder) if folder else None


def server_seconds(backend: int) -> float | None:
    """Return the processor's time of our PostgreSQL process so far, if we may see it.

    Of processes that helped it there is nothing in it.
    """
    folder = _server_folder(backend)
    if folder is None:
        return None
    return sum(map(int, _figures(folder)[_OWN_TIMES])) / os.sysconf("SC_CLK_TCK")


def postmaster_of(backend: int) -> int | None:
    """Return the process that PostgreSQL's others come from, if it runs on this machine."""
    folder = _server_folder(backend)
    return int(_figures(folder)[_PARENT]) if folder else None


def _server_folder(backend: int) -> Path | None:
    """Return where the system tells of a process, if it is one of PostgreSQL's."""
    folder = Path("/proc") / str(backend)
    try:
        name = (folder / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return folder if name == "postgres" else None


def _figures(folder: Path) -> list[str]:
    """Return what the system counts of a process: all behind its name, which is in brackets."""
    return (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
