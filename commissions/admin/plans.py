"""Plans in versions: written as drafts, with every mistake shown in its place, and made live.

Plan authors add and change drafts; making one live is a right of its own (Commission approver), so
that who writes a plan is not who lets it pay. A live plan is only read, and copied.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from commissions.errors import PlanNotInThatState, WrongCadence
from commissions.models import PlanVersion
from commissions.plan import PlanError, read_plan
from commissions.services.plans import draft_plan, make_live, read_plan_for, revise_draft
from mlm.staff.deeds import Deed, DeedsMixin, Doing
from mlm.staff.fields import MomentField
from mlm.staff.pages import StaffAdmin


class PlanText(forms.Textarea):
    """A wide box for a plan, with its lines counted beside it."""

    class Media:
        js = ("staff/plan.js",)

    @override
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the box, with the room beside it that the script fills with numbers."""
        return format_html(
            '<div class="plan-editor"><pre class="gutter" aria-hidden="true"></pre>{}</div>',
            super().render(name, value, attrs, renderer),
        )


class PlanForm(forms.ModelForm[PlanVersion]):
    """A draft; a text with mistakes is given back with every one of them, and not saved."""

    text = forms.CharField(
        max_length=200_000,
        strip=False,
        widget=PlanText(attrs={"rows": 32, "spellcheck": "false", "wrap": "off"}),
        help_text="TOML. docs/plan-language.md says what it means.",
    )
    effective_from = MomentField(
        label="Pays from",
        help_text="Periods that start at this time or later are paid by this version.",
    )

    class Meta:
        model = PlanVersion
        fields = ("period_type", "label", "effective_from", "text")

    def clean_text(self) -> str:
        """Return the text with plain line ends, if it can be read as a plan."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")
        try:
            read_plan(text)
        except PlanError as error:
            raise forms.ValidationError(
                [
                    forms.ValidationError(str(mistake), code="plan_mistake")
                    for mistake in error.mistakes
                ]
            ) from error
        return text

    @override
    def clean(self) -> dict[str, Any]:
        """Return the answers, if the plan is of the periods' rhythm."""
        answers = super().clean() or self.cleaned_data
        period_type = answers.get("period_type")
        if period_type is None and self.instance.period_type_id:
            period_type = self.instance.period_type
        if period_type and answers.get("text"):
            try:
                read_plan_for(period_type, answers["text"])
            except WrongCadence as refused:
                self.add_error("text", refused.message)
        return answers


def _make_live(doing: Doing) -> str:
    try:
        make_live(doing.row)
    except PlanError as error:
        raise PlanNotInThatState(
            "The plan has mistakes by today's rules: "
            + " ".join(str(mistake) for mistake in error.mistakes)
        ) from error
    return f"{doing.row} is live: it pays periods from {doing.row.effective_from:%Y-%m-%d} on."


MAKE_LIVE: Final = Deed(
    name="make-live",
    label="Make live",
    permission="commissions.make_live_planversion",
    explain=lambda version: [
        f"{version} pays every {version.period_type} period that starts at"
        f" {version.effective_from:%Y-%m-%d %H:%M %Z} or later, until another live version does.",
        "Figures of periods that are open are worked out again by it. Locked periods stay.",
        "Its text can never be changed afterwards: a change is a new version.",
    ],
    perform=_make_live,
    offered=lambda version: version.status == PlanVersion.Status.DRAFT,
    grave=True,
)


class CopyForm(forms.Form):
    """Asks what the copy is called, and from when on it shall pay."""

    label = forms.CharField(label="Name of the copy", max_length=60)
    effective_from = MomentField(label="Pays from")

    def clean_label(self) -> str:
        """Return the name, if no version has it."""
        label = str(self.cleaned_data["label"])
        if PlanVersion.objects.filter(label=label).exists():
            raise forms.ValidationError("A version has this name already.", code="taken")
        return label


def _copy(doing: Doing) -> str:
    try:
        made = draft_plan(
            period_type=doing.row.period_type,
            label=doing.answers["label"],
            text=doing.row.text,
            effective_from=doing.answers["effective_from"],
            created_by=doing.user,
        )
    except PlanError as error:
        raise PlanNotInThatState(
            "The text has mistakes by today's rules, so it cannot be copied as it is: "
            + " ".join(str(mistake) for mistake in error.mistakes)
        ) from error
    return f"{made} is a new draft with the text of {doing.row}."


COPY: Final = Deed(
    name="copy",
    label="Copy as new draft",
    permission="commissions.add_planversion",
    explain=lambda version: [f"A new draft with the text of {version}; {version} stays as it is."],
    perform=_copy,
    form=CopyForm,
)


@admin.register(PlanVersion)
class PlanVersionAdmin(DeedsMixin, StaffAdmin):
    """Plan versions; drafts are written here, live ones only read."""

    form = PlanForm
    list_display = ("label", "period_type", "status", "effective_from", "created_by", "created_at")
    list_filter = ("status", "period_type")
    list_select_related = ("period_type", "created_by")
    search_fields = ("label",)
    sortable_by = ()
    ordering = ("-effective_from", "-pk")
    deeds = (MAKE_LIVE, COPY)

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what a draft is asked for; a plan that is only read shows its lines counted."""
        if obj is None:
            return ("period_type", "label", "effective_from", "text")
        text = "text" if self.has_change_permission(request, obj) else "lines"
        known = ("status", "digest", "created_by", "created_at")
        return ("period_type", "label", "effective_from", text, *known)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what is shown only; a draft's rhythm stays."""
        known = ("status", "digest", "created_by", "created_at", "lines")
        return (*known, "period_type") if obj else known

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this version is a draft, and the person may write plans."""
        is_draft = obj is None or obj.status == PlanVersion.Status.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanVersion]:
        """Return versions; a list of them leaves their texts out."""
        found = super().get_queryset(request).select_related("period_type", "created_by")
        match = request.resolver_match
        in_list = match is not None and str(match.url_name).endswith("_changelist")
        return found.defer("text") if in_list else found

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the draft through the service, which reads the plan once more."""
        answers = form.cleaned_data
        wanted = {name: answers[name] for name in ("label", "text", "effective_from")}
        if change:
            saved = revise_draft(obj, **wanted)
        else:
            user: Any = request.user
            saved = draft_plan(period_type=answers["period_type"], created_by=user, **wanted)
        obj.__dict__.update(saved.__dict__)

    @admin.display(description="text")
    def lines(self, version: PlanVersion) -> SafeString:
        """Return the text with its lines counted."""
        items = format_html_join("", "<li>{}</li>", ((line,) for line in version.text.splitlines()))
        return format_html('<div class="plan-text" tabindex="0"><ol>{}</ol></div>', items)
