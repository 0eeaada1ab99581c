"""A few things that a worker keeps at hand between tasks, the newest ones."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers what was last put under so many keys.

    >>> few = Recent[str, int](2)
    >>> few.put("a", 1), few.put("b", 2), few.put("a", 3), few.put("c", 4)
    (None, None, None, None)
    >>> few.get("a"), few.get("b")
    (3, None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is remembered under a key."""
        return self._found.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember something, and forget what was put longest ago."""
        self._found[key] = value
        self._found.move_to_end(key)
        while len(self._found) > self._most:
            self._found.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
