"""Wrong settings stop the start, all at once, and secrets stay out of the message.

Each file in tests/wrong/settings changes settings that are right. `says:` lines must be in the
refusal; what a `hides:` line names must not.
"""

import os
import runpy
from pathlib import Path

import pytest

from mlm.env import BadSettings, Environment

ROOT = Path(__file__).resolve().parents[2]
WRONG = sorted((ROOT / "tests/wrong/settings").glob("*.env"))
RIGHT = {
    "SECRET_KEY": "a-key-that-is-long-enough-to-be-taken-for-a-real-one-000",
    "ALLOWED_HOSTS": "shop.example.com",
    "DATABASE_URL": "postgresql://anna:pass@db/upline",
    "REDIS_URL": "redis://redis/0",
}


def load(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> dict[str, object]:
    """Return the settings that these variables make."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "mlm/settings.py"))


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_wrong_settings_are_refused_with_what_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    says = [line.removeprefix("# says: ") for line in lines if line.startswith("# says: ")]
    hides = [line.removeprefix("# hides: ") for line in lines if line.startswith("# hides: ")]
    changed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    with pytest.raises(BadSettings) as refusal:
        load(monkeypatch, RIGHT | changed)

    message = str(refusal.value)
    assert says
    assert [text for text in says if text not in message] == []
    assert [text for text in hides if text in message] == []
    assert message.count("\n  - ") == len(says)


def test_the_folder_of_wrong_settings_is_read() -> None:
    assert len(WRONG) >= 15


def test_right_settings_are_safe_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, RIGHT)

    assert settings["DEBUG"] is False
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from the file\n", encoding="utf-8")

    env = Environment({"SECRET_KEY_FILE": str(file)})

    assert env.secret("SECRET_KEY") == "from the file"
    env.refuse_if_wrong()


def test_an_empty_value_counts_as_not_set() -> None:
    env = Environment({"DEBUG": "", "PORT": ""})

    assert env.flag("DEBUG", default=True) is True
    assert env.integer("PORT", default=3) == 3
    env.refuse_if_wrong()


@pytest.mark.parametrize(
    ("raw", "host", "name"),
    [
        ("postgresql://upline@/upline?host=/run/postgresql", "/run/postgresql", "upline"),
        ("postgres://anna:p%40ss@db.example:5433/shop", "db.example", "shop"),
        ("postgresql://anna@[::1]:5432/shop?sslmode=require", "::1", "shop"),
    ],
)
def test_a_database_address_is_taken_apart(raw: str, host: str, name: str) -> None:
    env = Environment({"DATABASE_URL": raw})

    database = env.database("DATABASE_URL")

    env.refuse_if_wrong()
    assert (database["HOST"], database["NAME"]) == (host, name)
