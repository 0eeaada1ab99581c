"""The cache in Redis, by one client a thread: making one anew costs more than most calls."""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from typing_extensions import override


class KeptClient(RedisCacheClient):
    """Keeps its client; there is one server, so reading and writing share it."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._kept: Any = None

    @override
    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client."""
        if self._kept is None:
            self._kept = super().get_client(key, write=True)
        return self._kept


class KeptRedisCache(RedisCache):
    """Django's cache in Redis, and counting."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    def count(self, name: str, *, seconds: int) -> int:
        """Add one to a number that is forgotten after so many seconds; return what it is now."""
        key = self.make_and_validate_key(name)
        client = self._cache.get_client(key)
        number = int(client.incr(key))
        if number == 1:
            client.expire(key, seconds)
        return number


def count(name: str, *, seconds: int) -> int:
    """Count one more of something, for a limit; raises `RedisError` where Redis is away."""
    found = caches["default"]
    if not isinstance(found, KeptRedisCache):
        raise TypeError("counting needs the cache in Redis")
    return found.count(name, seconds=seconds)
