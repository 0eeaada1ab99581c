"""PostgreSQL and Valkey for one purpose, such as the demo or one test run, and their addresses."""

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from mlm.development import folders
from mlm.development.postgres import Postgres
from mlm.development.processes import Register
from mlm.development.valkey import Valkey

TEST_SLOTS = 32


class Taken(Exception):
    """Another process that lives uses this folder."""


class Services:
    """Servers below one folder, used by one process at a time.

    A server is started only if the environment names none (`DATABASE_URL`, `REDIS_URL`). The lock
    goes with the process that holds it, so servers found without a holder are orphans: they are
    ended before new ones start.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.register = Register(home / "processes.json")
        self.servers: list[Postgres | Valkey] = []
        self.handle: IO[str] | None = None
        self.orphans: list[str] = []

    def take(self) -> None:
        """Take the folder and end what an earlier, killed process left; raise `Taken` if in use."""
        self.handle = folders.lock(self.home)
        if self.handle is None:
            raise Taken(f"{self.home} is in use by process {self.word().get('pid', 'unknown')}")
        self.leave_word({"pid": os.getpid()})
        self.orphans = self.register.end_all()

    def leave_word(self, word: dict[str, Any]) -> None:
        """Write into the lock what whoever finds it taken may want to know."""
        if self.handle is not None:
            self.handle.seek(0)
            self.handle.truncate()
            json.dump(word, self.handle)
            self.handle.flush()

    def word(self) -> dict[str, Any]:
        """Return what the process that holds the folder left: pid, variables, url, as they come."""
        try:
            word: dict[str, Any] = json.loads((self.home / "lock").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return word

    def start(self) -> dict[str, str]:
        """Start what is needed and return the environment for everything that uses it."""
        variables = development_variables()
        try:
            if not os.environ.get("DATABASE_URL"):
                postgres = Postgres(self.home, self.register, durable=self.durable)
                self.servers.append(postgres)
                variables["DATABASE_URL"] = postgres.start()
            if not os.environ.get("REDIS_URL"):
                valkey = Valkey(self.home, self.register)
                self.servers.append(valkey)
                variables["REDIS_URL"] = valkey.start()
        except BaseException:
            self.stop()
            raise
        self.leave_word({"pid": os.getpid(), "variables": variables})
        return variables

    def stop(self) -> None:
        """Stop the servers, newest first, and give the folder back."""
        while self.servers:
            self.servers.pop().stop()
        if self.handle is not None:
            self.register.end_all()
            self.handle.close()
            self.handle = None

    def __enter__(self) -> dict[str, str]:
        if self.handle is None:
            self.take()
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def development_variables() -> dict[str, str]:
    """Return a development machine's settings, where the environment does not say otherwise."""
    wished = {
        "SECRET_KEY": folders.secret_key(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "HTTPS": "0",
        "LOG_FORMAT": "console",
        "UPLINE_HOME": str(folders.runtime()),
    }
    return {name: os.environ.get(name) or value for name, value in wished.items()}


def command_environment(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment for a command, with the programs of .venv found first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH') or os.defpath}"
    return {**os.environ, **variables, "PATH": path}


def demo_services() -> Services:
    """Return the servers of the demo, whose data stays."""
    return Services(folders.runtime() / "demo")


def test_services() -> Services:
    """Return servers for one test run, already taken: as many runs as wanted go side by side."""
    for slot in range(1, TEST_SLOTS + 1):
        services = Services(folders.runtime() / f"test-{slot}", durable=False)
        try:
            services.take()
        except Taken:
            continue
        return services
    raise Taken(f"{TEST_SLOTS} test runs are going on in this checkout already")
