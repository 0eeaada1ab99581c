"""How the API describes itself: OpenAPI 3.1, every operation with the problems it may answer.

`manage.py spectacular --file docs/openapi.yaml` writes the description down.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers
from typing_extensions import override

from mlm.problems import GENERAL, NOT_FOUND, PROBLEM_TYPE, PROBLEMS_PAGE, ProblemKind, kind_of

#: Answers that need no body to be sent, and those that do.
_ALWAYS: Final = {401, 403, 406, 429, 500, 503}
_WITH_BODY: Final = {400, 409, 413, 415, 422}


class MistakeOut(serializers.Serializer[Any]):
    """One wrong value."""

    pointer = serializers.CharField(help_text="A JSON pointer to it, as in /lines/0/quantity.")
    code = serializers.CharField(help_text="Stable; compare this.")
    detail = serializers.CharField(help_text="For people.")


class ProblemOut(serializers.Serializer[Any]):
    """What went wrong, as RFC 9457 has it."""

    type = serializers.CharField(help_text="Where the kind of problem is explained.")
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(help_text="For people.")
    instance = serializers.CharField(help_text="The address that was asked.")
    code = serializers.CharField(help_text="Stable; compare this.")
    request_id = serializers.CharField(help_text="Name it when you ask us.")
    errors = MistakeOut(many=True, required=False)  # type: ignore[assignment]  # a field
    extra = serializers.DictField(required=False, help_text="What it is about.")


class ProblemSchema(AutoSchema):
    """Describes an operation together with its problems.

    A view lists in `refusals` what the business may refuse, for each of its methods.
    """

    @override
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Return the answers by status."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, kinds in sorted(self._problems().items()):
            answer = OpenApiResponse(
                ProblemOut,
                description=" ".join(f"`{kind.code}`: {kind.meaning}" for kind in kinds),
                examples=[self._example(kind) for kind in kinds],
            )
            bodies[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]  # inherited
                answer, str(status), [PROBLEM_TYPE], direction
            )
        return bodies

    def _problems(self) -> dict[int, list[ProblemKind]]:
        """Return what may go wrong, by status."""
        found: dict[int, list[ProblemKind]] = defaultdict(list)
        wanted = _ALWAYS | (_WITH_BODY if self.method == "POST" else set())
        if "{" in self.path:
            wanted |= {404}
        has_query = any(each["in"] == "query" for each in self._get_parameters())
        for kind in GENERAL:
            needless = kind.status == 400 and self.method != "POST" and kind.code != "invalid"
            if (kind.status in wanted or (kind.status == 400 and has_query)) and not needless:
                found[kind.status].append(kind)
        for kind in self._own_problems():
            found[kind.status].append(kind)
        return found

    def _own_problems(self) -> list[ProblemKind]:
        """Return what only this operation may answer."""
        listed = getattr(self.view, "refusals", {}).get(self.method, ())
        not_found = {kind.code: kind for kind in NOT_FOUND}
        return [
            not_found[refusal] if isinstance(refusal, str) else kind_of(refusal)
            for refusal in listed
        ]

    def _example(self, kind: ProblemKind) -> OpenApiExample:
        body: dict[str, Any] = {
            "type": f"{PROBLEMS_PAGE}#{kind.code}",
            "title": kind.status.phrase,
            "status": kind.status.value,
            "detail": kind.meaning,
            "instance": self.path,
            "code": kind.code,
            "request_id": "7b0c7f5a1d3e4c52a5b1b9b0c3f6d2e8",
        }
        if kind.code == "invalid":
            wrong = ("/limit", "max_value", "Ensure this value is less than or equal to 200.")
            if self.method == "POST":
                wrong = ("/external_id", "required", "This field is required.")
            body["errors"] = [dict(zip(("pointer", "code", "detail"), wrong, strict=True))]
        return OpenApiExample(
            kind.code, value=body, response_only=True, status_codes=[str(kind.status.value)],
            media_type=PROBLEM_TYPE,
        )  # fmt: skip


class StrictSchema(OpenApiSerializerExtension):
    """Says that fields nobody knows are refused, and what else a serializer adds."""

    target_class = "mlm.fields.StrictSerializer"
    match_subclasses = True

    @override
    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """Return the schema."""
        schema: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        serializer = force_instance(self.target)
        for name, field in serializer.fields.items():
            for limit, word in (("min_length", "minItems"), ("max_length", "maxItems")):
                if isinstance(field, serializers.ListSerializer) and hasattr(field, limit):
                    schema["properties"][name][word] = getattr(field, limit)
        return schema | {"additionalProperties": False} | getattr(self.target, "rules", {})


class TextSchema(OpenApiSerializerFieldExtension):
    """Says how long a text is at least, and what it looks like."""

    target_class = "mlm.fields.TextField"
    match_subclasses = True

    @override
    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """Return the schema."""
        schema: dict[str, Any] = auto_schema._map_serializer_field(
            self.target, direction, bypass_extensions=True
        )
        schema["pattern"] = self.target.pattern
        return schema


class PointsSchema(OpenApiSerializerFieldExtension):
    """Says how volumes are written."""

    target_class = "mlm.fields.PointsOut"

    @override
    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["15.00"]}


class MoneySchema(OpenApiSerializerFieldExtension):
    """Says how money is written."""

    target_class = "mlm.fields.MoneyOut"

    @override
    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """Return a reference to the one schema of money."""
        component = ResolvedComponent(
            name="Money",
            type=ResolvedComponent.SCHEMA,
            object="mlm.Money",
            schema={
                "type": "object",
                "description": "An exact amount, with as many decimals as its currency has.",
                "properties": {
                    "amount": {"type": "string", "pattern": r"^-?[0-9]+(?:\.[0-9]+)?$"},
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                },
                "required": ["amount", "currency"],
                "example": {"amount": "20.00", "currency": "USD"},
            },
        )
        auto_schema.registry.register_on_missing(component)
        return component.ref
