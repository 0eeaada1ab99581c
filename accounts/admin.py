"""Users, storefronts and their keys.

Users and rights are for superusers: somebody who may change users could otherwise make anybody
anything. A key's text is shown once, in the answer to the form that made it, and is kept nowhere.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from typing_extensions import override

from accounts.models import ApiKey, Storefront, User
from accounts.services import issue_key, revoke_key
from mlm.staff.deeds import Deed, DeedsMixin, Doing
from mlm.staff.fields import MomentField
from mlm.staff.pages import BoundedPaginator, SearchedByIndex, StaffAdmin


class LowerCaseAddress:
    """Keeps e-mail addresses as they are compared: in lower case."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()


class NewUserForm(LowerCaseAddress, AdminUserCreationForm[User]):
    """A new user, by e-mail address."""

    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(LowerCaseAddress, UserChangeForm[User]):
    """A user, by e-mail address."""


@admin.register(User)
class UserAdmin(SearchedByIndex, DjangoUserAdmin[User]):
    """People who sign in."""

    form = UserForm
    add_form = NewUserForm
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    paginator = BoundedPaginator
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("email",)  # what is really looked at: found_by
    search_help_text = "An e-mail address, or its beginning."
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),
    )

    @override
    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return users by the beginning of their address: that is what an index serves."""
        return rows.filter(email__startswith=text.lower())

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether this is a superuser."""
        return _is_superuser(request)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this is a superuser."""
        return _is_superuser(request)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: a user who goes is switched off, and history keeps the name."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


@admin.register(Storefront)
class StorefrontAdmin(StaffAdmin):
    """Shops and systems that sell for the company; one that goes is switched off."""

    list_display = ("code", "name", "is_active", "created_at")
    search_fields = ("code", "name")
    ordering = ("code",)
    fields = ("code", "name", "is_active")

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what stays: the code names the storefront's orders."""
        return ("code",) if obj else ()


class NewKeyForm(forms.ModelForm[ApiKey]):
    """Whose key, what for, what it may do, and how long."""

    scopes = forms.MultipleChoiceField(
        choices=ApiKey.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="What whoever has the key may do. Tick no more than is needed.",
    )
    expires_at = MomentField(label="Ends", required=False)

    class Meta:
        model = ApiKey
        fields = ("storefront", "name", "scopes", "expires_at")

    def clean_storefront(self) -> Storefront:
        """Return the storefront; one that is switched off gets no keys."""
        storefront: Storefront = self.cleaned_data["storefront"]
        if not storefront.is_active:
            raise forms.ValidationError(f"{storefront.name} is switched off.", code="closed")
        return storefront


def _revoke(doing: Doing) -> str:
    return f"{revoke_key(doing.row, at=doing.at)} is revoked."


REVOKE: Final = Deed(
    name="revoke",
    label="Revoke",
    permission="accounts.change_apikey",
    explain=lambda key: [
        f"{key} of {key.storefront} stops working at once, for good.",
        "Whoever uses it is refused. Issue another key first if the shop goes on selling.",
    ],
    perform=_revoke,
    offered=lambda key: key.revoked_at is None,
    grave=True,
)


@admin.register(ApiKey)
class ApiKeyAdmin(DeedsMixin, StaffAdmin):
    """Keys of storefronts: issued, revoked, never edited."""

    list_display = (
        "name", "storefront", "identifier", "allowed", "created_at", "expires_at", "revoked_at",
        "last_used_at",
    )  # fmt: skip
    list_filter = ("storefront", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("storefront",)
    search_fields = ("name", "identifier")
    ordering = ("-pk",)
    deeds = (REVOKE,)

    @override
    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """Return the form for a new key; a key that is there is only shown."""
        return super().get_form(
            request, obj, change, **options | ({} if obj else {"form": NewKeyForm})
        )

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what a new key is asked for, or what is known of one."""
        if obj is None:
            return ("storefront", "name", "scopes", "expires_at")
        return (
            "storefront", "name", "identifier", "last_four", "allowed", "created_at", "created_by",
            "expires_at", "revoked_at", "last_used_at",
        )  # fmt: skip

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: a key is revoked and another one issued."""
        return False

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        """Return keys with what their page names."""
        return super().get_queryset(request).select_related("storefront", "created_by")

    @admin.display(description="may")
    def allowed(self, key: ApiKey) -> str:
        """Return what the key may do, in words."""
        return ", ".join(str(ApiKey.Scope(scope).label) for scope in key.scopes)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue the key; its text goes along with the row until the answer is written."""
        answers = form.cleaned_data
        made, text = issue_key(
            answers["storefront"],
            answers["name"],
            answers["scopes"],
            request.user,  # type: ignore[arg-type]  # staff only
            answers["expires_at"],
        )
        obj.__dict__.update(made.__dict__, text_shown_once=text)

    @override
    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the key: the only time that anybody sees it."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The key, this once",
            "opts": self.opts,
            "key": obj,
            "text": obj.text_shown_once,
        }
        answer = TemplateResponse(request, "admin/accounts/apikey/issued.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
