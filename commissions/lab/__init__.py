"""The lab: a plan run on files, without a database. For plan owners and for tests."""

from commissions.lab.mistakes import LabError, LabMistake
from commissions.lab.request import LabRequest
from commissions.lab.run import run_lab

__all__ = ["LabError", "LabMistake", "LabRequest", "run_lab"]
