"""What a process may do with memory that it has used once: keep it. And how much it had at most.

A run makes and drops columns of tens of megabytes by the hundred. The C library hands each back to
the system and asks for it anew, page by page and zeroed: at ten million members that takes longer
than all the calculating. docs/running.md sets the same for the live worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

MIB: Final = 1 << 20
KEPT: Final = {
    "GLIBC_TUNABLES": (
        "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=1000000000000"
        ":glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1"
    )
}
"""Environment of a process that keeps what it has; other C libraries than glibc pay no heed."""


def peak_mib(folder: Path = Path("/proc/self")) -> float | None:
    """Return a process's peak memory; getrusage would count what the process that forked it had."""
    peak = _bytes(folder, "VmHWM")
    return None if peak is None else peak / MIB


def held_bytes(folder: Path) -> int | None:
    """Return the memory that a process holds at this moment."""
    return _bytes(folder, "VmRSS")


def _bytes(folder: Path, name: str) -> int | None:
    try:
        lines = (folder / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith(name)]
    return found[0] if found else None
