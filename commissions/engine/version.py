"""What the engine calls itself: a number of ours, and a digest of its sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

SOURCES = Path(__file__).parent


def sources_digest(folder: Path = SOURCES) -> str:
    """Return a digest of every Python source under `folder`, their names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()


ENGINE_VERSION = f"1+{sources_digest()[:12]}"
"""Goes into every run; the number is raised when results change."""
