"""Addresses of figures below /api/v1/."""

from django.urls import re_path

from commissions.api import views

urlpatterns = [
    re_path(
        r"^members/(?P<code>[0-9A-Z]{1,12})/standing$",
        views.StandingApi.as_view(),
        name="api-member-standing",
    ),
    re_path(
        r"^members/(?P<code>[0-9A-Z]{1,12})/missed$",
        views.MissedApi.as_view(),
        name="api-member-missed",
    ),
]
