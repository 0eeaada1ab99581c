"""A strict, typed reader of settings, so that a wrong one stops the start and not the month's end.

Every mistake is collected and told at once. A variable that is set but empty counts as not set,
because that is what compose files and shells make of a missing value. Values of secrets are never
repeated in a message.
"""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
POSTGRES_SCHEMES = ("postgresql", "postgres")
DATABASE_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"}
)

Value = TypeVar("Value")


class BadSettings(ImproperlyConfigured):
    """One or more settings are missing or wrong; the message lists them all and what to do."""


class Environment:
    """Reads settings from variables and remembers what was wrong with them.

    A wrong value yields a harmless stand-in, so that reading goes on to the next mistake;
    `refuse_if_wrong` then ends the start.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.mistakes: list[str] = []
        self.names: list[str] = []

    def flag(self, name: str, *, default: bool) -> bool:
        """Return yes or no."""

        def read(raw: str) -> bool:
            if raw.lower() in YES | NO:
                return raw.lower() in YES
            raise ValueError("write 1, true, yes or on; or 0, false, no or off")

        return self._read(name, read, default=default, stand_in=default)

    def integer(
        self, name: str, *, default: int, at_least: int = 0, at_most: int = 2**31 - 1
    ) -> int:
        """Return a whole number between the two bounds."""

        def read(raw: str) -> int:
            if raw.lstrip("-").isdecimal() and raw.isascii() and at_least <= int(raw) <= at_most:
                return int(raw)
            raise ValueError(f"write a whole number from {at_least} to {at_most}")

        return self._read(name, read, default=default, stand_in=default)

    def text(self, name: str, *, default: str | None = None, todo: str = "") -> str:
        """Return the value as it stands; without a default it must be set."""
        return self._read(name, str, default=default, stand_in="", todo=todo)

    def choice(self, name: str, *, choices: Collection[str], default: str) -> str:
        """Return one of `choices`."""

        def read(raw: str) -> str:
            if raw in choices:
                return raw
            raise ValueError(f"write one of {', '.join(choices)}")

        return self._read(name, read, default=default, stand_in=default)

    def listing(self, name: str, *, default: list[str] | None = None, todo: str = "") -> list[str]:
        """Return the comma-separated values, in their order; without a default it must be set."""

        def read(raw: str) -> list[str]:
            values = [part.strip() for part in raw.split(",")]
            if all(values):
                return values
            raise ValueError("separate values by single commas, with none at the end")

        return self._read(name, read, default=default, stand_in=[], todo=todo)

    def path(self, name: str, *, default: Path) -> Path:
        """Return an absolute path; whether it exists is not looked at."""

        def read(raw: str) -> Path:
            if Path(raw).is_absolute():
                return Path(raw)
            raise ValueError("write an absolute path")

        return self._read(name, read, default=default, stand_in=default)

    def time_zone(self, name: str, *, default: str) -> str:
        """Return the name of a time zone that this machine knows."""

        def read(raw: str) -> str:
            try:
                return ZoneInfo(raw).key
            except (OSError, ValueError, KeyError):
                raise ValueError("write a time zone such as Europe/Vienna or UTC") from None

        return self._read(name, read, default=default, stand_in=default)

    def secret(self, name: str, *, at_least: int = 1, todo: str = "") -> str:
        """Return a secret, from the variable or from the file that `<name>_FILE` names."""

        def read(raw: str) -> str:
            if len(raw) >= at_least:
                return raw
            raise ValueError(f"it must be at least {at_least} characters long")

        return self._read(name, read, stand_in="x" * at_least, todo=todo, is_secret=True)

    def url(self, name: str, *, schemes: Collection[str], todo: str = "") -> str:
        """Return an address with one of `schemes`; it may hold a password and so is a secret."""

        def read(raw: str) -> str:
            parts = urlsplit(raw)
            if parts.scheme in schemes and (parts.hostname or parts.path) and _port_is_right(raw):
                return raw
            raise ValueError(f"write an address that begins with {_schemes(schemes)}")

        stand_in = f"{next(iter(schemes))}://127.0.0.1"
        return self._read(name, read, stand_in=stand_in, todo=todo, is_secret=True)

    def database(self, name: str, *, todo: str = "") -> dict[str, Any]:
        """Return Django's settings of the PostgreSQL database that an address names."""
        return self._read(name, read_database_url, stand_in={}, todo=todo, is_secret=True)

    def refuse_if_wrong(self) -> None:
        """Raise `BadSettings` with every mistake that was met, or return."""
        if not self.mistakes:
            return
        count = f"{len(self.mistakes)} setting{'s are' if len(self.mistakes) > 1 else ' is'} wrong"
        lines = "".join(f"\n  - {mistake}" for mistake in self.mistakes)
        raise BadSettings(
            f"Upline cannot start: {count}.{lines}\ndocs/settings.md describes every setting."
        )

    def _read(
        self,
        name: str,
        read: Callable[[str], Value],
        *,
        stand_in: Value,
        default: Value | None = None,
        todo: str = "",
        is_secret: bool = False,
    ) -> Value:
        """Return the value read, its default, or after noting a mistake its stand-in."""
        self.names.append(name)
        try:
            raw = self._raw(name, is_secret=is_secret)
            if raw:
                return read(raw)
        except ValueError as mistake:
            shown = "is wrong" if is_secret else f"is {self.variables.get(name)!r}"
            self.mistakes.append(f"{name} {shown}: {mistake}.")
            return stand_in
        if default is not None:
            return default
        self.mistakes.append(f"{name} is missing. {todo}".rstrip())
        return stand_in

    def _raw(self, name: str, *, is_secret: bool) -> str:
        """Return the text given for a setting, or "" if there is none."""
        raw = self.variables.get(name, "")
        file = self.variables.get(f"{name}_FILE", "") if is_secret else ""
        if raw and file:
            raise ValueError(f"both {name} and {name}_FILE are set; keep one")
        if not file:
            return raw
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"{name}_FILE names a file that cannot be read") from None


def read_database_url(raw: str) -> dict[str, Any]:
    """Return Django's settings for `postgresql://user:password@host:port/name?sslmode=require`.

    A socket's folder is written as `?host=/run/postgresql`. Anything unknown is refused.

    >>> read_database_url("postgresql://anna:p%40ss@db:5433/upline")["PASSWORD"]
    'p@ss'
    """
    parts = urlsplit(raw)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", parts.hostname or "")
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in POSTGRES_SCHEMES or not _port_is_right(raw):
        raise ValueError(f"write an address that begins with {_schemes(POSTGRES_SCHEMES[:1])}")
    if not name or "/" in name:
        raise ValueError("name the database after the host, as in postgresql://user@host/upline")
    if not host:
        raise ValueError("name a host, or a socket's folder as ?host=/run/postgresql")
    if unknown := options.keys() - DATABASE_OPTIONS:
        raise ValueError(f"option {min(unknown)!r} is not known")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def _port_is_right(raw: str) -> bool:
    """Return whether the address has no port or one that exists."""
    try:
        return urlsplit(raw).port != 0
    except ValueError:
        return False


def _schemes(schemes: Collection[str]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def from_process() -> Environment:
    """Return the reader of this process's own variables."""
    return Environment(os.environ)
