"""Databases of the benchmark's own, on the server that an address names: made, and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2


def beside(url: str, name: str) -> str:
    """Return the address of another database on the same server, named after this one's.

    >>> beside("postgresql://me@here/upline?sslmode=require", "copy")
    'postgresql://me@here/upline_copy?sslmode=require'
    """
    parts = urlsplit(url)
    return parts._replace(path=f"/{parts.path.strip('/')}_{name}").geturl()


def ask(url: str, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Run a statement by itself, in no transaction; return its rows, if it has any."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def own_database(server: str, name: str, *, copy_of: str = "") -> Iterator[str]:
    """Make a database beside another one, yield its address, and drop it afterwards.

    It is empty, or a copy of the one at an address, to which nobody may be connected.
    """
    url = beside(server, name)
    own, template = _name_of(url), _name_of(copy_of)
    ask(server, f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
    ask(server, f'CREATE DATABASE "{own}"' + (f' TEMPLATE "{template}"' if template else ""))
    try:
        yield url
    finally:
        ask(server, f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')


def _name_of(url: str) -> str:
    return urlsplit(url).path.strip("/")
