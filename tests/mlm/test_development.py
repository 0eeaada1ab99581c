"""Servers of a checkout's own: one user at a time, and orphans are found and ended."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from mlm.development import demo, folders
from mlm.development.postgres import CannotStart, Postgres, find_installation
from mlm.development.processes import Register, end, identity
from mlm.development.services import Services, Taken

HOLD = """
import sys, time
from pathlib import Path
from mlm.development.services import Services
with Services(Path(sys.argv[1]), durable=False):
    print("started", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for servers, as if the environment named none; nothing of it stays."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    folder = folders.runtime() / f"trial-{os.getpid()}"
    yield folder
    away = Postgres(folder, Register(folder / "processes.json"), durable=False).home
    shutil.rmtree(away, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def hold(home: Path) -> subprocess.Popen[str]:
    """Return a process that holds servers in this folder."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        cwd=folders.CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "started\n"
    return holder


def test_both_servers_answer_and_are_gone_afterwards(home: Path) -> None:
    with Services(home, durable=False) as variables:
        connection = psycopg2.connect(variables["DATABASE_URL"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT lower('É')")
            assert cursor.fetchone() == ("é",)
        connection.close()
        with redis.Redis.from_url(variables["REDIS_URL"]) as client:
            assert client.ping()
        pids = [int(str(pid)) for pid, _ in Register(home / "processes.json").entries().values()]

    assert len(pids) == 2
    assert [identity(pid) for pid in pids] == ["", ""]


def test_nobody_without_the_password_gets_into_valkey(home: Path) -> None:
    with Services(home, durable=False) as variables:
        stranger = redis.Redis.from_url("redis://" + variables["REDIS_URL"].rpartition("@")[2])
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_a_folder_in_use_is_refused_with_the_holder_named(home: Path) -> None:
    named = pytest.raises(Taken, match=f"in use by process {os.getpid()}")
    with Services(home, durable=False), named:
        Services(home, durable=False).take()


def test_orphans_of_a_killed_process_are_ended_before_the_next_start(home: Path) -> None:
    holder = hold(home)
    orphans = Register(home / "processes.json").entries()
    holder.kill()
    holder.communicate()
    assert all(identity(int(str(pid))) == known for pid, known in orphans.values())

    with Services(home, durable=False) as variables:
        psycopg2.connect(variables["DATABASE_URL"]).close()
        assert not any(identity(int(str(pid))) == known for pid, known in orphans.values())


def test_a_database_killed_in_the_middle_starts_again(home: Path) -> None:
    holder = hold(home)
    entries = Register(home / "processes.json").entries()
    holder.kill()
    os.kill(int(str(entries["postgres"][0])), signal.SIGKILL)
    holder.communicate()

    with Services(home, durable=False) as variables:
        psycopg2.connect(variables["DATABASE_URL"]).close()


def test_a_number_used_again_by_another_process_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    file = tmp_path / "processes.json"
    file.write_text(json.dumps({"postgres": [stranger.pid, "another time"]}), encoding="utf-8")

    ended = Register(file).end_all()

    assert ended == []
    assert stranger.poll() is None
    end(stranger.pid)
    stranger.wait()


def test_a_process_deaf_to_our_asking_is_ended_by_force() -> None:
    deaf = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" TERM; echo ready; while :; do sleep 1; done'],
        start_new_session=True,
        stdout=subprocess.PIPE,
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()
    started = time.monotonic()

    end(deaf.pid, patience=1)

    assert time.monotonic() - started < 5
    assert identity(deaf.pid) == ""
    deaf.stdout.close()
    deaf.wait()


def test_a_wrong_folder_of_programs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", "/nonexistent")

    with pytest.raises(CannotStart, match="PG_BINDIR has no PostgreSQL"):
        find_installation()


def test_the_demo_takes_the_next_port_when_one_is_taken() -> None:
    first, first_url = demo.listen()
    second, second_url = demo.listen()
    with first, second:
        assert first_url != second_url


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLINE_PORT", port)

    with pytest.raises(CannotStart, match=f"UPLINE_PORT={port} is not a port"):
        demo.listen()


def test_a_port_asked_for_and_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, url = demo.listen()
    monkeypatch.setenv("UPLINE_PORT", url.rpartition(":")[2])

    with taken, pytest.raises(CannotStart, match="is taken"):
        demo.listen()
