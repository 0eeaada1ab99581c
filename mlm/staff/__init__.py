"""What every page of the company's side shares; each app's own pages are in its `admin`.

Django's admin and form classes are generic for type checkers but not at run time. They are made to
take type parameters here, before any page is defined.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.paginator import Paginator


def _itself(cls: type, _: Any) -> type:
    return cls


_GENERIC: tuple[Any, ...] = (
    BaseModelAdmin,
    forms.BaseInlineFormSet,
    forms.ModelForm,
    AdminUserCreationForm,
    Paginator,
    UserAdmin,
    UserChangeForm,
)
for _class in _GENERIC:
    _class.__class_getitem__ = classmethod(_itself)

admin.site.site_header = admin.site.site_title = "Upline"
admin.site.index_title = "The company's side"
