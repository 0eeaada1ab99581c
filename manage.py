#!/usr/bin/env python
"""Django's command line for Upline."""

import os
import sys

ON_FILES = ("run_plan", "check_plan", "format_plan", "tell_plan", "fuzz_engine")


def main() -> None:
    """Run the command named on the command line; wrong settings are told plainly, all at once."""
    if sys.argv[1:2] and sys.argv[1] in ON_FILES:  # no settings, no database
        from commissions.files import main as on_files

        sys.exit(on_files(sys.argv[1], sys.argv[2:], f"manage.py {sys.argv[1]}"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from mlm.env import BadSettings

    try:
        settings.INSTALLED_APPS  # noqa: B018  (loading the settings is what is tried here)
    except BadSettings as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
