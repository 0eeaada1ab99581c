"""Addresses of members below /api/v1/."""

from django.urls import re_path

from distributors.api import views

urlpatterns = [
    re_path(r"^members/(?P<code>[0-9A-Z]{1,12})$", views.MemberApi.as_view(), name="api-member")
]
