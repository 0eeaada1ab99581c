"""The forms in which plans are written, signed for and put away."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from typing_extensions import override

from commissions.errors import WrongCadence
from commissions.models import PlanVersion
from commissions.plan import PlanError
from commissions.selectors.plan_checks import MISTAKES_SHOWN, STILL_RUNNING
from commissions.selectors.plan_reviews import refused, review_of, unsigned_findings
from commissions.services.plans import compiled, refuse_another_cadence
from commissions.trying import PATIENCE_SECONDS, tried_examples
from mlm.staff.fields import MomentField, ReasonForm

TEXT_MAX: Final = 200_000
"""Letters of a plan's text."""


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


def plain_lines(text: str) -> str:
    """Return a text as it is kept: with plain line ends, and without what no text may hold.

    >>> plain_lines("a\\r\\nb\\x00")
    'a\\nb'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


class PlanForm(forms.ModelForm[PlanVersion]):
    """A draft; a text with mistakes is given back with every one of them, and not saved.

    `start` is what the text was taken from, `was` the digest of the draft that was read.
    """

    text = forms.CharField(
        max_length=TEXT_MAX,
        strip=False,
        widget=PlanText(attrs={"rows": 32, "spellcheck": "false", "wrap": "off"}),
        help_text="TOML. docs/plan-language.md says what it means.",
    )
    effective_from = MomentField(
        label="Pays from",
        help_text="Periods that start at this time or later are paid by this version.",
    )
    start = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    was = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = PlanVersion
        fields = ("period_type", "label", "effective_from", "text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial.setdefault("was", self.instance.digest)

    def clean_label(self) -> str:
        """Return the name, if no version that was not discarded has it."""
        label = str(self.cleaned_data["label"])
        others = PlanVersion.objects.filter(label=label).exclude(pk=self.instance.pk)
        if others.exclude(status=PlanVersion.Status.DISCARDED).exists():
            raise forms.ValidationError("A version has this name already.", code="taken")
        return label

    def clean_text(self) -> str:
        """Return the text with plain line ends, if it can be read as a plan and may be saved."""
        text = plain_lines(str(self.cleaned_data["text"]))
        if wrong := _what_is_wrong(text):
            more = len(wrong) - MISTAKES_SHOWN
            shown = [*wrong[:MISTAKES_SHOWN], *([f"And {more} more."] if more > 0 else [])]
            raise forms.ValidationError(
                [forms.ValidationError(sentence, code="plan_mistake") for sentence in shown]
            )
        return text

    @override
    def clean(self) -> dict[str, Any]:
        """Return the answers, if the plan is of the periods' rhythm and nobody else changed it."""
        answers = super().clean() or self.cleaned_data
        if self.instance.pk and answers.get("was") not in ("", self.instance.digest):
            self.add_error(
                None,
                "Somebody else changed this draft while you wrote. Open it in another window and"
                " put your changes into that text.",
            )
        period_type = answers.get("period_type")
        if period_type is None and self.instance.period_type_id:
            period_type = self.instance.period_type
        if period_type and answers.get("text"):
            try:
                refuse_another_cadence(period_type, compiled(answers["text"]))
            except WrongCadence as refusal:
                self.add_error("text", refusal.message)
        return answers


def _what_is_wrong(text: str) -> list[str]:
    """Return all that keeps a text from being a draft: mistakes, examples, the rules."""
    try:
        compiled(text)
        tried = tried_examples(text, seconds=PATIENCE_SECONDS)
    except PlanError as error:
        return [str(mistake) for mistake in error.mistakes]
    if tried is None:
        return [STILL_RUNNING]
    failing = [str(mistake) for example in tried for mistake in example.mistakes]
    return [*failing, *(str(finding) for finding in refused(review_of(text)))]


class SignForm(ReasonForm):
    """Asks for which finding somebody signs, and why it may stand."""

    finding = forms.ChoiceField(widget=forms.RadioSelect)
    field_order = ("finding", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        row: PlanVersion = self.initial["row"]
        field: Any = self.fields["finding"]
        field.choices = [(finding.key, str(finding)) for finding in unsigned_findings(row)]
