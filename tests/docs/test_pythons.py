"""The pages name the Pythons of the one list. KTX_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
import re
import subprocess

from pages import ROOT, pages

RANGE = re.compile(r"\b3\.\d+ to 3\.\d+\b")


def test_each_range_is_the_list() -> None:
    """ "3.11 to 3.14", wherever it stands; no page knows an oldest one without a newest."""
    listed = subprocess.run(
        [ROOT / "cmake" / "pythons.sh"], check=True, capture_output=True, text=True
    ).stdout.split()
    expected = f"{listed[0]} to {listed[-1]}"
    found = 0
    for page in pages():
        text = page.read_text()
        if os.environ.get("KTX_UPDATE_GOLDEN"):
            text = RANGE.sub(expected, text)
            page.write_text(text)
        ranges = RANGE.findall(text)
        assert set(ranges) <= {expected}, page
        assert f"{listed[0]} or later" not in text, page
        found += len(ranges)
    assert found, "no page says which Pythons ktx runs with"
