"""The load script: clients at once get right answers, and the server's memory stays as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.servers import TOKEN, ServerProcess, running_server

SCRIPT = Path(__file__).parents[3] / "tests" / "bench" / "load.py"


def load(server: ServerProcess, token_file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--url", f"http://127.0.0.1:{server.port}"]
    command += ["--token-file", str(token_file), "--seconds", "3", "--clients", "16", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_load(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN)
    with running_server(log_level="warning") as server:
        # Three seconds are for finding errors; what grows shows in a minute of the script's own.
        done = load(server, token_file, "--growth", "64")
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"^0 errors$", done.stdout, re.MULTILINE)
        # Memory cannot have shrunk by so much, so this shows that the bound is looked at.
        assert load(server, token_file, "--growth", "-1000").returncode == 1
