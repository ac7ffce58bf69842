"""The site builds without a warning, and none of its pages asks another host for anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

# What a browser fetches by itself, by element; a link that a reader follows is none of it.
FETCHED = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
ELSEWHERE = re.compile(r"(?:https?:|wss?:)?//[\w.-]+")
OF_STYLES = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)")
# A script asks for something else only by one of these.
OF_SCRIPTS = re.compile(
    r"(?:fetch|import|open|sendBeacon|Worker|EventSource|WebSocket)\(\s*[^)]*?(https?://[^'\"`)\s]+)"
)


class Fetches(HTMLParser):
    """The addresses that a page makes a browser ask."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes an element's attributes."""
        values = {name: value or "" for name, value in attrs}
        self.addresses += [values[name] for name in FETCHED.get(tag, ()) if name in values]
        self.addresses += OF_STYLES.findall(values.get("style", ""))
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])


def read(page: Path) -> Fetches:
    """What a page holds."""
    parser = Fetches()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def test_no_page_asks_another_host(site: Path) -> None:
    """No font, script, style or image comes from elsewhere."""
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        outside = [address for address in read(page).addresses if ELSEWHERE.match(address)]
        assert not outside, f"{page}: {outside}"
    for style in site.rglob("*.css"):
        assert not OF_STYLES.findall(style.read_text(encoding="utf-8")), style
    for script in site.rglob("*.js"):
        assert not OF_SCRIPTS.findall(script.read_text(encoding="utf-8")), script


def test_links_inside_lead_somewhere(site: Path) -> None:
    """Every link to a page, a file or a heading of the site, those of the theme too."""
    pages = {page: read(page) for page in site.rglob("*.html")}
    for page, holds in pages.items():
        for link in holds.links:
            if re.match(r"[a-z]+:|//", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path.partition("?")[0]).resolve() if path else page
            assert target.exists(), f"{page}: {link}"
            if anchor and target in pages:
                assert anchor in pages[target].ids, f"{page}: {link}"


def test_options_keep_their_dashes(site: Path) -> None:
    """`--version` in a heading is no dash of typography."""
    text = (site / "docs" / "cli.html").read_text(encoding="utf-8")
    assert "ktx --version<" in text
    assert "ktx \N{EN DASH}" not in text


def test_search_knows_the_pages(site: Path) -> None:
    """What is searched is a file of the site: the words of the commands' page are in it."""
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert '"docs/cli"' in index
    assert "granular" in index
    assert "comments that say how a page is tested" not in index
