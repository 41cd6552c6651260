"""The executor seam: serial for a handful of files, processes above, a cluster where one is named."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from multiprocessing.context import BaseContext
from typing import Final

from broadsheet.engine.process import Chunk, Facts, Work, process_to_shard
from broadsheet.findings import error

MakeExecutor = Callable[[], AbstractContextManager[Executor]]

FEW: Final = 40
"""Below this many files to read, starting processes costs more than it saves."""


AHEAD: Final = 2
"""Chunks that hold the bytes of their files, for each process, that wait or are worked on: a bound on memory."""
CLUSTER: Final = 16
"""Processes a cluster is taken to have, for that bound."""


def run(
    work: Work,
    chunks: Sequence[Chunk],
    loaded: Iterable[Chunk] = (),
    *,
    expected: int = 0,
    jobs: int = 0,
    cluster: str | None = None,
) -> Iterator[Facts]:
    """Process chunks; results come as they are done, in any order.

    Args:
        work: What every worker must know.
        chunks: What to do.
        loaded: More of it, made while the first is worked on; these hold the bytes of their files.
        expected: How many files those are, roughly.
        jobs: Number of processes; 0 to choose by the number of files and processors.
        cluster: Address of a Dask scheduler whose workers share the file system.

    Raises:
        BroadsheetError: `worker-died`, `write-failed`, or `argument-invalid` without Dask.
    """
    files = sum(len(chunk.pending) for chunk in chunks) + expected
    if cluster is not None:
        yield from _pooled(_cluster(cluster), work, chunks, loaded, CLUSTER)
    elif jobs == 1 or (len(chunks) < 2 and not expected) or (jobs == 0 and (files < FEW or _processors() == 1)):
        for chunk in chain(chunks, loaded):
            yield process_to_shard(work, chunk)
    else:
        count = jobs or _processors()
        count = count if expected else min(count, len(chunks))
        yield from _pooled(lambda: _processes(count), work, chunks, loaded, count)


def _pooled(
    make: MakeExecutor, work: Work, chunks: Sequence[Chunk], loaded: Iterable[Chunk], count: int
) -> Iterator[Facts]:
    with make() as executor:
        # The largest first, so that no worker is left alone with a large one at the end.
        ordered = sorted(chunks, key=lambda chunk: (-len(chunk.pending), chunk.bucket))
        futures = {executor.submit(process_to_shard, work, chunk) for chunk in ordered}
        heavy: set[Future[Facts]] = set()
        try:
            for chunk in loaded:
                while len(heavy) >= AHEAD * count:
                    done, futures = wait(futures, return_when=FIRST_COMPLETED)
                    heavy -= done
                    yield from (future.result() for future in done)
                future = executor.submit(process_to_shard, work, chunk)
                futures.add(future)
                heavy.add(future)
            while futures:
                done, futures = wait(futures, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        except BrokenProcessPool as problem:
            message = "A worker process ended without a word: killed, out of memory, or crashed in a library."
            raise error("worker-died", message) from problem
        finally:
            for future in futures:
                future.cancel()


def _processes(count: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking this process, whose libraries run threads, can hang. A server without any reads the packs and is forked.
    if sys.platform == "linux":
        context: BaseContext = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["broadsheet.annotate.preload"])
    else:
        context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context)


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cluster(address: str) -> MakeExecutor:
    try:
        from distributed import Client  # type: ignore[import-not-found]
    except ImportError:
        message = "--cluster needs Dask, which is not installed: pip install distributed."
        raise error("argument-invalid", message) from None

    @contextmanager
    def make() -> Iterator[Executor]:
        with Client(address) as client:
            yield client.get_executor()

    return make
