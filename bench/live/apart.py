"""`./upline bench --apart`: every process in a network of its own, as on machines of their own.

Two web processes and two live workers reach PostgreSQL and Redis over the network only, and share
no loopback with them nor with each other. Orders come in through both, the worker that has the
arrays warm is killed halfway, and in the end all figures must be what a cold process finds. It
needs a Linux and the right to make network namespaces.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bench.databases import own_database
from bench.live.company import (
    WEB,
    WORKER,
    Place,
    Wanted,
    filled,
    is_open,
    start,
    surroundings,
    until,
)
from bench.live.figures import differences_when_cold, refusals
from bench.live.load import send
from bench.live.shopping import made_orders, market_of, one_by_one
from bench.live.watching import live_run
from bench.memory import KEPT

HOSTS: Final = ("web0", "web1", "live0", "live1")
PREFIX: Final = "upline-"
PORTS: Final = {"postgres": 25432, "redis": 26379, "web": 28000}
DELAY_SECONDS: Final = 0.0002
"""How long whatever goes to PostgreSQL or Redis is kept back, and each answer: as in one hall."""


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="./upline bench --apart", description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=200_000, help="that are there before")
    parser.add_argument("--sent", type=int, default=1_000, help="orders through each web process")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--apart", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Run it and say how it went; 1 if an order or a figure is wrong."""
    asked = arguments(given)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        hosts = [stack.enter_context(host(number)) for number in range(len(HOSTS))]
        wrong = run(asked, folder, hosts, stack)
    for what in wrong:
        print(f"bench: {what}", file=sys.stderr)
    return 1 if wrong else 0


@dataclass(frozen=True, slots=True)
class Host:
    """A network namespace, its own address, and that of the first one as seen from it."""

    name: str
    address: str
    gateway: str

    @property
    def within(self) -> tuple[str, ...]:
        """Return what runs a command there."""
        return ("ip", "netns", "exec", self.name)


@contextmanager
def host(number: int) -> Iterator[Host]:
    """Make a namespace that reaches the first one, and nothing else; take it away afterwards."""
    name, outer = f"{PREFIX}{HOSTS[number]}", f"up-{HOSTS[number]}"
    made = Host(name, f"10.123.{number}.2", f"10.123.{number}.1")
    for command in (
        f"ip netns add {name}",
        f"ip link add {outer} type veth peer name eth0 netns {name}",
        f"ip addr add {made.gateway}/30 dev {outer}",
        f"ip link set {outer} up",
        f"ip -n {name} addr add {made.address}/30 dev eth0",
        f"ip -n {name} link set eth0 up",
        f"ip -n {name} link set lo up",
    ):
        subprocess.run(command.split(), check=True)
    try:
        yield made
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def run(asked: argparse.Namespace, folder: Path, hosts: list[Host], stack: ExitStack) -> list[str]:
    """Start everything, send orders, kill a worker; return what was wrong."""
    wanted = Wanted("apart", asked.members, asked.orders, asked.seed)
    url = stack.enter_context(own_database(os.environ["DATABASE_URL"], wanted.name))
    environment = {**surroundings(url, folder), "ALLOWED_HOSTS": "localhost"}
    key = filled(environment, wanted)
    forward_all(environment, hosts)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    stack.callback(end_all, processes)
    for one in hosts:
        processes[one.name] = begin(one, environment, folder)
    webs = [one for one in hosts if "web" in one.name]
    places = [Place((one.address, PORTS["web"]), environment, key, {}) for one in webs]
    until(lambda: all(is_open(place.address) for place in places), "a web process does not answer")
    places[0].manage("shell", "-c", "from commissions.tasks import sweep; sweep.delay()")
    told(places[0].wait_for_figures(), "first figures, of a cold worker")
    wrong = sell(places, asked, "both workers up")
    warm = [one.name for one in hosts if "live" in one.name and has_refreshed(folder, one.name)]
    if len(warm) != 1:
        wrong.append(f"one worker should have refreshed, not {warm}")
    end(processes[warm[0]], signal.SIGKILL)
    wrong += sell(places, asked, f"{warm[0]} killed")
    return [*wrong, *differences_when_cold(places[0], live_run(places[0]))]


