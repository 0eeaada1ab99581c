"""How figures, times and signs are written on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.defaultfilters import date as as_date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commissions.models import Period, PeriodType
from mlm import display
from office.icons import STROKES
from office.words.bonuses import rate_text

register = template.Library()

_TIMES: Final = {"day": "j F Y", "short": "j M Y", "minute": "j M Y, H:i", "clock": "H:i:s"}


@register.simple_tag
def company() -> str:
    """Return the company's name."""
    return settings.COMPANY_NAME


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a sign; it says nothing by itself, so words stand beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}" /></svg>',
        STROKES[name],
    )


@register.simple_tag(takes_context=True)
def tab(context: Mapping[str, Any], here: str, url: str, words: str, size: str = "") -> SafeString:
    """Return one entry of the navigation, marked where one is."""
    return format_html(
        '<li class="{}"><a href="{}"{}>{}<span>{}</span></a></li>',
        f"tab-{size}" if size else "tab",
        reverse(url),
        mark_safe(' aria-current="page"') if context.get("here") == here else "",
        icon(here),
        words,
    )


@register.simple_tag
def money(amount_minor: int, currency: str) -> SafeString:
    """Return an amount with its currency set small, and a real minus sign."""
    number, _, code = display.money(amount_minor, currency).partition(" ")
    return format_html(
        '<span class="amount{}">{}<span class="unit"> {}</span></span>',
        " minus" if amount_minor < 0 else "",
        _signed(number),
        code,
    )


@register.filter
def points(volume: int | str | None) -> str:
    """Return a volume in points; a dash for who has none, which a template knows as nothing."""
    return _signed(display.points(volume)) if isinstance(volume, int) else "–"


@register.filter
def points_long(volume: int) -> str:
    """Return a volume in points with both decimals, so that a column of them lines up.

    >>> points_long(10000), points_long(-1050)
    ('100.00', '\N{MINUS SIGN}10.50')
    """
    return _signed(f"{Decimal(volume).scaleb(-display.POINT_DECIMALS):,.2f}")


@register.filter
def rate(rate_ppm: int) -> str:
    """Return parts per million as a per cent."""
    return rate_text(rate_ppm)


@register.filter
def named(period: Period) -> str:
    """Return a period as people call it: a month by its name, others by their label."""
    if period.type.cadence == PeriodType.Cadence.MONTHLY:
        return as_date(timezone.localtime(period.starts_at), "F Y")
    return period.label


@register.simple_tag
def last_day(period: Period) -> SafeString:
    """Return the day on which a period ends, as people count: the last one that is part of it."""
    last = timezone.localtime(period.ends_at - timedelta(microseconds=1))
    return format_html(
        '<time datetime="{}">{}</time>', last.date().isoformat(), as_date(last, _TIMES["short"])
    )


@register.simple_tag
def moment(value: datetime | None, style: str = "minute") -> SafeString | str:
    """Return a time in the company's zone, with the exact one for machines."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), as_date(local, _TIMES[style])
    )


def _signed(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")
