"""`./upline test`: every check there is, one after the other, the tests last."""

import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable

from mlm.development import browser
from mlm.development.folders import CHECKOUT
from mlm.development.services import command_environment, test_services

PYTEST = [sys.executable, "-m", "pytest"]
ALL_TESTS = ["-n", "2", "--dist", "worksteal", "--durations", "5", "--durations-min", "5"]
CHECKS = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "--diff", "."],
    "djlint": ["djlint", "--lint", "--quiet", "templates"],
    "mypy": ["mypy", "."],
    "import-linter": ["lint-imports", "--no-cache"],
}
DEPLOY = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
MIGRATIONS = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]


def main(arguments: list[str]) -> int:
    """Run every check, or with arguments only pytest with these; return 0 if all is well."""
    failed = []
    with test_services() as variables:
        environment = command_environment(variables)
        if not arguments:
            steps: dict[str, Callable[[], bool]] = {
                "a browser for the tests": browser.make_sure,
                **{name: _step(command, environment) for name, command in CHECKS.items()},
                "check --deploy": _step(DEPLOY, production(environment)),
                "migrations": _step(MIGRATIONS, environment),
            }
            failed = [name for name, step in steps.items() if not _run(name, step)]
        if failed:
            print(f"\nFAILED, besides what pytest says: {', '.join(failed)}", flush=True)
        _heading("pytest")
        command = [*PYTEST, *(arguments or ALL_TESTS)]
        environment.pop("DJANGO_SETTINGS_MODULE", None)  # conftest.py names them when it is time
        tested = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode
    return tested or int(bool(failed))


def production(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment as an installation for real would have it."""
    ours = ("DEBUG", "HTTPS", "LOG_FORMAT", "HSTS_SECONDS", "STATIC_HASHED")
    kept = {name: value for name, value in environment.items() if name not in ours}
    return {**kept, "SECRET_KEY": secrets.token_urlsafe(64), "ALLOWED_HOSTS": "shop.example.com"}


def _step(command: list[str], environment: dict[str, str]) -> Callable[[], bool]:
    """Return a check that passes when the command ends with 0."""

    def run() -> bool:
        program = shutil.which(command[0], path=environment["PATH"]) or command[0]
        arguments = [program, *command[1:]]
        return subprocess.run(arguments, cwd=CHECKOUT, env=environment, check=False).returncode == 0

    return run


def _run(name: str, step: Callable[[], bool]) -> bool:
    _heading(name)
    return step()


def _heading(name: str) -> None:
    width = min(shutil.get_terminal_size().columns, 100)
    print(f"\n{f'--- {name} ':-<{width}}", flush=True)
