"""Reading what a page of the company's side says."""

import html
import re
from typing import Any


def words(response: Any) -> str:
    """Return the text of a page without its tags, on one line."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def mistakes(response: Any) -> list[str]:
    """Return what the page's form complains about, field by field and row by row."""
    context = response.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    found = [str(error) for errors in form.errors.values() for error in errors]
    for inline in context.get("inline_admin_formsets", []):
        found += [
            str(error)
            for row in inline.formset.errors
            for errors in row.values()
            for error in errors
        ]
        found += [str(error) for error in inline.formset.non_form_errors()]
    return found
