#!/usr/bin/env python
"""Django's command line for Upline."""

import os
import sys


def main() -> None:
    """Run the command named on the command line; wrong settings are told plainly, all at once."""
    if sys.argv[1:2] == ["run_plan"]:  # works on files alone: no settings, no database
        from commissions.lab.__main__ import main as run_plan

        sys.exit(run_plan(sys.argv[2:], "manage.py run_plan"))
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
