"""Compile kernels, and keep the machine code where a change of any engine source is noticed.

numba's own cache looks only at the file that a kernel stands in: a kernel would go on using the
old version of a primitive that it calls from another file, and pay wrong money after an upgrade.
So the cache lies in a folder named by a digest of everything that decides the machine code.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import llvmlite.binding
import numba
import numpy as np

from commissions.engine.version import SOURCES, sources_digest

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def cache_name(folder: Path = SOURCES) -> str:
    """Return the cache folder's name: sources, numba, numpy, Python and this machine's CPU."""
    facts = (
        sources_digest(folder),
        numba.__version__,
        np.__version__,
        platform.python_version(),
        platform.machine(),
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
    )
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:24]


def cache_folder() -> Path | None:
    """Return where machine code is kept, or None if no place can be written.

    `NUMBA_CACHE_DIR` comes first (a read-only install sets it), then the user's cache, then a
    folder of the user's own under the temporary directory.
    """
    return next((folder for base in _bases() if (folder := _usable(base / cache_name()))), None)


def _bases() -> list[Path]:
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return [Path(given)]
    temporary = Path(tempfile.gettempdir()) / f"upline-numba-{os.getuid()}"
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    except RuntimeError:  # an account without a home, as containers have
        return [temporary]
    return [home / "upline" / "numba", temporary]


def _usable(folder: Path) -> Path | None:
    """Make the folder; refuse one of somebody else's, whose machine code we would be running."""
    if not folder.is_absolute():
        folder = Path.cwd() / folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = folder.stat().st_uid == os.getuid() and folder.parent.stat().st_uid in {
            0,
            os.getuid(),
        }
        return folder if ours and os.access(folder, os.W_OK | os.X_OK) else None
    except OSError:
        return None


CACHE_FOLDER = cache_folder()
if CACHE_FOLDER is not None:
    numba.config.CACHE_DIR = str(CACHE_FOLDER)  # type: ignore[attr-defined] # set at run time


def kernel(function: Kernel) -> Kernel:
    """Compile a function; integers divide without a check for zero, and the GIL is released."""
    compile_it = numba.njit(cache=CACHE_FOLDER is not None, error_model="numpy", nogil=True)
    return cast(Kernel, compile_it(function))
