"""What a server has loaded before it says that it is ready, and when it collects garbage.

A collection holds everybody up for as long as it takes, and takes as long as it has objects to look
at. So only young objects are looked at as calls go on. A model that was just read or indexed is
put where no collection looks; what is forgotten is searched for there once it has become much.
"""

from __future__ import annotations

import gc
import json

from ktx_daemon.dispatch import run
from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.models import KEPT, STORE

_EMBEDDINGS = "embeddings"
_SAMPLES = {_EMBEDDINGS: ("embedding-compute", {"text": "ready"})}

_SOURCE = {
    "name": "warm",
    "table": "warm",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}],
    "measures": [{"name": "n", "expr": "count(id)"}],
}
_QUERY = {"sources": [_SOURCE], "query": {"measures": ["warm.n"], "dimensions": ["warm.id"]}}


def warm_up(names: list[str]) -> None:
    """Import the planner by asking it something, and load what `names` lists by using it."""
    samples: list[tuple[str, object]] = [("semantic-query", _QUERY)]
    for name in names:
        if name not in _SAMPLES:
            raise OperationError(
                INVALID_REQUEST,
                f"There is nothing called '{name}' to keep warm.",
                fix=f"Use one of: {', '.join(_SAMPLES)}.",
            )
        samples.append(_SAMPLES[name])
    for operation, request in samples:
        run(operation, json.dumps(request).encode())


YOUNG = 4_000
"""How many new objects make a collection of a few milliseconds, most of which frees them."""
MIDDLE = 10
"""How many young collections come before one of what they left."""
SELDOM = 100
FORGOTTEN = KEPT


class Collector:
    """The collector of a process that serves; `after_call` is for the thread that plans."""

    def __init__(self) -> None:
        self._made = 0
        self._forgotten = 0

    def start(self) -> None:
        """Set what is collected automatically, and leave out what is imported."""
        gc.set_threshold(YOUNG, MIDDLE, SELDOM)
        gc.freeze()

    def after_call(self) -> None:
        """Put new models aside, and free what those were that are kept no more."""
        if STORE.forgotten - self._forgotten >= FORGOTTEN:
            self._forgotten = STORE.forgotten
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif STORE.made != self._made:
            gc.freeze()
        self._made = STORE.made
