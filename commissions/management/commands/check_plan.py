"""Check a plan and run its examples, without a database: docs/plan-language.md, "The lab"."""

from commissions.management.file_command import OnFiles


class Command(OnFiles):
    """See `commissions.files`."""
