"""When a server collects garbage: little and often, and never the models that it keeps.

A collection holds everybody up for as long as it takes, and takes as long as it has objects to look
at. So only young objects are looked at as calls go on. A model that was just read or indexed is
put where no collection looks; what is forgotten is searched for there once it has become much.
"""

from __future__ import annotations

import gc

from ktx_daemon.models import KEPT, STORE

YOUNG = 4_000
"""So many new objects are a collection of a few milliseconds: freeing them is most of it."""
MIDDLE = 10
"""So many young collections before one of what they left."""
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
