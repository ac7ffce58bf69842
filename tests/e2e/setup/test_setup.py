"""`ktx setup` as a person at a terminal meets it."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import GOLDEN, expect_text
from harness import Ktx
from person import CTRL_C, CTRL_D, DOWN, ENTER, ESCAPE, UP, Person
from small_shop import files_of, make_shop, scripted

SCREENS = GOLDEN / "setup" / "first_run.txt"


# What a first run asks, in this order.
QUESTIONS = [
    "Folder of the project",
    "Name of the project",
    "Which database?",
    "Database file",
    "Name of the connection",
    "Tables of warehouse",
    "Search the sources by meaning",
    "Which agents",
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where a new user begins."""
    return make_shop(tmp_path / "shop")


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path has the same length everywhere."""
    with tempfile.TemporaryDirectory(prefix="ktx-", dir="/tmp") as folder:
        yield make_shop(Path(folder) / "shop")


def test_a_first_run_from_nothing_to_an_answer(ready: Ktx, short: Path) -> None:
    """Each screen of it is kept; what it made can be asked at once."""
    screens = []
    with Person(ready, "setup", folder=short) as person:
        screens.append(person.answers("Folder of the project"))
        screens.append(person.answers("Name of the project", "acme" + ENTER))
        screens.append(person.answers("Which database?", DOWN + UP + ENTER))
        screens.append(person.answers("Database file"))
        screens.append(person.answers("Name of the connection"))
        screens.append(person.answers("Tables of warehouse"))
        screens.append(person.answers("Search the sources by meaning"))
        person.sees("? Which agents")
        person.types(" jj ")
        screens.append(person.sees("[x] Cursor"))
        person.types(ENTER)
        assert person.ends() == 0, person.text()
        screens.append(person.text())
    expect_text(
        SCREENS,
        re.sub(
            r"SQLite [0-9.]+",
            "SQLite X.Y.Z",
            ("-" * 90 + "\n").join(screens).replace(short.parent.name, "ktx-xxxxxxxx"),
        ),
    )
    answer = ready.json(
        *[
            "sl",
            "query",
            "--measure",
            "orders.total_amount",
            "--dimension",
            "customers.name",
        ],
        *["--execute", "--format", "json", "--project-dir", str(short)],
    )
    assert sorted(answer["rows"]) == [["Ada", 50], ["Bob", 10]]
    assert ready.run("sl", "validate", "--project-dir", str(short)).returncode == 0
    assert (short / ".claude/skills/ktx/SKILL.md").exists()
    assert (short / ".cursor/rules/ktx.mdc").exists()
    log = subprocess.run(
        ["git", "log", "--format=%an <%ae> %s"],
        cwd=short,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert log[-1] == "ktx <ktx@example.com> Set up the ktx project acme"
    state = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=short,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert state == "?? shop.db\n"


def test_the_second_run_asks_nothing_and_changes_nothing(ready: Ktx, shop: Path) -> None:
    """When everything is done, it says so."""
    with Person(ready, "setup", folder=shop) as person:
        for question in QUESTIONS:
            person.answers(question)
        assert person.ends() == 0
    before = files_of(shop)
    with Person(ready, "setup", folder=shop) as person:
        assert person.ends() == 0
        assert "? " not in person.text()
        assert "Sources            2 sources" in person.text()
    assert files_of(shop) == before


@pytest.mark.parametrize("asked", range(len(QUESTIONS)))
def test_ctrl_c_at_any_question_keeps_what_is_done(ready: Ktx, shop: Path, asked: int) -> None:
    """130, the terminal as it was, a valid project; the next run goes on from there."""
    with Person(ready, "setup", folder=shop) as person:
        for question in QUESTIONS[:asked]:
            person.answers(question)
        person.answers(QUESTIONS[asked], CTRL_C)
        assert person.ends() == 130, person.text()
    if asked < 2:
        assert not (shop / "ktx.yaml").exists()
        return
    assert (
        ready.json("setup", "status", "--json", "--project-dir", str(shop))["project"]["name"]
        == "shop"
    )
    assert not list(shop.glob("ktx.yaml.*"))
    # The questions about a connection are one step, which begins anew.
    left = QUESTIONS[2:] if asked < 5 else QUESTIONS[asked:]
    with Person(ready, "setup", folder=shop) as person:
        for question in left:
            person.answers(question)
        assert person.ends() == 0, person.text()
    steps = ready.json("setup", "status", "--json", "--project-dir", str(shop))["steps"]
    assert {step["id"] for step in steps if not step["done"]} == {"llm"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_the_terminal_as_it_was(
    ready: Ktx, shop: Path, number: signal.Signals, code: int
) -> None:
    """As Ctrl-C does."""
    with Person(ready, "setup", "--new", "--project-dir", str(shop), folder=shop) as person:
        person.answers("Name of the project")
        person.sees("? Which database?")
        person.gets(number)
        assert person.ends() == code


def test_ctrl_d_cancels(ready: Ktx, shop: Path) -> None:
    """With the way to go on."""
    with Person(ready, "setup", "--new", "--project-dir", str(shop), folder=shop) as person:
        person.answers("Name of the project")
        person.answers("Which database?", CTRL_D)
        assert person.ends() == 130
        assert "Go on with: ktx setup" in " ".join(person.text().split())


def test_escape_goes_back(ready: Ktx, shop: Path) -> None:
    """To the question before, with the answer given there; not from the first."""
    with Person(ready, "setup", "--new", "--project-dir", str(shop), folder=shop) as person:
        person.answers("Name of the project")
        person.answers("Which database?", ESCAPE)
        person.answers("Which database?", "4" + ENTER)
        person.answers("Address of the database", ESCAPE)
        screen = person.answers("Which database?", UP)
        assert "> MySQL" in screen
        person.sees("> PostgreSQL")
        person.types("1" + ENTER)
        person.answers("Database file", "nothing.db" + ENTER)
        person.sees("There is no such file")
        person.types("\x15shop.db" + ENTER)
        person.answers("Name of the connection", "no spaces" + ENTER)
        person.sees("Use letters, digits, _ and -")
        person.types("\x15main" + ENTER)
        person.answers("Tables of main", ESCAPE)
        person.sees("Which database")
        person.types(CTRL_C)
        assert person.ends() == 130


def test_a_narrow_terminal(ready: Ktx, shop: Path) -> None:
    """40 columns: no line wraps, and each key draws in the same place."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, columns=40
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", DOWN * 27)
        screen = person.sees("> MySQL")
        assert screen.count("Which database?") == 1
        person.types(ENTER)
        person.answers("Address of the database", "mysql://db.example.com/" + "x" * 60)
        screen = person.sees("x" * 30)
        assert screen.count("Address of the database") == 1
        person.types(CTRL_C)
        assert person.ends() == 130


