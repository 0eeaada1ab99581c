"""The whole repository keeps the rules of tests/tidy_rules.py, and each rule can speak up."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests import tidy_rules as rules

ROOT = Path(__file__).resolve().parents[1]
SETTING_READ = re.compile(r"env\.\w+")
NOT_OURS = ("static/vendor/", ".upline/", ".venv/")
LONG_KERNEL = "@njit(cache=True)\ndef f(a):{reason}\n" + "    a += 1\n" * 60

PLANTED = [
    (rules.long_file, "mlm/a.py", "a = 1\n" * 401),
    (rules.long_function, "mlm/a.py", "def f(a):\n" + "    a += 1\n" * 60),
    (rules.long_function, "mlm/a.py", LONG_KERNEL.format(reason="")),
    (rules.float_in_engine, "commissions/engine/a.py", "half = 0.5\n"),
    (rules.float_in_engine, "commissions/engine/a.py", "half = one / 2\n"),
    (rules.float_in_engine, "commissions/engine/a.py", "one /= 2\n"),
    (rules.float_in_engine, "commissions/engine/a.py", "a = np.zeros(3, dtype=np.float64)\n"),
    (rules.float_in_engine, "commissions/engine/a.py", "a = np.zeros(3, dtype='<f8')\n"),
    (rules.float_in_engine, "commissions/engine/a.py", "a = float(b)\n"),
    (rules.impure_engine, "commissions/engine/a.py", "import django.db\n"),
    (rules.impure_engine, "commissions/engine/a.py", "from commissions.models import Period\n"),
    (rules.impure_engine, "commissions/engine/a.py", "import time\n"),
    (rules.cascade_on_money, "orders/models.py", "a = FK(B, on_delete=models.CASCADE)\n"),
    (rules.unnamed_migration, "orders/migrations/0002_auto_20260101.py", ""),
    (rules.loose_end, "mlm/a.py", "a = 1  # TO" + "DO later\n"),
    (rules.loose_end, "static/own/a.js", "// FIX" + "ME\n"),
    (rules.inline_code, "templates/a.html", "<script>alert(1)</script>"),
    (rules.inline_code, "templates/a.html", "<style>p {}</style>"),
    (rules.inline_code, "templates/a.html", '<p class="a" style="color: red">'),
    (rules.inline_code, "templates/a.html", '<p onclick="go()">'),
    (rules.inline_code, "templates/a.html", '<p hx-on:click="go()">'),
    (rules.inline_code, "templates/a.html", "<p hx-vals='js:{a: 1}'>"),
    (rules.machine_path, "docs/a.md", "see /wo" + "rk/notes.md"),
    (rules.host_in_lock, "requirements/a.lock", "--index-url https://pypi.example/simple"),
]
HARMLESS = [
    (rules.long_function, "mlm/a.py", LONG_KERNEL.format(reason="  # long: one pass")),
    (rules.float_in_engine, "commissions/engine/a.py", "a = b // 2\n"),
    (rules.float_in_engine, "bench/a.py", "seconds = 0.5\n"),
    (rules.impure_engine, "commissions/engine/a.py", "from commissions.engine.tree import NO\n"),
    (rules.loose_end, "mlm/a.py", "a = 1  # TO" + "DO(#12) later\n"),
    (rules.inline_code, "templates/a.html", '<script src="a.js" defer></script>'),
    (rules.inline_code, "templates/a.html", '<script id="a" type="application/json">{}</script>'),
    (rules.machine_path, "docs/a.md", "the framework/root and net-work/x"),
]


def texts() -> dict[str, str]:
    """Return path -> text of everything that is ours and is, or could be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607  (git, wherever it is)
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = {}
    for path in listed.stdout.decode().split("\0"):
        if path and not path.startswith(NOT_OURS) and (ROOT / path).is_file():
            content = (ROOT / path).read_bytes()
            if b"\0" not in content:
                found[path] = content.decode("utf-8")
    return found


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: rules.Rule) -> None:
    complaints = [f"{path}: {what}" for path, text in texts().items() for what in rule(path, text)]

    assert complaints == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_fault_is_noticed(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), HARMLESS)
def test_what_is_harmless_passes(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(path, text)) == []


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(rules.RULES)


def test_every_setting_is_explained() -> None:
    """Each name that settings.py reads is in the table."""
    tree = ast.parse((ROOT / "mlm/settings.py").read_text(encoding="utf-8"))
    explained = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    read = {
        ast.literal_eval(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and SETTING_READ.fullmatch(ast.unparse(call.func))
        and call.args
    }

    assert len(read) > 15
    assert [name for name in sorted(read) if f"| `{name}`" not in explained] == []


def test_the_compose_file_sets_only_settings_that_exist() -> None:
    import yaml

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    explained = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    names = compose["x-upline"]["environment"]

    assert [name for name in names if f"| `{name}`" not in explained] == []
    assert set(compose["services"]) >= {"migrate", "web", "worker-live", "worker-default", "beat"}
