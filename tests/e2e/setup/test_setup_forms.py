"""The questions about each service: what is asked, what is written, and that no secret is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from golden import GOLDEN, expect_text
from harness import Ktx
from person import CTRL_C, ENTER, Person

SECRET = "s3cr3t-Of-The-Service"
CLEAR = "\x15"
MARK = "the secret"
"""Stands for a question that is first answered with the secret itself, then as suggested."""

FORMS: dict[str, tuple[int, list[tuple[str, str]]]] = {
    "snowflake": (
        5,
        [
            ("Account", "myorg-account1"),
            ("User", "reader"),
            ("Password", MARK),
            ("Warehouse", "small"),
            ("Database", "SHOP"),
            ("Schema", ""),
            ("Role", ""),
        ],
    ),
    "bigquery": (
        6,
        [
            ("Google Cloud project", "my-project"),
            ("Dataset", "marts"),
            ("File with the key", "key.json"),
        ],
    ),
    "clickhouse": (7, [("Address of the database", MARK)]),
    "sqlserver": (8, [("Address of the database", MARK)]),
    "databricks": (
        9,
        [
            ("Host of the workspace", "adb-1.azuredatabricks.net"),
            ("HTTP path", "/sql/1.0/warehouses/abc"),
            ("Access token", MARK),
            ("Catalog", "main"),
        ],
    ),
    "trino": (10, [("Address of the server", MARK)]),
    "spark": (11, [("Address of the Spark Connect server", MARK)]),
}
SCHEMES = {"clickhouse": "clickhouse", "sqlserver": "sqlserver", "trino": "trino", "spark": "sc"}


SUGGESTED = {
    "File with the key": "service-account.json",
    "Schema": "PUBLIC",
    "Password": "env:SNOWFLAKE_PASSWORD",
    "Access token": "env:DATABRICKS_TOKEN",
}


def suggestion(driver: str, title: str) -> str:
    """What Enter alone would answer."""
    return f"env:{driver.upper()}_URL" if title.startswith("Address") else SUGGESTED.get(title, "")


def refused(person: Person, driver: str) -> None:
    """Types the secret itself: it is refused with the way to write it, and taken off the screen."""
    scheme = SCHEMES.get(driver)
    typed = f"{scheme}://reader:{SECRET}@db.example.com/shop" if scheme else SECRET
    person.types(typed + ENTER)
    person.sees("No password here: keep the address" if scheme else "not the secret itself")
    person.sees_not(SECRET)


@pytest.mark.parametrize("driver", FORMS)
def test_a_service(ready: Ktx, tmp_path: Path, driver: str) -> None:
    """Asked and written is what was; without its driver it is not tried, which is said."""
    number, questions = FORMS[driver]
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "key.json").write_text("{}")
    asked = []
    with Person(
        ready,
        "setup",
        "--new",
        "--project-dir",
        str(folder),
        folder=folder,
        columns=110,
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", str(min(number, 9)) + "j" * (number - 9) + ENTER)
        for title, answer in questions:
            person.sees(f"? {title}")
            # What is suggested is drawn with it, and the last of it.
            screen = person.sees(f"\n> {suggestion(driver, title)}".rstrip())
            asked.append(screen[screen.index(f"? {title}") :])
            if answer == MARK:
                refused(person, driver)
            person.types(CLEAR + ("" if answer == MARK else answer) + ENTER)
        person.answers("Name of the connection")
        person.sees("[Y/n]")
        person.types("n\n")
        person.sees("The connection warehouse was not tried")
        person.answers("Search the sources by meaning", CTRL_C)
        assert person.ends() == 130
        shown = person.text()
    config = (folder / "ktx.yaml").read_text()
    assert SECRET not in config + shown
    expect_text(GOLDEN / "setup" / f"form_{driver}.txt", "".join(asked) + "\n" + config)


@pytest.mark.parametrize("typed", ["env:", "env:a b", "file:", "env:1X", "hunter2"])
def test_what_is_no_reference_is_refused(ready: Ktx, tmp_path: Path, typed: str) -> None:
    """Before anything is written."""
    folder = tmp_path / "p"
    with Person(ready, "setup", "--new", "--project-dir", str(folder), folder=tmp_path) as person:
        person.answers("Name of the project")
        person.answers("Which database?", "9" + ENTER)
        person.answers("Host of the workspace", "h" + ENTER)
        person.answers("HTTP path", "/p" + ENTER)
        person.answers("Access token", typed + ENTER)
        person.sees("Write env:NAME or file:/path")
        person.types(CTRL_C)
        assert person.ends() == 130
    assert "connections" not in (folder / "ktx.yaml").read_text()
