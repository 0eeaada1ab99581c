"""The commands of the `upline` script, once its environment is there."""

import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from mlm.development import demo, locking, screenshots, testing
from mlm.development.folders import CHECKOUT, lock, runtime
from mlm.development.postgres import CannotStart
from mlm.development.processes import Register
from mlm.development.services import (
    Services,
    Taken,
    command_environment,
    demo_services,
    development_variables,
)


def manage(arguments: list[str]) -> int:
    """Run manage.py with the demo's servers."""
    return run([sys.executable, "manage.py", *arguments])


def run(arguments: list[str]) -> int:
    """Run a command with the demo's servers: those that run already, or its own for so long."""
    if not arguments:
        print("What should be run? For example: ./upline run pytest tests", file=sys.stderr)
        return 2
    services = demo_services()
    try:
        services.take()
    except Taken:
        variables = services.word().get("variables") or development_variables()
        return subprocess.run(arguments, env=command_environment(variables), check=False).returncode
    with services as variables:
        return subprocess.run(arguments, env=command_environment(variables), check=False).returncode


def bench(arguments: list[str]) -> int:
    """Measure, with servers of its own unless the environment names some."""
    with Services(runtime() / "bench") as variables:
        environment = command_environment(variables)
        command = [sys.executable, "-m", "bench", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def stop(arguments: list[str]) -> int:
    """End what runs in this checkout: a demo in another terminal, and orphans of killed runs."""
    del arguments
    ended = demo.stop_running()
    for folder in sorted(runtime().glob("*/processes.json")):
        ended += [f"{folder.parent.name}/{name}" for name in _orphans(Register(folder))]
    print(f"upline: stopped {', '.join(ended)}" if ended else "upline: nothing was running")
    return 0


def _orphans(register: Register) -> list[str]:
    """End the processes of a folder that nobody holds; return their names."""
    handle = lock(register.file.parent)
    if handle is None:
        return []
    with handle:
        return register.end_all()


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo.main,
    "test": testing.main,
    "manage": manage,
    "run": run,
    "lock": locking.main,
    "bench": bench,
    "screenshots": screenshots.main,
    "stop": stop,
}


def main() -> int:
    """Run the command named first and return its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    # a shell that starts us in the background has Ctrl-C ignored, and `kill -INT` with it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except (CannotStart, Taken) as refusal:
        print(f"upline: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _leave(number: int, _: FrameType | None) -> None:
    """End as Ctrl-C does, so that everything that was started is stopped on the way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
