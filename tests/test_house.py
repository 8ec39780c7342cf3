"""The house: which room may know which, read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import whypin

HOUSE = Path(whypin.__file__).parent
FOUNDATIONS = {"errors", "model"}
TOOLS = {"syntax", "schema"}
PURE = {
    "adopt",
    "advisories",
    "records",
    "settings",
    "locks",
    "manifests",
    "rules",
    "metrics",
    "reporters",
    "catalogue",
    "drafts",
    "emitters",
    "history",
}
#: What each room may import, besides itself and the standard library.
ALLOWED = {
    "model": {"model"},
    "errors": {"model"},
    **dict.fromkeys(TOOLS, FOUNDATIONS | TOOLS),
    **dict.fromkeys(PURE, FOUNDATIONS | TOOLS),
    # For whypin's version, which a report names; whypin/__init__.py imports nothing.
    "reporters": FOUNDATIONS | TOOLS | {"__init__"},
    "git": FOUNDATIONS,
    "feed": FOUNDATIONS | TOOLS | PURE,
    "workspace": FOUNDATIONS | TOOLS | PURE | {"feed", "git"},
    "snapshot": FOUNDATIONS | TOOLS | PURE | {"git", "workspace"},
    "output": FOUNDATIONS,
    "app": FOUNDATIONS | TOOLS | PURE | {"git", "output", "snapshot", "workspace"},
    # It copies, runs and asks git; nothing but the command line knows it.
    "trials": FOUNDATIONS | TOOLS | PURE | {"app", "git", "snapshot", "workspace"},
    "mkdocs_plugin": FOUNDATIONS | PURE | {"app"},
    "cli": FOUNDATIONS | PURE | {"app", "feed", "trials", "__init__"},
    "__main__": {"cli"},
    "__init__": set(),
}
#: Modules that reach disk, clock, processes or people: for the rooms that are made for it only.
OUTSIDE = {"os", "pathlib", "subprocess", "time", "socket", "click", "mkdocs", "tempfile", "shutil", "glob"}
MODULES = sorted(HOUSE.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{name.name}" if node.module == "whypin" else node.module for name in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_arrows_point_one_way(path: Path) -> None:
    room = _room(path)
    known = {name.split(".")[1] for name in _imports(path) if name.startswith("whypin.")}
    known = {"__init__" if name.startswith("__") else name for name in known}
    assert known - {room} <= ALLOWED[room] - {room}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if _room(path) in FOUNDATIONS | TOOLS | PURE],
    ids=lambda path: str(path.relative_to(HOUSE)),
)
def test_the_pure_rooms_know_no_disk_clock_git_click_or_mkdocs(path: Path) -> None:
    assert {name.split(".")[0] for name in _imports(path)} & OUTSIDE == set()


def test_only_one_module_knows_the_network_and_archives() -> None:
    reaching = {"urllib.request", "http.client", "socket", "ssl", "zipfile", "tarfile"}
    assert {_room(path) for path in MODULES if set(_imports(path)) & reaching} == {"feed"}


def test_only_a_packages_own_init_knows_its_children_by_list() -> None:
    """Rules are listed in one tuple; nothing registers itself by being imported."""
    siblings = {
        path.name: {name for name in _imports(path) if name.startswith("whypin.rules.")}
        for path in (HOUSE / "rules").glob("[a-z]*.py")
    }
    assert {name: found for name, found in siblings.items() if found} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
