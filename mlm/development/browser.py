"""The browser that tests drive: found on this machine, or installed from the system's packages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation")
OFFLINE = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TODO = (
    "No Chromium or Chrome was found. Install one (Debian: apt-get install chromium "
    "fonts-dejavu-core), or set UPLINE_BROWSER to the path of its program."
)


def find() -> str | None:
    """Return the path of a browser, UPLINE_BROWSER before any other; None if there is none."""
    if named := os.environ.get("UPLINE_BROWSER"):
        return named if os.access(named, os.X_OK) else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return str(MAC) if MAC.exists() else None


def flags() -> list[str]:
    """Return how it is started: off the network, and without a sandbox where root has none."""
    return [*OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def make_sure() -> bool:
    """Return whether there is a browser, after installing one if that is ours to do."""
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"upline: installing {', '.join(PACKAGES)} by apt", flush=True)
        _install()
    found = find()
    print(found or TODO, flush=True)
    return found is not None


def _install() -> None:
    """Install from the system's packages; whether it worked is seen by looking for it."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "-y", "--no-install-recommends", *PACKAGES)):
        done = subprocess.run(
            ["apt-get", "-q", *arguments],  # noqa: S607  (wherever this system has it)
            env=quiet,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout[-2000:], file=sys.stderr)
