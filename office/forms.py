"""What people type into the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from typing_extensions import override

from accounts.models import User
from distributors.models import Market, Role


class SignInForm(AuthenticationForm):
    """E-mail address and password. What is wrong with them is never said."""

    error_messages = {
        "invalid_login": "This address and password do not belong together.",
        "inactive": "This address and password do not belong together.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254}
        )
        self.fields["username"].label = "E-mail address"


class JoinForm(forms.Form):
    """A visitor becomes a customer."""

    name = forms.CharField(
        label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        help_text="At least 8 characters, and nothing that is easy to guess.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    market = forms.ModelChoiceField(
        Market.objects.order_by("name"), label="Country", empty_label="Choose your country"
    )

    def clean_name(self) -> str:
        """Return the name on one line."""
        return " ".join(str(self.cleaned_data["name"]).split())

    @override
    def clean(self) -> dict[str, Any] | None:
        """Refuse a password that the company's rules do not allow for this person."""
        password = self.cleaned_data.get("password")
        if password:
            person = User(
                email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")
            )
            try:
                password_validation.validate_password(password, person)
            except ValidationError as refused:
                self.add_error("password", refused)
        return self.cleaned_data


class AgreeForm(forms.Form):
    """A customer accepts the distributor agreement, in the wording that was on the page."""

    agreement = forms.CharField(max_length=40, widget=forms.HiddenInput)
    accepts = forms.BooleanField(
        label="I have read the agreement and accept it.",
        error_messages={"required": "Tick the box if you accept the agreement."},
    )


class SearchForm(forms.Form):
    """A name or a member's code."""

    q = forms.CharField(max_length=100, required=False, strip=True)

    def text(self) -> str:
        """Return what to look for; what is no text at all finds nothing."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class TeamListForm(forms.Form):
    """Which of a team, and in what order; what is no choice is left out of the answer."""

    order = forms.ChoiceField(label="Order", required=False)
    role = forms.ChoiceField(label="Who", required=False, choices=[("", "all"), *Role.choices])
    rank = forms.TypedChoiceField(label="Rank", required=False, coerce=int)
    active = forms.ChoiceField(
        label="Active",
        required=False,
        choices=[("", "all"), ("yes", "active"), ("no", "not active")],
    )
    levels = forms.TypedChoiceField(
        label="Levels",
        required=False,
        coerce=int,
        choices=[("", "all"), *((level, f"down to {level}") for level in (1, 2, 3, 5, 10))],
    )
    days = forms.TypedChoiceField(
        label="Joined",
        required=False,
        coerce=int,
        choices=[("", "any time"), (30, "in 30 days"), (90, "in 90 days")],
    )

    def __init__(
        self, answers: Any, *, orders: list[tuple[str, str]], ranks: list[tuple[int, str]]
    ) -> None:
        super().__init__(answers)
        fields: dict[str, Any] = self.fields
        fields["order"].choices = orders
        fields["rank"].choices = [("", "all"), *ranks]
        if not ranks:
            del self.fields["rank"]

    def wanted(self) -> dict[str, Any]:
        """Return what was chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
