"""`ktx sl validate` on the built binary, planner and files together."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx

DEMO = Path(__file__).parents[3] / "docs" / "demo"
SHOP = Path("semantic-layer") / "shop"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the demo's project, to spoil."""
    return Path(shutil.copytree(DEMO, tmp_path / "shop"))


def replace(project: Path, source: str, old: str, new: str) -> None:
    """Spoils one place of a source."""
    path = project / SHOP / f"{source}.yaml"
    text = path.read_text()
    assert text.count(old) == 1, (source, old)
    path.write_text(text.replace(old, new))


def place(project: Path, source: str, text: str) -> str:
    """Where `text` stands first in a source, as findings say it."""
    for number, line in enumerate((project / SHOP / f"{source}.yaml").read_text().splitlines(), 1):
        if text in line:
            return f"{SHOP}/{source}.yaml:{number}:{line.index(text) + 1}"
    raise AssertionError(text)


def validate(user: Ktx, project: Path, *more: str) -> tuple[int, str]:
    """Exit code and stdout; stderr must be empty."""
    result = user.run("sl", "validate", *more, "--project-dir", project, "--no-input")
    assert result.stderr == ""
    return result.returncode, result.stdout


def findings(user: Ktx, project: Path, *more: str) -> list[dict[str, Any]]:
    """The findings of `--json`."""
    answer = json.loads(validate(user, project, "--json", *more)[1])
    listed: list[dict[str, Any]] = answer["findings"]
    return listed


def test_the_demo_is_valid(ready: Ktx, shop: Path) -> None:
    """As a whole, and in upstream's form for one source."""
    assert validate(ready, shop) == (0, "Valid: 9 sources of 1 connection\n")
    assert validate(ready, shop, "orders", "--connection-id", "shop") == (
        0,
        "Valid semantic-layer source: shop/orders\n",
    )
    assert validate(ready, shop, "--format", "github") == (0, "")


def test_findings_of_the_files_and_of_the_planner_are_one_list(ready: Ktx, shop: Path) -> None:
    """Sorted by place, whoever found them; the error in `returns` hides nothing in `visits`."""
    replace(shop, "returns", "measures:", "mesures:")
    replace(shop, "visits", "avg(pages)", "avg(page)")
    replace(shop, "categories", "[id]", "[idd]")
    code, text = validate(ready, shop)
    assert code == 1
    lines = text.splitlines()
    starts = [line for line in lines if not line.startswith("  ")]
    assert starts[0].startswith(f"{place(shop, 'categories', 'idd')}: error: ")
    assert starts[1].startswith(f"{place(shop, 'returns', 'mesures')}: error: unknown key")
    visits = place(shop, "visits", "avg(page)")
    assert starts[2].startswith(f"{visits}: error: ")
    assert starts[3] == "Invalid: 9 sources of 1 connection, 3 errors"
    assert '  did you mean "measures"?' in lines
    assert any(line.startswith("  did you mean") and '"pages"' in line for line in lines)


@pytest.mark.parametrize(
    ("source", "old", "new", "code", "where"),
    [
        (
            "visits",
            "channel_id = channels.id",
            "visits.chanel_id = channels.id",
            "join_column_missing",
            "visits.chanel_id",
        ),
        ("visits", "count(id)", "count(", "measure_invalid", "count("),
        ("visits", "count(id)", "visit_count + 1", "measure_invalid", "{ name: visit_count"),
    ],
)
def test_the_planners_findings_have_their_place(
    ready: Ktx, shop: Path, source: str, old: str, new: str, code: str, where: str
) -> None:
    """At line and column of the YAML, with a fix or a suggestion."""
    replace(shop, source, old, new)
    found = findings(ready, shop)
    finding = next(item for item in found if item["code"] == code)
    shown = "{file}:{line}:{column}".format(**finding)
    assert shown == place(shop, source, where)
    assert (finding["severity"], finding["connectionId"], finding["source"]) == (
        "error",
        "shop",
        source,
    )
    assert finding["fix"] or finding["suggestions"]


