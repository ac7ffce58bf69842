"""The same question gives the same bytes wherever and however it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Ktx, query

FAKES = ("json", "sqlglot", "semantic_layer", "ktx_daemon", "encodings", "site", "sitecustomize")


def plant_fakes(folder: Path) -> Path:
    """Modules that end the process if anybody imports them."""
    folder.mkdir()
    for name in FAKES:
        (folder / f"{name}.py").write_text(
            "import os\nos.write(2, b'FAKE IMPORTED\\n')\nos._exit(97)\n"
        )
    return folder


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHOME": "/nonexistent"},
        {"PYTHONPATH": "FAKES"},
        {"PYTHONSTARTUP": "FAKES/json.py"},
        {"PYTHONMALLOC": "debug", "PYTHONDEVMODE": "1"},
        {"PYTHON_GIL": "0", "PYTHON_JIT": "1", "PYTHONPROFILEIMPORTTIME": "1"},
        {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "LANG": "C"},
        {"LC_ALL": "xx_XX.no-such-locale"},
        {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONVERBOSE": "2", "PYTHONPLATLIBDIR": "lib99"},
        {"VIRTUAL_ENV": "FAKES", "CONDA_PREFIX": "FAKES", "PYTHONHASHSEED": "12345"},
    ],
    ids=lambda variables: ",".join(variables),
)
def test_variables_change_nothing(
    ready: Ktx, warehouse: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    """The interpreter is configured by ktx and by nothing else."""
    expected = ready.ok(*query(warehouse, "--dimension", "orders.status"))
    fakes = plant_fakes(tmp_path / "fakes")
    ready.extra |= {name: value.replace("FAKES", str(fakes)) for name, value in variables.items()}
    result = ready.run(*query(warehouse, "--dimension", "orders.status"))
    assert (result.returncode, result.stdout, result.stderr) == (0, expected, "")


def test_the_working_directory_is_not_searched(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """A folder that happens to hold a json.py is an ordinary folder."""
    expected = ready.ok(*query(warehouse))
    fakes = plant_fakes(tmp_path / "here")
    assert ready.ok(*query(warehouse), cwd=fakes) == expected
