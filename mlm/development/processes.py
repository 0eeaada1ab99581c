"""Processes that outlive a killed parent are found again and ended, and only those."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE_SECONDS = 20
HAS_PROC = Path("/proc/self/stat").exists()


def identity(pid: int) -> str:
    """Return what tells this process from a later one with the same number; "" if it is gone."""
    if not HAS_PROC:
        return _ask_ps("lstart", pid)
    fields = _read_proc(pid, "stat").rpartition(")")[2].split()
    return fields[19] if fields and fields[0] != "Z" else ""  # when it started, in clock ticks


def command_line(pid: int) -> str:
    """Return how a process was called; "" if it is gone."""
    if not HAS_PROC:
        return _ask_ps("command", pid)
    return _read_proc(pid, "cmdline").replace("\0", " ")


def _read_proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _ask_ps(column: str, pid: int) -> str:
    shown = subprocess.run(
        ["/bin/ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()


class Register:
    """A file that remembers which processes were started here, for the start after a kill -9."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, name: str, pid: int) -> None:
        """Remember a process before anything else is done with it."""
        self._write({**self.entries(), name: [pid, identity(pid)]})

    def entries(self) -> dict[str, list[object]]:
        """Return name -> [pid, identity]; an unreadable file counts as empty."""
        try:
            entries: dict[str, list[object]] = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return entries

    def end_all(self, *, by: signal.Signals = signal.SIGTERM) -> list[str]:
        """End every remembered process that still lives, newest first; return their names."""
        ended = []
        for name, (pid, known) in reversed(self.entries().items()):
            if isinstance(pid, int) and known and identity(pid) == known:
                end(pid, by=by)
                ended.append(name)
        self._write({})
        return ended

    def _write(self, entries: dict[str, list[object]]) -> None:
        half = self.file.with_suffix(".new")
        half.write_text(json.dumps(entries), encoding="utf-8")
        half.replace(self.file)


def end(pid: int, *, by: signal.Signals = signal.SIGTERM, patience: int = PATIENCE_SECONDS) -> None:
    """End a process and its group: politely first, at the end of our patience by force.

    `pid` leads a group of its own, as every process started by `start` does.
    """
    known = identity(pid)
    for attempt in (by, signal.SIGKILL):
        if not known or identity(pid) != known:
            break
        _signal(pid, attempt)
        deadline = time.monotonic() + patience
        while identity(pid) == known and time.monotonic() < deadline:
            _reap(pid)
            time.sleep(0.02)
    if known:
        _signal_group(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Signal what is left of a group whose leader is gone."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _reap(pid: int) -> None:
    """Collect a child of ours that has ended; somebody else's is none of our business."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
