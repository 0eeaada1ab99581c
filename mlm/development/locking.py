"""`./upline lock`: the lock files, made anew from what we ask for in requirements/*.in."""

import subprocess
import sys
import venv
from pathlib import Path

from mlm.development.folders import CHECKOUT, runtime

LAYERS = ("runtime", "demo", "test")  # each holds the one before, in the same versions
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes")
QUIET = ("--no-header", "--no-annotate", "--no-config", "--quiet")


def main(arguments: list[str]) -> int:
    """Resolve the three layers; arguments such as --upgrade go to uv. Return 0 if it worked."""
    uv = _uv()
    folder = CHECKOUT / "requirements"
    for place, layer in enumerate(LAYERS):
        below = ["-c", f"{LAYERS[place - 1]}.lock"] if place else []
        command = [str(uv), "pip", "compile", *OPTIONS, *QUIET, f"{layer}.in", *below]
        done = subprocess.run(
            [*command, "-o", f"{layer}.lock", *arguments], cwd=folder, check=False
        )
        if done.returncode:
            return done.returncode
        print(f"upline: requirements/{layer}.lock")
    return 0


def _uv() -> Path:
    """Return uv in an environment of its own below the runtime folder; installed at first use."""
    home = runtime() / "uv"
    if not (home / "bin/uv").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin/python"), "-m", "pip", "install", "--quiet", "uv"]
        if subprocess.run(install, check=False).returncode:
            sys.exit("upline: uv could not be installed")
    return home / "bin/uv"
