"""`ktx sl search` on the built binary, by a user who has no runtime."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from golden import GOLDEN, expect_text
from harness import LIMIT_SECONDS, Ktx
from tracing import trace

DEMO = Path(__file__).parents[3] / "docs" / "demo"
ROOT_USER = 0
IN_MEMORY = "it is made in memory, for this search only\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the demo's project with its database."""
    project = tmp_path / "shop"
    project.mkdir()
    shutil.copy(DEMO / "ktx.yaml", project)
    shutil.copytree(DEMO / "semantic-layer", project / "semantic-layer")
    database = sqlite3.connect(project / "shop.db")
    database.executescript((DEMO / "shop.sql").read_text())
    database.close()
    return project


def search(user: Ktx, project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A search, which must succeed."""
    result = user.run("sl", "search", "--project-dir", project, *words)
    assert result.returncode == 0, result
    return result


def names(output: str) -> list[str]:
    """The sources of a plain list."""
    return [line.split("\t")[1] for line in output.splitlines()]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("paid_orders", ["paid", "orders"]),
        ("tents", ["how many tents came back"]),
        ("money", ["revenue and margin", "--limit", "2"]),
        ("everything", []),
    ],
)
@pytest.mark.parametrize("mode", ["plain", "pretty", "json"])
def test_output(fresh: Ktx, shop: Path, name: str, words: list[str], mode: str) -> None:
    """In each mode, the same the second time, and nothing on stderr."""
    for _ in range(2):
        result = search(fresh, shop, *words, "--output", mode)
        assert result.stderr == ""
        expect_text(GOLDEN / "search" / f"{name}.{mode}.txt", result.stdout)


def test_no_process_and_no_python(fresh: Ktx, shop: Path, tmp_path: Path) -> None:
    """A search without embeddings is native; --yes alone is no wish for them."""
    words = ["sl", "search", "--project-dir", str(shop), "tents", "--yes"]
    seen = trace(fresh, tmp_path / "trace", *words)
    assert names(seen.out)[0] == "categories"
    assert (seen.started, seen.processes) == ([], 0)
    assert not [path for path in seen.opened if "libpython" in path or "packages" in path]
    assert not fresh.runtime_root.exists()


def test_what_somebody_may_type(fresh: Ktx, shop: Path) -> None:
    """Any text is a question: operators, quotes, other scripts, and far too much of it."""
    for words in (
        '"unclosed',
        "orders AND (NOT tents",
        "name:tents*",
        "NEAR(orders tents, 3)",
        "'; DROP TABLE local_sl_sources; --",
        "订单 заказы 🚀 ordres",
        "%s %n \\",
        " ".join(f"word{i}" for i in range(10_000)),
    ):
        assert search(fresh, shop, "--", words).returncode == 0
    assert "categories" in names(search(fresh, shop, "--", "orders AND (NOT tents").stdout)
    assert "orders" in names(search(fresh, shop, "list", "orders").stdout)


def test_two_at_once(fresh: Ktx, shop: Path) -> None:
    """Both find the same, whoever makes the index."""
    words = ["sl", "search", "--project-dir", str(shop), "paid", "orders"]
    for _ in range(5):
        shutil.rmtree(shop / ".ktx", ignore_errors=True)
        running = [fresh.start(*words) for _ in range(2)]
        first, second = (process.communicate(timeout=LIMIT_SECONDS) for process in running)
        assert [process.returncode for process in running] == [0, 0]
        assert first == second
        assert first[1] == ""


def test_the_index_is_not_for_git(fresh: Ktx, shop: Path) -> None:
    """Nothing of it shows in a repository."""
    subprocess.run(["git", "init", "-q", str(shop)], check=True)
    search(fresh, shop, "orders")
    status = ["git", "-C", str(shop), "status", "--porcelain", "--ignored", "--untracked-files=all"]
    listed = subprocess.run(status, capture_output=True, text=True, check=True).stdout
    assert "!! .ktx/db.sqlite\n" in listed
    assert "?? .ktx/.gitignore\n" in listed


def in_namespace(user: Ktx, script: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Mounts something that only this search sees, and searches."""
    namespace = ["unshare", "--mount"]
    if os.geteuid() != ROOT_USER:
        namespace.append("--map-root-user")
    command = [*namespace, "sh", "-ec", script, "sh", str(project), str(user.binary)]
    return subprocess.run(
        [*command, "sl", "search", "--project-dir", str(project), "paid", "orders"],
        env=user.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; exec "$@"'
FULL = 'mount -t tmpfs -o size=16k tmpfs "$1/.ktx"; shift; exec "$@"'


def test_a_read_only_project(fresh: Ktx, shop: Path) -> None:
    """Is searched all the same; an index that is up to date serves as it is."""
    first = in_namespace(fresh, READ_ONLY, shop)
    assert first.returncode == 0
    assert first.stderr.endswith(IN_MEMORY)
    assert not (shop / ".ktx").exists()
    answer = search(fresh, shop, "paid", "orders").stdout
    second = in_namespace(fresh, READ_ONLY, shop)
    assert (second.stdout, second.stderr) == (answer, "")
    (shop / "semantic-layer" / "shop" / "visits.yaml").unlink()
    third = in_namespace(fresh, READ_ONLY, shop)
    assert third.returncode == 0
    assert "readonly database" in third.stderr
    assert third.stderr.endswith(IN_MEMORY)


def test_a_full_disk(fresh: Ktx, shop: Path) -> None:
    """Costs the index and not the answer."""
    answer = search(fresh, shop, "paid", "orders").stdout
    result = in_namespace(fresh, FULL, shop)
    assert (result.returncode, result.stdout) == (0, answer)
    assert "full" in result.stderr
    assert result.stderr.endswith(IN_MEMORY)


def test_a_damaged_index(fresh: Ktx, shop: Path) -> None:
    """Is made anew, which is said once, in one line."""
    answer = search(fresh, shop, "paid", "orders").stdout
    (shop / ".ktx" / "db.sqlite").write_bytes(b"\x5a" * 20_000)
    result = search(fresh, shop, "paid", "orders")
    assert result.stdout == answer
    assert result.stderr == (
        ".ktx/db.sqlite was damaged; it is now .ktx/db.sqlite.damaged, "
        "and the search index is made anew\n"
    )
    assert search(fresh, shop, "paid", "orders").stderr == ""


def test_embeddings_that_are_not_installed(fresh: Ktx, shop: Path) -> None:
    """A project may ask for them; without the user's consent they are done without."""
    with (shop / "ktx.yaml").open("a") as file:
        file.write("embeddings:\n  backend: onnx\n")
    result = search(fresh, shop, "tents", "--no-input", "--json")
    item = json.loads(result.stdout)["data"]["items"][0]
    lane = item["lanes"][0]
    assert (item["name"], lane["lane"], lane["status"]) == ("categories", "semantic", "skipped")
    assert lane["reason"].startswith("embedding_unhealthy:")
    assert not fresh.runtime_root.exists() or not list(fresh.runtime_root.glob("*/manifest.json"))


def test_a_broken_file(fresh: Ktx, shop: Path) -> None:
    """Is reported with its place; the others are searched."""
    (shop / "semantic-layer" / "shop" / "visits.yaml").write_text("name: [\n")
    result = fresh.run("sl", "search", "--project-dir", shop, "tents")
    assert result.returncode == 1
    assert names(result.stdout) == ["categories"]
    assert "semantic-layer/shop/visits.yaml:2:1: error: " in result.stderr


def test_nothing_found(fresh: Ktx, shop: Path) -> None:
    """Is an answer too, with a hint."""
    result = search(fresh, shop, "xyzzy")
    assert (result.stdout, result.stderr) == ("", "No source matches; ktx sl list shows all 9\n")


def test_a_slip(fresh: Ktx, shop: Path) -> None:
    """Is mended, which is said; --quiet hides that, and a script reads what was found."""
    result = search(fresh, shop, "custmers", "--json")
    assert json.loads(result.stdout)["data"]["items"][0]["name"] == "customers"
    assert result.stderr == 'Nothing has the word "custmers"; searched for "customers"\n'
    quiet = fresh.run("--quiet", "sl", "search", "--project-dir", shop, "custmers", "--json")
    assert (quiet.stdout, quiet.stderr) == (result.stdout, "")


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("orders", "orders"),
        ("products", "products"),
        ("customers", "customers"),
        ("returns", "returns"),
        ("order items", "order_items"),
    ],
)
def test_a_source_is_found_by_its_name_first(
    fresh: Ktx, shop: Path, word: str, source: str
) -> None:
    """However often others speak of it."""
    assert names(search(fresh, shop, word).stdout)[0] == source


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("refunds", ["refunds", "revenue"]),
        ("refund", ["refunds", "revenue"]),
        ("revenue", ["revenue"]),
        ("walk-ins", ["walk-ins"]),
        ("how are refunds dated", ["refunds", "revenue"]),
        ("margin", ["revenue"]),
    ],
)
def test_a_page_is_found_by_its_key_first(
    fresh: Ktx, shop: Path, words: str, keys: list[str]
) -> None:
    """The page "revenue" speaks of refunds more often than that of their own."""
    shutil.copytree(DEMO / "wiki", shop / "wiki")
    found = fresh.json("wiki", "search", "--project-dir", shop, words, "--json")
    ranked = [item["key"] for item in found["data"]["items"]]
    assert [key for key in ranked if key in keys] == keys
    assert ranked[0] == keys[0]
