"""The documentation site: `make docs` builds it into build/site, from the repository's root.

The pages are those of docs/ and the root's own, as they are read on GitHub too: links between
them stay relative. What a page says about how it is tested (HTML comments) is not shown. Nothing
is fetched from elsewhere when a page is read.
"""

from __future__ import annotations

import os
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from terminal_screens import with_screens

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/kaelio/ktx"

project = "ktx"
version = re.search(r"project\(ktx VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]  # type: ignore[index]
html_title = f"ktx {version}"
root_doc = "docs/index"
source_suffix = {".md": "markdown"}
include_patterns = [
    "docs/*.md",
    "docs/adr/*.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
]
exclude_patterns = ["build", "**/.*"]

extensions = ["myst_parser", "sphinx_copybutton"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nitpicky = True
show_warning_types = True
# A fence that leaves something out with … cannot always be coloured; that is no fault of the page.
suppress_warnings = ["misc.highlighting_failure"]
highlight_language = "none"
smartquotes_action = "qe"  # quotes and ellipses; the dashes of --version stay

html_theme = "furo"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_css_files = ["ktx.css"]
html_static_path = ["static"]
html_extra_path = ["root"]
pygments_style = "default"
pygments_dark_style = "native"
copybutton_prompt_text = "$ "
copybutton_copy_empty_lines = False
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "",
}

# The navigation. A page that stands nowhere in it fails the build; decisions list themselves.
NAVIGATION: dict[str, list[str]] = {
    "Start": ["installation", "first-ten-minutes", "migrating"],
    "Models and queries": ["model", "queries", "over-time", "calendars", "diagnostics", "tpch"],
    "Using ktx": [
        "cli",
        "setup",
        "agents",
        "mcp",
        "drivers",
        "errors",
        "troubleshooting",
        "schemas",
    ],
    "Runtime": ["runtime-layout", "daemon", "http", "boundary"],
    "How it is made": [
        "performance",
        "packaging",
        "/ARCHITECTURE",
        "/CONTRIBUTING",
        "/CHANGELOG",
        "adr/README",
    ],
}
FOLDER_LINK = re.compile(r"(?<!!)\]\((?!https?:|#|mailto:)([^)#\s]+)\)")


def toctree(caption: str, pages: list[str]) -> str:
    """A part of the navigation that shows nothing on the page itself."""
    title = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n{title}\n" + "\n".join(pages) + "\n```\n"


def navigation(page: str) -> str:
    """What a page adds to the navigation."""
    if page == root_doc:
        return "".join(toctree(caption, pages) for caption, pages in NAVIGATION.items())
    if page == "docs/adr/README":
        return toctree("", sorted(path.stem for path in (ROOT / "docs" / "adr").glob("0*.md")))
    return ""


def drawn_folder(app: Any) -> Path:
    """Where files are that the build draws for the site."""
    return Path(app.doctreedir) / "drawn"


def add_drawn_folder(app: Any, config: Any) -> None:
    """Makes it, and lets the site have what is in it."""
    drawn_folder(app).mkdir(parents=True, exist_ok=True)
    config.html_static_path.append(str(drawn_folder(app)))


def read_page(app: Any, page: str, source: list[str]) -> None:
    """Adds navigation and screens, and lets links to folders lead to a page, or elsewhere."""

    def link(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), match[1]))
        if path == "README.md":
            return f"]({posixpath.relpath('docs/index.md', posixpath.dirname(page) or '.')})"
        if not os.path.isdir(ROOT / path):
            return match[0]
        if (ROOT / path / "README.md").is_file():
            return f"]({match[1].rstrip('/')}/README.md)"
        return f"]({REPOSITORY}/tree/main/{path})"

    text = with_screens(page, source[0], drawn_folder(app))
    source[0] = FOLDER_LINK.sub(link, text) + navigation(page)


def setup(app: Any) -> None:
    """What Sphinx calls."""
    app.connect("config-inited", add_drawn_folder)
    app.connect("source-read", read_page)
