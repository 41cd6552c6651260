"""Processes of their own at the price of a fork.

Their server has imported and read what they need, and nothing else: they are born without anything a test did, and
can be killed, limited, and given another environment and folder like any process. The server runs no thread, which
would not survive a fork, and sees to it.
"""

import atexit
import gc
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

# Two libraries start a thread when they are imported.
NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
MOST = 1 << 16
"""Bytes of an order."""
COMMANDS = (
    "duckdb",
    "pyarrow.compute",
    "pyarrow.parquet",
    "broadsheet.annotate.preload",
    "broadsheet.check",
    "broadsheet.cli",
    "broadsheet.engine",
    "broadsheet.inspect",
    "broadsheet.package",
)
"""What the commands of Broadsheet import."""


@dataclass(frozen=True)
class Running:
    """A process that was started; the next can only be started when it was waited for."""

    pid: int

    def ended(self) -> bool:
        """Whether it ended; `wait` says how."""
        return bool(select.select([_server()], [], [], 0)[0])

    def wait(self) -> int:
        """Its exit status; of one that was killed, the signal below zero."""
        return int(_server().recv(MOST))


def start(
    target: str,
    *words: str | Path,
    warm: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    file_size: int | None = None,
    streams: tuple[int, int] | None = None,
) -> Running:
    """Call a function in a process of its own.

    Args:
        target: `module:function`, without arguments.
        *words: What it finds in `sys.argv` from 1 on.
        warm: Modules its server imports first; they must start no thread.
        env: What differs in its environment.
        cwd: Where it works.
        file_size: No file may become longer.
        streams: What to write to for standard output and error; nowhere if None.
    """
    order = {
        "target": target,
        "argv": [target, *map(str, words)],
        "warm": warm,
        "env": {**os.environ, **(env or {})},
        "cwd": str(cwd or Path.cwd()),
        "path": sys.path,
        "file_size": file_size,
    }
    with Path(os.devnull).open("wb") as nowhere:
        socket.send_fds(_server(), [json.dumps(order).encode()], streams or (nowhere.fileno(), nowhere.fileno()))
    answer = _server().recv(MOST)
    assert answer, "the server of forked processes ended"
    return Running(int(answer))


def run(target: str, *words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Call a function in a process of its own, to its end; `options` as for `start`."""
    read, write = zip(os.pipe(), os.pipe(), strict=True)
    with ThreadPoolExecutor(2) as pool:
        texts = [pool.submit(_text, handle) for handle in read]
        try:
            running = start(target, *words, streams=write, **options)  # type: ignore[arg-type]
        finally:
            for handle in write:
                os.close(handle)
        status = running.wait()
        out, err = (text.result() for text in texts)
    return subprocess.CompletedProcess([target, *map(str, words)], status, out, err)


def broadsheet(*words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; `options` as for `start`."""
    return run("broadsheet.cli:main", *words, warm=COMMANDS, **options)


def _text(handle: int) -> str:
    with open(handle, encoding="utf-8") as stream:
        return stream.read()


@cache
def _server() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, __file__, str(theirs.fileno())]
    warmed = {**os.environ, **NO_THREADS}
    server = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=warmed)
    theirs.close()
    atexit.register(lambda: (ours.close(), server.wait()))
    return ours


def serve(orders: socket.socket) -> None:
    """Fork a process for each order; answer with its number, then with how it ended."""
    while True:
        message, handles, _, _ = socket.recv_fds(orders, MOST, 2)
        if not message:
            return
        order = json.loads(message)
        sys.path[:] = order["path"]
        for name in order["warm"]:
            import_module(name)
        threads = Path("/proc/self/task")
        assert not threads.is_dir() or len(list(threads.iterdir())) == 1, f"{order['warm']} started a thread"
        pid = os.fork()
        if pid == 0:
            orders.close()
            become(order, handles)
            return
        for handle in handles:
            os.close(handle)
        orders.send(str(pid).encode())
        orders.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def become(order: dict[str, object], handles: list[int]) -> None:
    """Be the process that was ordered."""
    gc.unfreeze()  # what was read before the fork is cleared away at the end as well
    for handle, stream in zip(handles, (1, 2), strict=True):
        os.dup2(handle, stream)
        os.close(handle)
    os.environ.clear()
    os.environ.update(order["env"])  # type: ignore[call-overload]
    os.chdir(str(order["cwd"]))
    sys.argv = list(order["argv"])  # type: ignore[call-overload]
    if order["file_size"] is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], resource.RLIM_INFINITY))  # type: ignore[arg-type]
    module, _, function = str(order["target"]).partition(":")
    getattr(import_module(module), function)()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
