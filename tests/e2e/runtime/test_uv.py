"""The uv that installs: fetched when there is none, and steered by nobody but ktx."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from fake_python import script
from golden import expect_message
from harness import Ktx, copy_package, query

SENTENCE = (
    "uv is required to install the KTX Python runtime. "
    "Install uv and retry: ktx runtime install --yes"
)
CLOSED_PORT = "http://127.0.0.1:9"


def without_uv(user: Ktx, folder: Path) -> Ktx:
    """Takes the user's uv away, with everything else that is on PATH."""
    empty = folder / "empty"
    empty.mkdir()
    user.extra |= {"KTX_UV": "", "PATH": str(empty)}
    return user


def plant_hostile_settings(home: Path, here: Path) -> None:
    """Files that uv and pip would read, each with what makes them fail or go astray."""
    uv = '[pip]\ntarget = "/nonexistent"\n'
    refusal = 'required-version = "==0.0.1"\n'
    for folder in (home / ".config" / "uv", here):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uv.toml").write_text(refusal + uv)
    (here / "pyproject.toml").write_text(f"[tool.uv]\n{refusal}")
    (here / ".python-version").write_text("3.6\n")
    pip = home / ".config" / "pip"
    pip.mkdir(parents=True)
    (pip / "pip.conf").write_text(
        "[global]\nrequire-virtualenv = true\n"
        "[install]\ntarget = /nonexistent\nuser = true\nprefix = /nonexistent\n"
    )


