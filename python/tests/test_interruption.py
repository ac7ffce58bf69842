"""What a caller on another thread may end, by the number of its call."""

from __future__ import annotations

import threading

import pytest

from ktx_daemon import interruption
from ktx_daemon.dispatch import dispatch_call


def test_a_call_is_interrupted_by_its_number() -> None:
    told = threading.Event()
    other = threading.Event()
    interruption.begin(1)
    interruption.begin(2)
    with interruption.of_call(1), interruption.current().tells(told.set):
        interruption.interrupt(2)
        assert not told.is_set()
        interruption.interrupt(1)
        assert told.is_set()
    with interruption.of_call(2), interruption.current().tells(other.set):
        assert other.is_set()  # It was interrupted before it began to work.


def test_a_call_that_ended_is_not_reached() -> None:
    interruption.begin(3)
    dispatch_call(3, "semantic-query", b"{}")
    interruption.interrupt(3)
    with pytest.raises(KeyError), interruption.of_call(3):
        pass


def test_a_call_replies_as_every_other() -> None:
    interruption.begin(4)
    assert b"unknown_operation" in dispatch_call(4, "no-such-operation", b"{}")
