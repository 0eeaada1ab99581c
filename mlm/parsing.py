"""Reading a body of JSON: once, within bounds, and nothing that could mean two things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import IO, Any, Final

from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from typing_extensions import override

LARGEST_BODY: Final = 1_000_000
LARGEST_LONG_BODY: Final = 5_000_000
DEEPEST: Final = 20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# In UTF-8 there is no other way to write one
_ESCAPED_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class BodyTooLarge(APIException):
    """The body has more bytes than are taken."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"

    def __init__(self, at_most: int) -> None:
        super().__init__(f"A body may have at most {at_most} bytes.")


class StrictJsonParser(BaseParser):
    """Reads JSON as RFC 8259 means it; refuses double names, NaN, and what is not Unicode."""

    media_type = "application/json"
    at_most = LARGEST_BODY

    @override
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value; JSON is UTF-8, so another charset is another media type."""
        context = parser_context or {}
        charset = str(context.get("encoding", "utf-8")).lower()
        if charset not in {"utf-8", "utf8", "us-ascii"}:
            raise UnsupportedMediaType(media_type or self.media_type)
        request = context.get("request")
        stated = request.META.get("CONTENT_LENGTH") or "0" if request else "0"
        if not stated.isdecimal() or int(stated) > self.at_most:
            raise BodyTooLarge(self.at_most)
        raw = stream.read(self.at_most + 1)
        if len(raw) > self.at_most:
            raise BodyTooLarge(self.at_most)
        return read_json(raw)


class LongJsonParser(StrictJsonParser):
    """Reads bodies that are long because they hold many of something."""

    at_most = LARGEST_LONG_BODY


def read_json(raw: bytes) -> Any:
    """Return the value of a text of JSON; `ParseError` says what is wrong with it.

    >>> read_json(b'{"a": ["1.10", 2]}')
    {'a': ['1.10', 2]}
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_names_once, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        raise ParseError("The body is not UTF-8.", "malformed") from None
    except RecursionError:
        raise ParseError(_TOO_DEEP, "malformed") from None
    except json.JSONDecodeError as mistake:
        place = f"line {mistake.lineno}, column {mistake.colno}"
        raise ParseError(f"The body is not JSON: {mistake.msg} ({place}).", "malformed") from None
    except ValueError as mistake:  # an integer of thousands of digits, or one of ours
        raise ParseError(f"The body is not JSON we take: {mistake}.", "malformed") from None
    if _is_too_deep(value):
        raise ParseError(_TOO_DEEP, "malformed")
    if _ESCAPED_SURROGATE.search(raw) and any(map(_SURROGATE.search, _texts(value))):
        raise ParseError("The body has half a surrogate pair in a text.", "malformed")
    return value


_TOO_DEEP: Final = f"The body is nested more than {DEEPEST} levels deep."


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has the same name twice")
    if "\0" in "".join(found):
        raise ValueError("a name has a NUL character in it")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _is_too_deep(value: Any) -> bool:
    """Tell whether a value is nested more levels deep than we take, counting the whole as one."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for part in level
            if isinstance(part, dict | list)
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
        if not level:
            return False
    return True


def _texts(value: Any) -> Iterator[str]:
    """Yield every text and name inside a value."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [inner for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            waiting += part
