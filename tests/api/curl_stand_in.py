"""Does what the guide asks of curl, for machines that have none: one request, its body printed."""

from __future__ import annotations

import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main(arguments: list[str]) -> int:
    """Send the request that the arguments describe; return 22 for an error, as curl does."""
    headers: dict[str, str] = {}
    address, body = "", None
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "-H":
            name, _, value = waiting.pop(0).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = waiting.pop(0).encode()
        elif not word.startswith("-"):
            address = word
    try:
        with urlopen(Request(address, body, headers), timeout=30) as answer:  # noqa: S310
            print(answer.read().decode())  # noqa: T201  (printing is all it is for)
    except HTTPError as error:
        print(error.read().decode())  # noqa: T201
        return 22
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