def test_a_low_terminal_shows_a_part_of_a_long_list(ready: Ktx, shop: Path) -> None:
    """Eight lines for eleven choices: the list moves under the pointer."""
    with Person(ready, "setup", "--new", "--project-dir", str(shop), folder=shop, rows=8) as person:
        person.answers("Name of the project")
        person.answers("Which database?", UP)
        screen = person.sees("> None for now")
        assert "more)" in screen
        person.types(CTRL_C)
        assert person.ends() == 130


def test_no_color(ready: Ktx, shop: Path) -> None:
    """Neither bold nor colour; the keys work the same."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, NO_COLOR="1"
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", CTRL_C)
        assert person.ends() == 130
        assert not re.search(rb"\x1b\[[0-9;]*m", person.raw)


def test_a_dumb_terminal_is_asked_line_by_line(ready: Ktx, shop: Path) -> None:
    """No sequence at all; numbers choose, and `<` goes back."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, TERM="dumb"
    ) as person:
        person.sees("Name of the project [shop]")
        person.types("\n")
        person.sees("Number, or < to go back [1]")
        person.types("13\n")
        person.sees("Type a number from 1 to 12")
        person.types("1\n")
        person.sees("Database file [shop.db]")
        person.types("\n")
        person.sees("Name of the connection [warehouse]")
        person.types("\n")
        person.sees("Numbers such as 1,3, none, or < to go back [1,2]")
        person.types("2\n")
        person.sees("Number, or < to go back [2]")
        person.types("\n")
        person.sees("Which agents")
        person.types("none\n")
        assert person.ends() == 0, person.text()
        assert b"\x1b" not in person.raw
    assert [path.name for path in (shop / "semantic-layer/warehouse").iterdir()] == ["orders.yaml"]


def test_bare_ktx_starts_setup_outside_a_project_only(ready: Ktx, shop: Path) -> None:
    """Inside one it prints help."""
    with Person(ready, folder=shop) as person:
        person.answers("Folder of the project", CTRL_C)
        assert person.ends() == 130
    scripted(ready, shop, "--new")
    with Person(ready, folder=shop, rows=60) as person:
        assert person.ends() == 0
        assert "Exit codes:" in person.text()


def test_two_setups_at_once(ready: Ktx, shop: Path) -> None:
    """The second says who is at work, and changes nothing."""
    with Person(ready, "setup", "--new", "--project-dir", str(shop), folder=shop) as person:
        person.answers("Name of the project")
        person.sees("? Which database?")
        before = files_of(shop)
        error = ready.fails(
            "setup",
            "--no-input",
            "--project-dir",
            str(shop),
            "--embedding-backend",
            "none",
        )
        assert f"Another ktx setup is at work in {shop} (process {person.process.pid})" in error
        assert files_of(shop) == before
        person.types(CTRL_C)
        assert person.ends() == 130
