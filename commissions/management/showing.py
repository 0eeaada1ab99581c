"""How commands that take their time show it in a shell, and how Ctrl-C ends them."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper

from commissions.progress import Progress, Watch, told
from mlm.errors import DomainError

_WIDTH: Final = 99
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
_NO_SIGNAL: Final = 0
_SECONDS_BETWEEN: Final = 10
"""How often the step that goes on is told where lines cannot be written over."""


class Shown:
    """Writes a line for each step that is over, and of the one that goes on.

    In a terminal that line is written over; in a log it comes every few seconds. Several threads
    may tell.
    """

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._last = monotonic()
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        """Show where a closing is."""
        with self._lock:
            if progress.is_over:
                if progress.stage != "wait":
                    self._write_over(_over(progress), end="\n")
            elif self._is_terminal:
                self._write_over(_going_on(progress), end="")
            elif monotonic() - self._last >= _SECONDS_BETWEEN:
                self._write_over(_going_on(progress), end="\n")

    def finish(self) -> None:
        """Leave no half line behind."""
        with self._lock:
            if self._is_terminal:
                self._write_over("", end="")

    def _write_over(self, line: str, *, end: str) -> None:
        self._last = monotonic()
        start = f"\r{' ' * _WIDTH}\r" if self._is_terminal else ""
        with suppress(OSError):  # whoever looked on has gone; the work goes on
            self._stream.write(f"{start}{line[:_WIDTH]}", lambda text: text, ending=end)
            self._stream.flush()


def _over(progress: Progress) -> str:
    return f"  {progress.stage:<10}{progress.seconds:8.1f} s   {progress.counted}".rstrip()


def _going_on(progress: Progress) -> str:
    found = (progress.name, told(progress.seconds), progress.counted, progress.remaining)
    return "  " + ", ".join(part for part in found if part)


@contextmanager
def watched(stream: OutputWrapper) -> Iterator[Watch]:
    """Yield a watch whose progress is shown, and which signals stop; what is refused is said."""
    shown = Shown(stream)
    watch = Watch(shown)
    try:
        with stops_on_signals(watch):
            yield watch
    except DomainError as refused:
        raise CommandError(refused.message) from refused
    finally:
        shown.finish()


@contextmanager
def stops_on_signals(watch: Watch) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM ask a watch to stop; a second one ends the program as usual.

    Python looks at signals between two steps of its main thread, which may wait for the database:
    a thread that waits for nothing else hears of them at once. Signals are known in the main thread
    only; elsewhere they stay as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    hears, says = socket.socketpair()
    says.settimeout(0)
    before: dict[int, Any] = {}

    def put_back(*_: object) -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def listen() -> None:
        while (number := hears.recv(1)[0]) != _NO_SIGNAL:
            if number in before:
                watch.stop(f"stopped in the shell by {signal.Signals(number).name}")

    listener = threading.Thread(target=listen, name="signals", daemon=True)
    listener.start()
    before |= {number: signal.signal(number, put_back) for number in _STOPPING}
    heard_before = signal.set_wakeup_fd(says.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(heard_before)
        put_back()
        says.send(bytes([_NO_SIGNAL]))
        listener.join()
        hears.close()
        says.close()
