"""Every address of Upline. Apps are named by text, so that nothing here imports a domain app."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from mlm.api import UnknownAddress
from mlm.pages import ProblemsPage, SchemaApi, TryItPage


def present(prefix: str, *modules: str) -> list[URLPattern | URLResolver]:
    """Return the addresses of those of the modules that exist."""
    return [path(prefix, include(name)) for name in modules if _exists(name)]


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [
    path("admin/", admin.site.urls),
    *present(
        "api/v1/",
        "distributors.api.urls",
        "orders.api.urls",
        "commissions.api.urls",
        "office.api.urls",
    ),
    path("api/v1/schema", SchemaApi.as_view(), name="api-schema"),
    path("api/docs", TryItPage.as_view(), name="api-docs"),
    path("api/problems", ProblemsPage.as_view(), name="api-problems"),
    re_path(r"^api/", UnknownAddress.as_view()),
    *present("", "office.urls"),
]
