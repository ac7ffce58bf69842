"""Where the model comes from, and what a file must be to be taken for it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ktx_daemon.embeddings import model_files, onnx_backend, prepare
from ktx_daemon.embeddings.graph import build_graph
from ktx_daemon.embeddings.model_files import ModelFiles, Stamps, find_model, installed_model
from ktx_daemon.embeddings.operations import SENTENCE, known_vector
from ktx_daemon.errors import OperationError

INSTALLED = installed_model(Stamps()).folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with empty caches and no settings."""
    for name in ("KTX_EMBEDDING_MODEL_DIR", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def copy_model(folder: Path) -> Path:
    """The two files that count, in a folder of one's own."""
    folder.mkdir(parents=True)
    for name in model_files.DIGESTS:
        shutil.copyfile(INSTALLED / name, folder / name)
    return folder


def hub_copy(hub: Path, revision: str = "abc") -> Path:
    """As a hub client lays it out: links into a folder of blobs."""
    model = hub / "models--sentence-transformers--all-MiniLM-L6-v2"
    blobs = copy_model(model / "blobs")
    snapshot = model / "snapshots" / revision
    snapshot.mkdir(parents=True)
    for name, digest in model_files.DIGESTS.items():
        (blobs / name).rename(blobs / digest)
        (snapshot / name).symlink_to(f"../../blobs/{digest}")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(revision)
    return snapshot


def flip(path: Path) -> None:
    """One bit in the middle, the size kept."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    """The first half."""
    os.truncate(path, path.stat().st_size // 2)


def error_of(action: Callable[[], object]) -> OperationError:
    """What the action raises."""
    with pytest.raises(OperationError) as caught:
        action()
    assert caught.value.fix
    return caught.value


def test_the_installed_package_is_found() -> None:
    assert find_model().folder == INSTALLED


def test_the_variable_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub_copy(home / "cache" / "huggingface" / "hub")
    monkeypatch.setenv("KTX_EMBEDDING_MODEL_DIR", str(copy_model(home / "mine")))
    assert find_model().folder == home / "mine"
    monkeypatch.setenv("KTX_EMBEDDING_MODEL_DIR", "")
    assert find_model().folder != home / "mine"


@pytest.mark.parametrize(
    ("damage", "words"),
    [(flip, "SHA-256"), (truncate, "bytes instead of"), (Path.unlink, "No such file")],
)
@pytest.mark.parametrize("name", list(model_files.DIGESTS))
def test_a_chosen_folder_must_hold_the_model(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: Callable[[Path], None],
    words: str,
) -> None:
    folder = copy_model(home / "mine")
    monkeypatch.setenv("KTX_EMBEDDING_MODEL_DIR", str(folder))
    find_model()  # leaves stamps, which must not hide what happens then
    damage(folder / name)
    error = error_of(find_model)
    assert error.kind == "unsupported"
    assert words in error.message
    assert str(folder / name) in error.message
    assert "KTX_EMBEDDING_MODEL_DIR" in error.message


def test_a_relative_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KTX_EMBEDDING_MODEL_DIR", "model")
    assert "is no absolute path: model" in error_of(find_model).message


@pytest.mark.parametrize(
    ("variable", "below"),
    [
        ("XDG_CACHE_HOME", "huggingface/hub"),
        ("HF_HOME", "hub"),
        ("HF_HUB_CACHE", ""),
        ("HUGGINGFACE_HUB_CACHE", ""),
    ],
)
def test_a_hub_cache_is_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, below: str
) -> None:
    snapshot = hub_copy(home / "place" / below)
    monkeypatch.setenv(variable, str(home / "place"))
    files = find_model()
    assert files.folder == snapshot
    # Its weights have another name: the graph is made for that.
    (vector,) = onnx_backend.load(files).embed([SENTENCE])
    assert max(abs(a - b) for a, b in zip(vector, known_vector(), strict=True)) < 1e-5


def test_a_hub_cache_that_is_damaged_is_not(home: Path) -> None:
    snapshot = hub_copy(home / "cache" / "huggingface" / "hub")
    assert find_model().folder == snapshot
    flip((snapshot / model_files.WEIGHTS).resolve())
    assert find_model().folder == INSTALLED
    shutil.rmtree(snapshot.parent)
    assert find_model().folder == INSTALLED


def test_a_file_is_hashed_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ModelFiles(copy_model(home / "mine"))
    kept = Stamps(home / "stamps" / "s.json", kept=True)
    assert files.fault(kept) is None
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert files.fault(Stamps(home / "stamps" / "s.json")) is None
    os.utime(files.weights, ns=(1, 1))
    with pytest.raises(TypeError):  # it would be hashed
        files.fault(Stamps(home / "stamps" / "s.json"))


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_stamps_that_cannot_be_read_are_none(home: Path, content: bytes) -> None:
    files = ModelFiles(copy_model(home / "mine"))
    path = home / "s.json"
    path.write_bytes(content)
    assert files.fault(Stamps(path)) is None
    assert path.read_bytes() == content
    assert files.fault(Stamps(path, kept=True)) is None
    assert path.read_bytes() != content


def test_stamps_that_cannot_be_written_are_no_fault(home: Path) -> None:
    (home / "file").write_text("")
    kept = Stamps(home / "file" / "s.json", kept=True)
    assert ModelFiles(copy_model(home / "mine")).fault(kept) is None


def test_an_install_makes_the_graph_and_the_stamps(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(home / "environment"))
    assert prepare.main() == 0
    made = home / "environment" / "share" / "ktx" / "embeddings"
    assert sorted(path.name for path in made.iterdir()) == ["model.onnx", "stamps.json"]
    assert (made / "model.onnx").read_bytes() == build_graph(INSTALLED / model_files.WEIGHTS)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert find_model().folder == INSTALLED
    (vector,) = onnx_backend.load(find_model()).embed([SENTENCE])
    assert max(abs(a - b) for a, b in zip(vector, known_vector(), strict=True)) < 1e-5


def test_an_install_stops_at_a_wrong_model(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "prefix", str(home / "environment"))
    monkeypatch.setitem(model_files.DIGESTS, model_files.WEIGHTS, "0" * 64)
    assert prepare.main() == 1
    assert "its SHA-256 is not that of all-MiniLM-L6-v2" in capsys.readouterr().err


def test_the_environment_s_own_stamps_stay_as_installed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(home / "environment"))
    prepare.main()
    path = home / "environment" / "share" / "ktx" / "embeddings" / "stamps.json"
    path.write_text("{}")
    assert find_model().folder == INSTALLED
    assert path.read_text() == "{}"
