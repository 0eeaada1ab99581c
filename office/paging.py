"""Which page of a list somebody asks for."""

from __future__ import annotations

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """Return the page's number as the address says it; the first where it says nonsense."""
    text = request.GET.get("page", "")
    if text.isascii() and text.isdigit() and len(text) < 7:
        return max(1, int(text))
    return 1
