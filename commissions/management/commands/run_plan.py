"""Run a plan on files, without a database: docs/plan-language.md, "The lab"."""

from commissions.management.file_command import OnFiles


class Command(OnFiles):
    """See `commissions.files`."""
