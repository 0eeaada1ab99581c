"""`python -m commissions.plan > docs/plan.schema.json`: the JSON Schema of a plan file."""

import json
import sys

from commissions.plan.schema import plan_schema

sys.stdout.write(json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n")
