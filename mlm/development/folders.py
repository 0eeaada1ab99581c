"""Where runtime files go, and whether the unprivileged user that PostgreSQL needs can get there."""

import fcntl
import hashlib
import os
import pwd
import secrets
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TypedDict

CHECKOUT = Path(__file__).resolve().parents[2]
SOCKET_PATH_MAX = 90  # the system's limit is 104 or 108, and the socket's own name comes after it
UNPRIVILEGED = "nobody"


def runtime() -> Path:
    """Return the folder of all runtime files, made if need be."""
    folder = Path(os.environ.get("UPLINE_HOME") or CHECKOUT / ".upline")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """Return this checkout's secret key for the demo and tests, made at first use."""
    file = runtime() / "secret-key"
    if not file.exists():
        half = file.with_name(f"secret-key.{os.getpid()}")
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        half.replace(file)
    return file.read_text(encoding="utf-8")


def lock(folder: Path) -> IO[str] | None:
    """Return the folder's lock, held until closed or the process dies; None if it is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lock").touch(mode=0o600)  # it will hold addresses with passwords
    handle = (folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def is_root() -> bool:
    """Return whether this process may not run PostgreSQL itself."""
    return os.geteuid() == 0


class ServerUser(TypedDict, total=False):
    """The arguments by which `subprocess` changes the user."""

    user: int
    group: int
    extra_groups: list[int]


def server_user() -> ServerUser:
    """Return how `subprocess` starts a server: as the unprivileged user if we are root."""
    if not is_root():
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Hand a path to the user that servers run as."""
    if is_root():
        entry = pwd.getpwnam(UNPRIVILEGED)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def is_reachable(path: Path) -> bool:
    """Return whether the user that servers run as can read and run or enter this path."""
    if not is_root():
        return os.access(path, os.R_OK | os.X_OK)
    tried = subprocess.run(
        ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)],
        check=False,
        cwd="/",
        **server_user(),
    )
    return tried.returncode == 0


def outside() -> Path:
    """Return the one folder outside the checkout, for root only, that others can pass.

    Named by the checkout's path, so that two checkouts never share one.
    """
    digest = hashlib.sha256(str(runtime().resolve()).encode()).hexdigest()[:12]
    folder = Path("/var/lib/upline") / digest
    folder.mkdir(parents=True, exist_ok=True)
    for part in (folder.parent, folder):
        part.chmod(0o755)
    return folder


def socket_folder(home: Path) -> Path:
    """Return a folder for sockets that only servers' user can enter, with a path short enough."""
    folder = home / "run"
    if len(str(folder)) > SOCKET_PATH_MAX:
        folder = Path(tempfile.mkdtemp(prefix="upline-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    give(folder)
    return folder