def test_uv_is_fetched_and_hostile_settings_change_nothing(
    user: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """The real index, once, under settings that would send uv and pip elsewhere."""
    without_uv(user, tmp_path)
    here = tmp_path / "here"
    plant_hostile_settings(user.home, here)
    hostile = ("CONSTRAINT", "NO_BINARY", "PREFIX", "TARGET")
    user.extra |= {f"{tool}_{name}": "/nonexistent" for tool in ("UV", "PIP") for name in hostile}
    user.extra |= {"PIP_REQUIREMENT": "/nonexistent", "PIP_USER": "1", "PIP_NO_DEPS": "x"}
    user.extra |= {"UV_PYTHON": "3.6", "UV_PYTHON_PREFERENCE": "only-managed", "UV_PROJECT": "/x"}
    user.extra |= {"UV_SYSTEM_PYTHON": "1", "UV_CONFIG_FILE": str(here / "uv.toml")}
    user.ok("runtime", "install", "--yes", cwd=here)
    uv = user.runtime_root / ".ktx" / "tools" / "bin" / "uv"
    assert stat.S_IMODE(uv.stat().st_mode) == 0o755
    assert sorted(entry.name for entry in uv.parent.iterdir()) == ["uv"]
    assert "PASS uv: uv " in user.ok("runtime", "doctor")
    assert user.json(*query(warehouse, "--execute"))["rows"] == [[3]]
    assert [entry.name for entry in (user.runtime_root / ".ktx").glob("staging-*")] == []


def test_a_runtime_that_works_is_sound_without_uv(restored: Ktx, tmp_path: Path) -> None:
    """As in an image with a runtime baked in: an install would fetch uv, and none is needed."""
    without_uv(restored, tmp_path)
    shown = restored.ok("runtime", "doctor")
    assert "PASS uv: none on this machine; an install fetches it with pip\n" in shown


def test_without_uv_and_without_an_index_says_both(fresh: Ktx, tmp_path: Path) -> None:
    """The contract's sentence first, then why ktx could not help itself, then what to do."""
    without_uv(fresh, tmp_path)
    fresh.extra |= {"PIP_INDEX_URL": "", "UV_DEFAULT_INDEX": CLOSED_PORT, "PIP_RETRIES": "1"}
    first, second, fix = fresh.fails("runtime", "install").splitlines()
    assert first == SENTENCE
    assert second.startswith(
        "  ktx could not fetch uv by itself: The package index could not be reached; pip: "
    )
    assert fix.startswith("Fix: Install uv ")
    assert not (fresh.runtime_root / ".ktx" / "tools").exists()


def test_a_uv_with_another_digest_is_refused(fresh: Ktx, tmp_path: Path) -> None:
    """The index answers, with bytes that are not those that were pinned."""
    without_uv(fresh, tmp_path)
    fresh.binary = copy_package(tmp_path / "package")
    assets = tmp_path / "package" / "assets" / "python"
    pinned = assets / "requirements-uv.txt"
    lines = pinned.read_text().splitlines()
    text = "\n".join([lines[0], "    --hash=sha256:" + "0" * 64]) + "\n"
    pinned.write_text(text)
    manifest = json.loads((assets / "manifest.json").read_text())
    digest = hashlib.sha256(text.encode()).hexdigest()
    manifest["tools"]["uv"] |= {"sha256": digest, "bytes": len(text)}
    (assets / "manifest.json").write_text(json.dumps(manifest))
    error = fresh.fails("runtime", "install")
    expect_message(fresh, "uv-another-digest", tmp_path, error)
    first, second, _ = error.splitlines()
    assert first == SENTENCE
    assert "SHA-256 is not one of those that ktx pins" in second
    assert not (fresh.runtime_root / ".ktx" / "tools").exists()


UNFIT = {
    "too-old": "echo uv 0.4.30",
    "exits-2": "echo oh dear >&2; exit 2",
    "crashes": "kill -SEGV $$",
    "prints-rubbish": "echo welcome",
    "prints-nothing": ":",
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_uv_that_is_of_no_use_is_refused(fresh: Ktx, tmp_path: Path, name: str) -> None:
    """The user's own is never replaced; nothing is made."""
    fresh.extra["KTX_UV"] = str(script(tmp_path / "uv", UNFIT[name]))
    expect_message(fresh, f"uv-{name}", tmp_path, fresh.fails("runtime", "install"))
    assert not fresh.runtime_root.exists()


def test_a_ktx_uv_that_is_nothing_is_refused(fresh: Ktx, tmp_path: Path) -> None:
    """A typo in the variable is not passed over."""
    fresh.extra["KTX_UV"] = str(tmp_path / "uw")
    expect_message(fresh, "uv-missing", tmp_path, fresh.fails("runtime", "install"))


def test_a_network_that_does_not_work_is_named(fresh: Ktx, tmp_path: Path) -> None:
    """A dead proxy and a dead index, with nothing in the cache; and no network at all."""
    fresh.extra |= {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_HTTP_RETRIES": "0"}
    index = {"UV_DEFAULT_INDEX": CLOSED_PORT, "UV_INDEX_URL": ""}
    proxy = {"ALL_PROXY": CLOSED_PORT, "HTTPS_PROXY": CLOSED_PORT, "HTTP_PROXY": CLOSED_PORT}
    original = dict(fresh.extra)
    for variables in (index, proxy):
        fresh.extra = original | variables
        first, second, *_, fix = fresh.fails("runtime", "install").splitlines()
        assert first.startswith("Python runtime install failed. Install log: ")
        assert second == "  The package index could not be reached"
        assert "HTTPS_PROXY" in fix
    fresh.extra = original
    _, second, *_, fix = fresh.fails("runtime", "install", "--offline").splitlines()
    assert second == "  Without a network not every package is at hand"
    assert "--from-bundle" in fix


def test_a_python_that_nobody_has_is_answered_with_what_was_found(fresh: Ktx) -> None:
    """Each interpreter with its reason, and at last what uv said of fetching that version."""
    fresh.extra |= {"UV_HTTP_RETRIES": "0"}
    lines = fresh.fails("runtime", "install", "--python", "3.12.99").splitlines()
    assert lines[0] == 'No Python that ktx can run was found for "3.12.99"'
    assert any("another version is asked for" in line for line in lines[1:-2])
    assert lines[-2].startswith("  uv python install 3.12.99: error: ")
    assert lines[-1].startswith("Fix: Name another one with --python")
