"""The API for people: its description, a page to try it, and what each problem means."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from typing_extensions import override

from mlm.problems import all_kinds


class OneSchema(SchemaGenerator):
    """Works the description out once a process: it depends on the code and on nothing else."""

    @override
    def get_schema(self, request: Request | None = None, public: bool = False) -> Any:
        return _schema()


@lru_cache(maxsize=1)
def _schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaApi(SpectacularAPIView):
    """The description, as YAML or with `?format=json` as JSON. No key needed."""

    permission_classes = [AllowAny]
    generator_class = OneSchema


class TryItPage(TemplateView):
    """Swagger UI under the same content security policy as every other page."""

    template_name = "api/try_it.html"


class ProblemsPage(TemplateView):
    """Every problem the API may answer: where the `type` of a problem leads."""

    template_name = "api/problems.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kinds": all_kinds()}
