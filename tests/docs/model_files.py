"""Puts the YAML of a page into a sandbox's project."""

from __future__ import annotations

from pathlib import Path

from pages import Block


def write_file(project: Path, block: Block) -> None:
    """Writes the block where its page says that it belongs; nothing when it says no place."""
    if name := block.value("file"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(block.text, encoding="utf-8")
    elif name := block.value("adds to"):
        path = project / name
        path.write_text(with_added(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")


def with_added(text: str, addition: str) -> str:
    """A source with the entries of `addition`: a list's behind the list's key, others at the end.

    It works on lines: what is written is what the page shows, and not another spelling of it.
    """
    lines = text.splitlines()
    for part in _top_level(addition.splitlines()):
        if part[0] in lines:
            lines[lines.index(part[0]) + 1 : lines.index(part[0]) + 1] = part[1:]
        else:
            key = part[0].partition(":")[0]
            lines = [line for line in lines if not line.startswith(f"{key}:")] + part
    return "\n".join(lines) + "\n"


def _top_level(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = []
    for line in lines:
        if line and line[0] not in " #-":
            parts.append([])
        if parts:
            parts[-1].append(line)
    return parts
