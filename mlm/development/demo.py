"""The demo: everything a running installation has, on this machine, until Ctrl-C."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

from mlm.development.folders import CHECKOUT
from mlm.development.postgres import CannotStart
from mlm.development.services import Services, Taken, command_environment, demo_services
from mlm.development.supervisor import ChildDied, Supervisor, tail

FIRST_PORT = 8000
READY_SECONDS = 120
CELERY = ("-m", "celery", "-q", "-A", "mlm")
WORKER = (*CELERY, "worker", "-P", "prefork", "--without-gossip", "--without-mingle", "-l", "INFO")


def main(arguments: list[str]) -> int:
    """Start the demo and stay, or with --check try it and stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="./upline demo")
    parser.add_argument("--check", action="store_true", help="place an order, compare, stop")
    wants_check = parser.parse_args(arguments).check
    services = demo_services()
    try:
        services.take()
    except Taken as taken:
        return _already_running(services, taken, wants_check=wants_check)
    try:
        with services as variables:
            return Demo(services, variables).run(wants_check=wants_check)
    except ChildDied as death:
        say(str(death))
        return 1
    finally:
        say("stopped")


def say(message: str) -> None:
    """Tell the person at the terminal."""
    print(f"upline: {message}", flush=True)


class Demo:
    """One demo from the first migration to the last child's end."""

    def __init__(self, services: Services, variables: dict[str, str]) -> None:
        self.services = services
        self.socket, self.url = listen()
        host = os.environ.get("UPLINE_HOST", "127.0.0.1")
        self.variables = {
            **variables,
            "PUBLIC_URL": self.url,
            **({"ALLOWED_HOSTS": "*"} if host not in ("127.0.0.1", "localhost") else {}),
        }
        name = {"COMPANY_NAME": os.environ.get("COMPANY_NAME", "Corrie & Quay")}
        self.environment = command_environment(self.variables | name)
        self.supervisor = Supervisor(services.home, services.register, self.environment)

    def run(self, *, wants_check: bool) -> int:
        """Prepare, start, wait until ready, then check or stay; stop the children at the end."""
        try:
            self._prepare()
            self._start()
            self._wait_until_ready()
            self.services.leave_word(
                {"pid": os.getpid(), "variables": self.variables, "url": self.url}
            )
            if wants_check:
                return check(self.url, self.environment, self.supervisor)
            print(welcome(self.url, self._sign_ins()), flush=True)
            self.supervisor.watch()
        except KeyboardInterrupt:
            print(flush=True)
        finally:
            say("stopping")
            self.supervisor.stop()
            self.socket.close()
        return 0

    def _prepare(self) -> None:
        """Bring the database, the static files and the demo company to this code's state."""
        say("database and files")
        self._manage("migrate", "--no-input")
        self._manage("collectstatic", "--no-input")
        say("demo company (made at the first start)")
        self._manage("seed_demo")

    def _manage(self, *arguments: str) -> None:
        """Run manage.py; its output is shown only if it fails."""
        log = self.services.home / "logs" / f"{arguments[0]}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise CannotStart(f"manage.py {arguments[0]} failed:\n{tail(log)}")

    def _start(self) -> None:
        """Start web, the two workers and beat."""
        say("web, workers, beat")
        handle = self.socket.fileno()
        gunicorn = ("-m", "gunicorn", "mlm.wsgi", "--bind", f"fd://{handle}", "--workers", "2")
        limits = ("--threads", "4", "--graceful-timeout", "5", "--no-control-socket")
        schedule = str(self.services.home / "beat-schedule")
        start = self.supervisor.start
        start("web", [*gunicorn, *limits, "--worker-tmp-dir", str(self.services.home)], [handle])
        start("worker-live", [*WORKER, "-Q", "live", "-c", "1", "-n", "live@%h"])
        start("worker-default", [*WORKER, "-Q", "default,explain", "-c", "2", "-n", "default@%h"])
        start("beat", [*CELERY, "beat", "-l", "INFO", "--pidfile=", "-s", schedule])

    def _wait_until_ready(self) -> None:
        """Return when the web process says that everything it needs is there."""
        deadline = time.monotonic() + READY_SECONDS
        answer = "no answer"
        while time.monotonic() < deadline:
            self.supervisor.refuse_if_one_died()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310  (ours)
                    return
            except urllib.error.HTTPError as error:
                answer = error.read().decode(errors="replace")
            except OSError as error:
                answer = str(error)
            time.sleep(0.1)
        raise CannotStart(f"The demo was not ready after {READY_SECONDS} seconds: {answer}")

    def _sign_ins(self) -> list[dict[str, str]]:
        """Return role, email and password of the people of the demo."""
        done = subprocess.run(
            [sys.executable, "manage.py", "seed_demo", "--signins"],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def listen() -> tuple[socket.socket, str]:
    """Return a listening socket and its address: UPLINE_PORT, or the first free one from 8000.

    The socket is handed to the web server, so that nobody can take the port in between.
    """
    host = os.environ.get("UPLINE_HOST", "127.0.0.1")
    wanted = os.environ.get("UPLINE_PORT", "")
    if wanted and not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise CannotStart(f"UPLINE_PORT={wanted} is not a port")
    for port in [int(wanted)] if wanted else [*range(FIRST_PORT, FIRST_PORT + 100), 0]:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            server.bind((host, port))
            server.listen(128)
            shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  (compared, not bound)
            return server, f"http://{shown}:{server.getsockname()[1]}"
        server.close()
    raise CannotStart(f"Port {wanted} is taken. Set UPLINE_PORT to another, or leave it out.")


def welcome(url: str, sign_ins: list[dict[str, str]]) -> str:
    """Return what is shown when the demo is ready."""
    people = [f"  {who['role']:<12} {who['email']:<34} {who['password']}" for who in sign_ins]
    lines = ["", f"The demo is ready: {url}", "", *people, "", "Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def check(url: str, environment: dict[str, str], supervisor: Supervisor | None = None) -> int:
    """Run the demo's check against a running demo and return its exit code."""
    program = subprocess.Popen(
        [sys.executable, "manage.py", "check_demo", "--base-url", url],
        cwd=CHECKOUT,
        env=environment,
    )
    try:
        while program.poll() is None:
            if supervisor is not None:
                supervisor.refuse_if_one_died()
            time.sleep(0.1)
    finally:
        program.kill()
    return program.wait()


def stop_running() -> list[str]:
    """Stop a demo that runs in another terminal and wait for its end; return what was stopped."""
    services = demo_services()
    try:
        services.take()
    except Taken:
        pid = services.word().get("pid")
        if not isinstance(pid, int):
            raise
        os.kill(pid, signal.SIGTERM)
        for _ in range(600):
            with suppress(Taken):
                services.take()
                services.stop()
                return [f"demo (process {pid})"]
            time.sleep(0.1)
        raise
    services.stop()
    return [f"demo/{name}" for name in services.orphans]


def _already_running(services: Services, taken: Taken, *, wants_check: bool) -> int:
    """Say where the demo runs, or check that one."""
    word = services.word()
    url = word.get("url")
    if not url:
        say(f"{taken}, which is starting or running another command. Try again in a moment.")
        return 1
    say(f"the demo of this checkout already runs at {url} (process {word['pid']})")
    return check(url, command_environment(word["variables"])) if wants_check else 0