def begin(one: Host, environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a host's process, which sees the services at its gateway."""
    database = urlsplit(environment["DATABASE_URL"])
    redis = urlsplit(environment["REDIS_URL"])
    user = database.netloc.rpartition("@")[0]
    secret = redis.netloc.rpartition("@")[0]
    inside = {
        **environment,
        "DATABASE_URL": f"postgresql://{user}@{one.gateway}:{PORTS['postgres']}{database.path}",
        "REDIS_URL": f"redis://{secret}@{one.gateway}:{PORTS['redis']}{redis.path}",
    }
    command: tuple[str, ...] = (
        *WEB,
        "--no-control-socket",
        "--bind",
        f"{one.address}:{PORTS['web']}",
    )
    if "live" in one.name:
        inside |= {**KEPT, "CONN_MAX_AGE": "3600"}
        command = tuple(part for part in WORKER if part != "-q")
        command = (*command, "-n", f"{one.name}@%h", "-l", "INFO")
    return start(command, inside, folder / one.name, within=one.within)


def sell(places: list[Place], asked: argparse.Namespace, what: str) -> list[str]:
    """Send orders through all web processes at once; return what was not taken."""
    market = market_of(places[0], max(100, min(20_000, asked.members // 10)))
    wrong: list[str] = []

    def through(number: int) -> None:
        orders = made_orders(market, asked.sent, seed=asked.seed + number)
        answers = send(
            places[number].address, iter(one_by_one(places[number], orders)), connections=4
        )
        wrong.extend(refusals(answers, asked.sent))
        p50, p95 = (1000 * answers.percentile(part) for part in (50, 95))
        rate = asked.sent / answers.seconds
        print(f"{what}: {rate:.0f} orders a second, p50 {p50:.0f} ms, p95 {p95:.0f} ms")

    threads = [threading.Thread(target=through, args=[n]) for n in range(len(places))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told(places[0].wait_for_figures(), f"{what}: all figures there after the last answer")
    return wrong


def told(seconds: float, what: str) -> None:
    """Say how long something took."""
    print(f"{what}: {seconds:.1f} s", flush=True)


def has_refreshed(folder: Path, name: str) -> bool:
    """Tell from its log whether a worker has worked out figures."""
    return "period_refreshed" in (folder / name).read_text(encoding="utf-8")


def end(process: subprocess.Popen[bytes], by: int = signal.SIGTERM) -> None:
    """End a process, its children with it, and wait for it."""
    if process.poll() is None:
        subprocess.run(["pkill", f"-{int(by)}", "-P", str(process.pid)], check=False)
        process.send_signal(by)
    process.wait()


def end_all(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """End what still runs."""
    for process in processes.values():
        end(process)


def forward_all(environment: Mapping[str, str], hosts: list[Host]) -> None:
    """Let every host reach PostgreSQL and Redis at its gateway, wherever these listen."""
    database, redis = urlsplit(environment["DATABASE_URL"]), urlsplit(environment["REDIS_URL"])
    folder = parse_qs(database.query).get("host", [""])[0]
    postgres: object = (database.hostname or "127.0.0.1", database.port or 5432)
    if folder.startswith("/"):
        postgres = f"{folder}/.s.PGSQL.5432"
    for one in hosts:
        forward((one.gateway, PORTS["postgres"]), postgres)
        forward((one.gateway, PORTS["redis"]), (redis.hostname, redis.port or 6379))


def forward(listens: tuple[str, int], to: object) -> None:
    """Pass every connection to an address on to another, until this process ends."""
    listener = socket.create_server(listens)

    def accept() -> None:
        while True:
            inner, _ = listener.accept()
            outer = socket.socket(socket.AF_UNIX if isinstance(to, str) else socket.AF_INET)
            outer.connect(to)  # type: ignore[arg-type]  # an address of that family
            for one, other in ((inner, outer), (outer, inner)):
                threading.Thread(target=pump, args=[one, other], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Send on whatever comes, a little later, until one end closes."""
    with suppress(OSError):
        while part := source.recv(1 << 16):
            time.sleep(DELAY_SECONDS)
            target.sendall(part)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
