"""The executor seam: serial for a handful of files, processes above, a cluster where one is named."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from broadsheet.engine.process import Chunk, Facts, Work, process_to_shard
from broadsheet.findings import error

MakeExecutor = Callable[[], AbstractContextManager[Executor]]

FEW: Final = 40
"""Below this many files to read, starting processes costs more than it saves."""


def run(work: Work, chunks: Sequence[Chunk], *, jobs: int = 0, cluster: str | None = None) -> Iterator[Facts]:
    """Process chunks; results come as they are done, in any order.

    Args:
        work: What every worker must know.
        chunks: What to do.
        jobs: Number of processes; 0 to choose by the number of files and processors.
        cluster: Address of a Dask scheduler whose workers share the file system.

    Raises:
        BroadsheetError: `worker-died`, `write-failed`, or `argument-invalid` without Dask.
    """
    files = sum(len(chunk.pending) for chunk in chunks)
    if cluster is not None:
        yield from _pooled(_cluster(cluster), work, chunks)
    elif jobs == 1 or len(chunks) < 2 or (jobs == 0 and (files < FEW or _processors() == 1)):
        for chunk in chunks:
            yield process_to_shard(work, chunk)
    else:
        yield from _pooled(lambda: _processes(min(jobs or _processors(), len(chunks))), work, chunks)


def _pooled(
    make: Callable[[], AbstractContextManager[Executor]], work: Work, chunks: Sequence[Chunk]
) -> Iterator[Facts]:
    with make() as executor:
        # The largest first, so that no worker is left alone with a large one at the end.
        ordered = sorted(chunks, key=lambda chunk: (-len(chunk.pending), chunk.bucket))
        futures = [executor.submit(process_to_shard, work, chunk) for chunk in ordered]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as problem:
            message = "A worker process ended without a word: killed, out of memory, or crashed in a library."
            raise error("worker-died", message) from problem
        finally:
            for future in futures:
                future.cancel()


def _processes(count: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking a process whose libraries run threads can hang it.
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


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
