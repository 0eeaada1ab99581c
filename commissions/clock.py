"""How long each stage of a run took, for its record and for bench/."""

from __future__ import annotations

from time import perf_counter


class StageClock:
    """Notes the seconds of each stage, as text."""

    def __init__(self) -> None:
        self.times: dict[str, str] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage that began where the one before ended."""
        now = perf_counter()
        self.times[stage] = f"{now - self._last:.3f}"
        self._last = now
