"""Scores on a Dask cluster: batches go out, scores come back, and only the driver writes.

Workers may be lost and others may join: a batch whose worker is gone is scored by another one. Every
worker needs this package and, where there are functions to try, bubblewrap.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from proverka.classroom.grade import Scorer, needs_sandbox
from proverka.classroom.gradebook.rows import ToScore
from proverka.classroom.model import Scored
from proverka.classroom.sandbox import Limits, Sandbox
from proverka.classroom.score import Keys, score_batch

#: Batches under way per thread of the cluster: one at work, and one that waits beside it.
_AHEAD = 2
#: How many workers may die over a batch until it is given up.
_DEATHS = 5
_PART = 250

#: A sandbox serves one thread, and a worker may have several.
_here = threading.local()


class ClusterError(Exception):
    """The cluster cannot be used; the text says why."""


@contextmanager
def cluster_scorer(address: str, keys: Keys, *, limits: Limits, kind: str) -> Iterator[Scorer]:
    """Scores on the cluster whose scheduler is at ``tcp://…``.

    :raises ClusterError: nobody answers there, or a batch ended too many workers.
    """
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from error
    with client, client.as_current():
        sent = client.scatter(keys, broadcast=True)

        def score(part: list[ToScore]) -> Future:
            return client.submit(_score_there, part, sent, limits, kind, pure=False)

        def scored(batches: Iterator[list[ToScore]]) -> Iterator[list[Scored]]:
            parts = (batch[each : each + _PART] for batch in batches for each in range(0, len(batch), _PART))
            ahead = _AHEAD * max(1, sum(client.nthreads().values()))
            under_way = as_completed([score(each) for each in islice(parts, ahead)])
            for future in under_way:
                try:
                    yield future.result()
                except KilledWorker as error:
                    raise ClusterError(f"a batch ended {_DEATHS} workers one after another: {error}") from error
                for part in islice(parts, 1):
                    under_way.add(score(part))

        yield scored


def _score_there(part: list[ToScore], keys: Keys, limits: Limits, kind: str) -> list[Scored]:
    """On a worker: score, with a sandbox that stays from one batch to the next."""
    if not needs_sandbox(keys.by_fingerprint):
        return score_batch(part, keys, None)
    if getattr(_here, "sandbox", None) is None:
        _here.sandbox = Sandbox(limits, kind=kind).__enter__()
    return score_batch(part, keys, _here.sandbox.run)