def test_a_wrong_relationship_is_a_warning(ready: Ktx, shop: Path) -> None:
    """Warnings leave the project valid; the fitting relationship is suggested."""
    path = shop / SHOP / "visits.yaml"
    text = path.read_text()
    path.write_text(text.replace("many_to_one", "one_to_many", 1))
    code, _ = validate(ready, shop)
    assert code == 0
    finding = next(item for item in findings(ready, shop) if item["code"] == "join_grain")
    assert finding["suggestions"] == ["many_to_one"]
    assert "{file}:{line}:{column}".format(**finding) == place(shop, "visits", "one_to_many")
    concerned = findings(ready, shop, "channels")
    assert [item["code"] for item in concerned if item["code"] == "join_grain"] == ["join_grain"]
    assert findings(ready, shop, "returns") == []


def test_an_annotation_is_a_workflow_command(ready: Ktx, shop: Path) -> None:
    """For GitHub, counted from the repository's root."""
    replace(shop, "returns", "measures:", "mesures:")
    ready.extra["GITHUB_WORKSPACE"] = str(shop.parent)
    code, text = validate(ready, shop, "--format", "github", "returns")
    assert code == 1
    line = next(line for line in text.splitlines() if "title=unknown-key" in line)
    assert line.startswith("::error file=shop/semantic-layer/shop/returns.yaml,line=")
    assert "%0A" in line


def test_an_unknown_source_is_one_error(ready: Ktx, shop: Path) -> None:
    """With what was probably meant."""
    error = ready.fails("sl", "validate", "ordres", "--project-dir", shop)
    assert error.startswith('There is no semantic-layer source "ordres"; did you mean "orders"?\n')


def test_files_that_are_all_wrong_need_no_python(fresh: Ktx, shop: Path) -> None:
    """A file that is no YAML is said without a runtime; a sound project asks for one."""
    (shop / SHOP / "more.yaml").write_text("name: [\n")
    code, text = validate(fresh, shop)
    assert code == 1
    assert "[yaml-syntax]" in text
    (shop / SHOP / "more.yaml").unlink()
    assert "ktx runtime install --yes" in fresh.fails(
        "sl", "validate", "--project-dir", shop, "--no-input"
    )


def write_warehouse(shop: Path, facts: int) -> None:
    """Facts that all reach regions by two ways, measures that repeat another, a source apart."""
    columns = ", ".join(f"{{ name: {name}, type: number }}" for name in ("id", "a_id", "b_id"))
    head = f"grain: [id]\ncolumns: [{columns}]\n"
    joins = "".join(
        f"  - {{ to: {way}, on: {way[0]}_id = {way}.id, relationship: many_to_one }}\n"
        for way in ("accounts", "branches")
    )
    measures = (
        "measures:\n  - { name: n, expr: count(*) }\n  - { name: again, expr: count(*) }\n"
        "  - { name: some, expr: count(*), filter: a_id > 1 }\n"
    )
    for way in ("accounts", "branches"):
        to_regions = "{ to: regions, on: a_id = regions.id, relationship: many_to_one }"
        text = f"name: {way}\ntable: {way}\n{head}joins:\n  - {to_regions}\n"
        (shop / SHOP / f"{way}.yaml").write_text(text)
    for number in range(facts):
        text = f"name: fact_{number:02}\ntable: t\n{head}joins:\n{joins}{measures}"
        (shop / SHOP / f"fact_{number:02}.yaml").write_text(text)
    (shop / SHOP / "notes.yaml").write_text(f"name: notes\ntable: notes\n{head}{measures}")


def test_a_large_warehouse_is_told_in_a_handful_of_lines(ready: Ktx, shop: Path) -> None:
    """One finding of a kind and the number of the others; each of them only on request."""
    write_warehouse(shop, facts=78)
    code, text = validate(ready, shop)
    assert code == 0
    lines = text.splitlines()
    assert len(lines) == 6, text
    assert lines[0].startswith(f"{SHOP}/fact_00.yaml:")
    assert lines[0].endswith("[route_ambiguous]")
    assert lines[2] == "  and 77 more warnings of this kind; --verbose lists them"
    assert lines[3].endswith("[model_disconnected]")
    assert lines[5] == (
        "Valid: 90 sources of 1 connection, 79 warnings, 79 hints (--verbose lists them)"
    )
    code, text = validate(ready, shop, "--verbose")
    assert code == 0
    assert len(text.splitlines()) == 2 * (79 + 79) + 1
    assert len(findings(ready, shop)) == 79 + 79
    github = validate(ready, shop, "--format", "github")[1].splitlines()
    assert sum(line.startswith("::notice ") for line in github) == 79
