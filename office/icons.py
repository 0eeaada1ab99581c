"""The signs on the pages, drawn for them: each is the strokes of one path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PERSON: Final = (
    "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.500 20.500c.800-4 3.800-6 7.500-6s6.700 2 7.500 6"
)

#: The strokes of each sign, in a box of 24 by 24.
STROKES: Final[Mapping[str, str]] = {
    "home": "M4 11 12 4l8 7v8.500a.5.5 0 0 1-.5.500H15v-6H9v6H4.500a.5.5 0 0 1-.5-.500z",
    "team": "M12 6.1v3.400m0 0H5.500V14M12 9.500h6.500V14M12 2.500a1.800 1.800 0 1 1 0 3.600"
    " 1.800 1.800 0 1 1 0-3.600zM5.500 14a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm13 0a3 3 0 1 1 0 6 3 3 0 0 1"
    " 0-6z",
    "earnings": "M4 20V4m0 16h16M8 16v-4m4 4V8m4 8v-6",
    "link": "M10 14a4 4 0 0 0 6 .400l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300M14 10a4 4 0 0 0-6-.400"
    "l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300",
    "orders": "M5 8h14l-1 12H6zm4 3V7a3 3 0 0 1 6 0v4",
    "account": _PERSON,
    "person": _PERSON,
    "next": "m9 5 7 7-7 7",
    "check": "m5 12.500 4.500 4.500L19 7.500",
    "pause": "M9 5v14M15 5v14",
    "warn": "M12 8v5m0 3.500v.010M12 3.500 2.800 19.500h18.400z",
    "search": "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM20 20l-4.700-4.700",
    "copy": "M9 9h10v11H9zM15 9V4H5v11h4",
    "clock": "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm0 4v4.500l3 2",
    "up": "M12 19V5m-6 6 6-6 6 6",
    "out": "M14 4H5v16h9M10 12h10m0 0-3.500-3.500M20 12l-3.500 3.500",
}
