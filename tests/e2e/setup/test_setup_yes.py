"""`ktx setup --yes` where there is no runtime: what it installs."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Ktx
from person import Person
from small_shop import make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where a new user begins."""
    return make_shop(tmp_path / "shop")


def revenue(user: Ktx, shop: Path) -> list[list[object]]:
    """The answer to a first question, with the runtime that is there."""
    words = [
        "sl",
        "query",
        "--measure",
        "orders.total_amount",
        "--execute",
        "--format",
        "json",
    ]
    rows: list[list[object]] = user.json(*words, "--no-input", "--project-dir", str(shop))["rows"]
    return rows


def setup_words(shop: Path, *more: str) -> list[str]:
    """The command line of a script."""
    return ["setup", "--new", "--yes", "--project-dir", str(shop), *more]


def test_yes_installs_what_the_tables_need(user: Ktx, shop: Path) -> None:
    """Core alone; the project can be asked at once."""
    words = ["--database", "sqlite", "--database-url", str(shop / "shop.db")]
    user.ok(*setup_words(shop, *words, "--embedding-backend", "none"))
    assert user.json("runtime", "status", "--json")["manifest"]["features"] == ["core"]
    assert "embeddings:\n  backend: none\n" in (shop / "ktx.yaml").read_text()
    assert revenue(user, shop) == [[60]]


def test_no_input_installs_nothing(user: Ktx, shop: Path) -> None:
    """SQLite is tried all the same, without Python; the sources are left, which is said."""
    words = ["--database", "sqlite", "--database-url", str(shop / "shop.db")]
    result = user.run("setup", "--new", "--no-input", "--project-dir", str(shop), *words)
    assert result.returncode == 0, result.stderr
    assert "Connected to warehouse: SQLite" in result.stderr
    assert "No sources were made for warehouse" in result.stderr
    assert "ktx runtime install --yes" in result.stdout
    assert not user.runtime_root.exists()


def test_a_file_that_is_no_database(user: Ktx, shop: Path) -> None:
    """An error with exit code 1, before anything is installed."""
    (shop / "shop.db").write_text("This is a text, and a long one, and nothing else. " * 100)
    words = ["--database", "sqlite", "--database-url", str(shop / "shop.db")]
    assert "shop.db" in user.fails(*setup_words(shop, *words))
    assert not user.runtime_root.exists()


def test_yes_installs_the_embeddings_too(fresh: Ktx, shop: Path) -> None:
    """With Python at work for the tables in the same process; then sources are found by meaning."""
    words = ["--database", "sqlite", "--database-url", str(shop / "shop.db")]
    fresh.ok(*setup_words(shop, *words, "--embedding-backend", "onnx"))
    features = fresh.json("runtime", "status", "--json")["manifest"]["features"]
    assert features == ["core", "local-embeddings"]
    assert "embeddings:\n  backend: onnx\n" in (shop / "ktx.yaml").read_text()
    assert revenue(fresh, shop) == [[60]]


def test_who_says_no_is_asked_once(user: Ktx, shop: Path) -> None:
    """About the runtime, for the tables, and not once more in the end."""
    with Person(user, "setup", "--new", "--project-dir", str(shop), folder=shop) as person:
        person.answers("Name of the project")
        person.answers("Which database?")
        person.answers("Database file")
        person.answers("Name of the connection")
        person.sees("[Y/n]")
        person.types("n\n")
        person.sees("No sources were made for warehouse")
        person.answers("Search the sources by meaning")
        person.answers("Which agents")
        assert person.ends() == 0, person.text()
        assert person.text().count("[Y/n]") == 1
    assert not user.runtime_root.exists()
