"""Ask lab and oracle about drawn cases, without a database: docs/measuring.md."""

from commissions.management.file_command import OnFiles


class Command(OnFiles):
    """See `commissions.files`."""
