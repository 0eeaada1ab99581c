"""Child processes that live and die together."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from mlm.development.folders import CHECKOUT
from mlm.development.processes import Register, end

STOP_SECONDS = 15


class ChildDied(Exception):
    """A child ended by itself; the message has its name and its last lines."""


class Supervisor:
    """Starts children, notices the first that dies, and stops them all."""

    def __init__(self, home: Path, register: Register, environment: dict[str, str]) -> None:
        self.logs = home / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.register = register
        self.environment = environment
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, arguments: list[str], handles: list[int] | None = None) -> None:
        """Start a child of this Python; it leads a group of its own, out of reach of Ctrl-C."""
        with self._log(name).open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=handles or [],
            )
        self.children[name] = child
        self.register.add(name, child.pid)

    def refuse_if_one_died(self) -> None:
        """Raise `ChildDied` for the first child that has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise ChildDied(
                    f"{name} ended with code {child.returncode}. "
                    f"The end of {self._log(name)}:\n{tail(self._log(name))}"
                )

    def watch(self) -> None:
        """Stay until a child dies or a signal comes."""
        while True:
            self.refuse_if_one_died()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask all to stop at once, wait, and end by force whoever does not."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                end(child.pid, by=signal.SIGKILL)
                child.wait()
        self.children.clear()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def tail(file: Path) -> str:
    """Return the last lines of a log."""
    return file.read_text(encoding="utf-8", errors="replace")[-3000:].strip()
