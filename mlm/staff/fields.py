"""Form fields in which people write money, points and moments as people do."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from typing_extensions import override

from mlm.display import POINT_DECIMALS, to_hundredths

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


class MomentField(forms.DateTimeField):
    """A day and time in the company's time zone, entered with the device's own picker."""

    def __init__(self, **options: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        options.setdefault("widget", picker)
        options.setdefault("help_text", f"Time zone: {timezone.get_default_timezone_name()}.")
        super().__init__(**options)

    @override
    def clean(self, value: Any) -> Any:
        """Return the moment; a year that only a slip of the finger makes is refused."""
        moment = super().clean(value)
        if moment is not None and not EARLIEST <= moment < LATEST:
            raise ValidationError("Choose a year between 1990 and 2199.", code="far_away")
        return moment


class AmountField(forms.DecimalField):
    """An amount of money or points as a decimal; how many decimals it may have is for the form."""

    def __init__(self, **options: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": "12"})
        known: dict[str, Any] = {"min_value": Decimal(0), "max_digits": 15, "widget": box}
        super().__init__(**known | options)


class PointsField(AmountField):
    """A volume in points; what comes out is hundredths of a point."""

    @override
    def prepare_value(self, value: Any) -> Any:
        """Return what is shown: stored hundredths as points, and typed text as it was typed."""
        return Decimal(value).scaleb(-POINT_DECIMALS) if isinstance(value, int) else value

    @override
    def clean(self, value: Any) -> Any:
        """Return hundredths of a point; more decimals than two are refused.

        What is stored already comes back as it is: a field that is switched off cleans that.
        """
        if isinstance(value, int):
            return value
        points = super().clean(value)
        if points is None:
            return None
        try:
            return to_hundredths(points)
        except ValueError as mistake:
            raise ValidationError(str(mistake), code="too_many_decimals") from mistake

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether the volume is another one, however it is written."""
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class ReasonForm(forms.Form):
    """Asks why; the answer is kept with the event for good."""

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept for good, with your name.",
    )
