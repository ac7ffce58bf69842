"""Long answers in the real `less`, with a person at its keys."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from harness import LIMIT_SECONDS, Ktx, query
from person import CTRL_C, Person

ROWS, COLUMNS = 24, 80
ORDERS = 203


@pytest.fixture
def long(warehouse: Path) -> Path:
    """The smallest project, with more orders than a screen has lines."""
    with sqlite3.connect(warehouse / "warehouse.db") as database:
        database.executemany(
            "INSERT INTO orders (id, status, amount) VALUES (?, 'paid', 1)",
            [(number,) for number in range(4, ORDERS + 1)],
        )
    database.close()
    return warehouse


def reader(user: Ktx, project: Path, *more: str, **variables: str) -> Person:
    """Someone who asks for all orders, one a line."""
    words = query(project, "--dimension", "orders.id", "--execute", *more)
    return Person(user, *words, folder=project, rows=ROWS, columns=COLUMNS, **variables)


def waits_in_less(person: Person) -> None:
    """Until less has drawn a screen, asks for a key on the last line, and sleeps until one comes.

    It forgets a Ctrl-C that arrives after it wrote its prompt and before it reads.
    """
    person.sees("\n:\n")
    end = time.monotonic() + LIMIT_SECONDS
    while (states := children_states(person.process.pid)) != ["S"]:
        assert time.monotonic() < end, f"less does not wait for a key: {states}"
        assert person.process.poll() is None


def children_states(parent: int) -> list[str]:
    """The states of a process's children, as proc(5) has them: S sleeps, R runs."""
    states = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            state, its_parent = file.read_text().rpartition(")")[2].split()[:2]
            if int(its_parent) == parent:
                states.append(state)
    return states


def test_a_long_answer_opens_in_less(ready: Ktx, long: Path) -> None:
    """Its beginning first, the rest by Space; q ends it, and the count of rows stands below."""
    with reader(ready, long) as person:
        waits_in_less(person)
        screen = person.text()
        assert screen.startswith("orders.id  orders.order_count\n")
        assert "\x1b[1morders.id\x1b[0m" in person.raw.decode()
        assert str(ORDERS) not in screen
        person.types(" ")
        person.sees(f"\n{ROWS + 5:9}")
        person.types("q")
        assert person.ends() == 0
        assert f"{ORDERS} rows in" in person.text()
        # What was read stays on the screen, below what was there before.
        assert f"\n{ROWS + 5:9}" in person.text()


def test_less_searches_and_goes_to_the_end(ready: Ktx, long: Path) -> None:
    """It has the whole answer, and the keyboard."""
    with reader(ready, long) as person:
        waits_in_less(person)
        person.types("/157\r")
        person.sees(f"{157:9}")
        person.types("G")
        person.sees(f"{ORDERS:9}")
        person.sees("(END)")
        person.types("q")
        assert person.ends() == 0


def test_ctrl_c_in_less_loses_nothing(ready: Ktx, long: Path) -> None:
    """It is less that hears it, and goes on; the terminal is as it was when less ends."""
    with reader(ready, long) as person:
        waits_in_less(person)
        person.types(CTRL_C)
        person.hears_bell()
        person.types(" ")
        person.sees(f"\n{ROWS + 5:9}")
        person.types("q")
        assert person.ends() == 0
        assert f"{ORDERS} rows in" in person.text()


def test_a_less_that_ends_at_ctrl_c_is_no_error(ready: Ktx, long: Path) -> None:
    """Whose reader set it so (-K) has seen what they wanted."""
    with reader(ready, long, LESS="RXK") as person:
        waits_in_less(person)
        person.types(CTRL_C)
        assert person.ends() == 0
        assert f"{ORDERS} rows in" in person.text()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_less_too(ready: Ktx, long: Path, number: signal.Signals, code: int) -> None:
    """And nobody is left to read the terminal, whose modes are those from before."""
    with reader(ready, long) as person:
        waits_in_less(person)
        person.gets(number)
        assert person.ends() == code


def test_what_fits_the_screen_needs_no_pager(ready: Ktx, long: Path) -> None:
    """No key is asked for."""
    with reader(ready, long, "--limit", "5") as person:
        assert person.ends() == 0
        assert "5 rows" in person.text()


@pytest.mark.parametrize(
    ("more", "variables"),
    [
        (["--no-pager"], {}),
        ([], {"PAGER": "cat"}),
        ([], {"KTX_PAGER": "", "PAGER": "less"}),
        ([], {"TERM": "dumb"}),
    ],
    ids=["--no-pager", "PAGER=cat", "KTX_PAGER=", "TERM=dumb"],
)
def test_without_a_pager_all_of_it_goes_by(
    ready: Ktx, long: Path, more: list[str], variables: dict[str, str]
) -> None:
    """And the command ends by itself."""
    with reader(ready, long, *more, **variables) as person:
        assert person.ends() == 0
        shown = person.raw.decode()
        assert all(f"\n{number:9}" in shown for number in range(1, ORDERS + 1))
        assert f"{ORDERS} rows in" in person.text()


@pytest.mark.parametrize("pager", ["no-such-pager --fast", "/etc/passwd", "/nowhere/less"])
def test_a_pager_that_does_not_run_is_named_and_done_without(
    ready: Ktx, long: Path, pager: str
) -> None:
    """Not on the PATH, no program, not there: the answer is shown, and the setting to look at."""
    with reader(ready, long, PAGER=pager) as person:
        assert person.ends() == 0
        shown = person.raw.decode()
        assert f'The pager "{pager}" cannot be run (KTX_PAGER, PAGER)' in shown
        assert all(f"\n{number:9}" in shown for number in range(1, ORDERS + 1))
