"""What a figure was measured on: machine, versions, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psycopg2

from commissions.engine import ENGINE_VERSION

ROOT: Final = Path(__file__).resolve().parents[1]


def facts(*, database_url: str, seed: int) -> dict[str, str]:
    """Return what belongs beside every figure, in the order it is shown in."""
    packages = ("numpy", "numba", "pyarrow", "psycopg2-binary", "duckdb")
    return {
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "engine": ENGINE_VERSION,
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{_memory_gib():.0f} GiB",
        "load before the run": load(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in packages),
        "PostgreSQL": _postgresql(database_url),
        "seed": str(seed),
    }


def load() -> str:
    """Return how busy the machine is, with ourselves."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg()) + " (1, 5, 15 minutes)"


def commit() -> str:
    """Return the commit, with a plus if a source file differs from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "*.py")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (
        " and changes" if changed else ""
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _postgresql(database_url: str) -> str:
    return "; ".join(_settings(database_url))


def _settings(database_url: str) -> Iterator[str]:
    """Yield the version, and the settings that a load or a close feels."""
    connection = psycopg2.connect(database_url)
    try:
        with connection.cursor() as cursor:
            for name in ("server_version", "shared_buffers", "max_wal_size", "fsync"):
                cursor.execute(f"SHOW {name}")
                (value,) = cursor.fetchone() or ("unknown",)
                yield value if name == "server_version" else f"{name} {value}"
    finally:
        connection.close()
