"""The seam where a plan is held against a profile of rules: docs/lawful.md."""

from __future__ import annotations

from commissions.engine import Plan

DEFAULT = "lab"


def profile_problems(text: str, plan: Plan, profile: str) -> list[str]:
    """Return what a profile refuses in a plan, in sentences; nothing if it is lawful there."""
    del text, plan, profile
    return []
