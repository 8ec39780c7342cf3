"""Real locks: packages, edges and groups as another tool read them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin.locks import poetry, uv
from whypin.manifests import pyproject
from whypin.model.graph import settle
from whypin.model.lock import Entry, Lock
from whypin.model.manifest import Requirement

pytestmark = needs_corpus

#: What the truth calls the source kinds that we name otherwise.
KINDS = {"pypi": "registry", "legacy": "registry", "file": "path"}


def key(entry: Entry) -> str:
    return f"{entry.name}=={entry.version or ''}"


@pytest.mark.parametrize(("folder", "lock"), projects("uv.lock"))
def test_uv(folder: str, lock: str) -> None:
    truth, found = truth_of(folder), uv.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)
    assert Counter(
        (entry.name, entry.version, entry.source, entry.index or entry.ref) for entry in found.entries
    ) == Counter(
        (package["name"], package["version"], package["source"], _reference(package["ref"]))
        for package in truth["packages"]
    )
    edges = {
        (key(entry), key(found.entries[target]), edge.gate)
        for entry in found.entries
        for edge in entry.edges or ()
        for target in edge.targets
    }
    assert edges == {tuple(edge) for edge in truth["edges"]}
    _check_settled(settle(found, None))
    _check_lines(found, CORPUS / folder / lock)


def _reference(ref: str | None) -> str | None:
    """uv's `URL?rev=…&subdirectory=…#commit` as we tell it: `URL@commit#subdirectory=…`."""
    if ref is None or "#" not in ref:
        return ref
    url, _, commit = ref.partition("#")
    url, _, query = url.partition("?")
    return f"{url}@{commit}" + "".join(f"#{part}" for part in query.split("&") if part.startswith("subdirectory="))


def _check_settled(lock: Lock) -> None:
    """Something leads to every entry but the project's own; and nothing is direct that no root asks for."""
    assert [entry.name for entry in lock.entries if not entry.groups and not entry.member] == []
    asked = {at for entry in lock.entries if entry.member for edge in entry.edges or () for at in edge.targets}
    assert {at for at, entry in enumerate(lock.entries) if entry.direct} == asked


def _check_lines(lock: Lock, path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for entry in lock.entries:
        assert lines[entry.location.line - 1].lower().replace("_", "-").replace(".", "-") == f'name = "{entry.name}"'


@pytest.mark.parametrize(("folder", "lock"), projects("poetry.lock"))
def test_poetry(folder: str, lock: str) -> None:
    truth, found = truth_of(folder), poetry.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)
    assert Counter((entry.name, entry.version, entry.source) for entry in found.entries) == Counter(
        (package["name"], package["version"], KINDS.get(package["source"], package["source"]))
        for package in truth["packages"]
    )
    references = {package["ref"] for package in truth["packages"] if package["source"] in ("git", "legacy")}
    ours = {entry.index or (entry.ref or "").rpartition("@")[0] for entry in found.entries}
    assert references <= ours
    edges = Counter(
        (key(entry), edge.name, edge.gate, tuple(sorted(str(found.entries[target].version) for target in edge.targets)))
        for entry in found.entries
        for edge in entry.edges or ()
    )
    assert edges == Counter(_expected(found, edge) for edge in truth["edges"])
    _check_lines(found, CORPUS / folder / lock)


#: Where an old lock does not mark an optional dependency with its extra, the truth has it as plain; the table of
#: extras beside it tells which it is.
UNMARKED = {
    ("celery==5.0.0", "redis"): "extra:redis",
    ("django-storages==1.10.1", "google-cloud-storage"): "extra:google",
    ("google-api-core==1.22.2", "grpcio"): "extra:grpc",
}


def _expected(lock: Lock, edge: list[Any]) -> tuple[str, str, str, tuple[str, ...]]:
    """The truth takes a bare version such as `2.18.4` for any version: for Poetry it means exactly that one."""
    parent, child, constraint, gate, versions = edge
    if constraint in versions:
        versions = [constraint]
    return parent, child, gate or UNMARKED.get((parent, child), ""), tuple(sorted(versions))


@pytest.mark.parametrize(("folder", "lock"), projects("poetry.lock"))
def test_groups_of_poetry(folder: str, lock: str) -> None:
    found = poetry.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)
    bare = found._replace(entries=tuple(entry._replace(groups=()) for entry in found.entries))
    manifest = (CORPUS / folder / lock).parent / "pyproject.toml"
    requirements = pyproject.read(manifest.read_text(encoding="utf-8"), "pyproject.toml").requirements
    by_lock, by_graph = settle(found, requirements), settle(bare, requirements)
    assert all(entry.groups for entry in by_lock.entries)
    truth = truth_of(folder).get("groups")
    if truth:
        expected = {(group, package) for group, packages in truth.items() for package in packages}
        assert _groups(by_lock) == _groups(by_graph) == expected


def _groups(lock: Lock) -> set[tuple[str, str]]:
    """Groups as Poetry names them: an extra of the project is part of main."""
    names = {"main": "main", "extra": "main"}
    return {
        (names.get(group.partition(":")[0], group.partition(":")[2]), key(entry))
        for entry in lock.entries
        for group in entry.groups
    }


def test_every_revision_of_uv_tells_the_same_of_one_project() -> None:
    folder = CORPUS / "uv-revisions"
    locks = {path.name: uv.read(path.read_text(encoding="utf-8"), "uv.lock") for path in folder.glob("uv-*.lock")}
    assert len(locks) == 7
    # The kind of a member's source tree is what uv changed its mind about: virtual or editable.
    told = {
        name: [(entry.name, entry.version, entry.index, entry.hashed, entry.member) for entry in lock.entries]
        for name, lock in locks.items()
    }
    first = told.pop("uv-0.5.31.lock")
    assert all(other == first for other in told.values())
    edges = {
        name: {
            (entry.name, edge.name, edge.gate, edge.targets, edge.extras)
            for entry in lock.entries
            for edge in entry.edges or ()
        }
        for name, lock in locks.items()
    }
    assert len(set(map(frozenset, edges.values()))) == 1
    members = [entry.name for entry in locks["uv-0.13.9.lock"].entries if entry.member]
    assert members == ["fork-demo", "member-a"]
    script = uv.read((folder / "script-s.py.lock").read_text(encoding="utf-8"), "s.py.lock")
    assert [(entry.name, entry.direct, entry.groups) for entry in settle(script, None).entries] == [
        ("attrs", True, ("main",))
    ]


def test_made_up_extras_of_conflicts_are_shown_nowhere() -> None:
    for path in sorted(CORPUS.rglob("uv*.lock")):
        if path.is_file():
            for entry in uv.read(path.read_text(encoding="utf-8"), "uv.lock").entries:
                markers = [entry.marker, *(edge.marker for edge in entry.edges or ())]
                assert not [marker for marker in markers if marker and "extra" in marker]


def test_what_stands_only_in_poetrys_own_table_is_not_locked() -> None:
    folder = CORPUS / "poetry-mixed"
    text = (folder / "mixed-pyproject.toml").read_text(encoding="utf-8")
    requirements = pyproject.read(text, "pyproject.toml").requirements
    found = poetry.read((folder / "mixed-project-and-tool-2.1.lock").read_text(encoding="utf-8"), "poetry.lock")
    lock = settle(found, requirements)
    names = {entry.name for entry in lock.entries}
    assert {requirement.name for requirement in requirements} <= names
    assert not {"numpy", "pandas"} & names
    groups = {entry.name: entry.groups for entry in lock.entries if entry.direct}
    assert groups == {
        "attrs": ("main",),
        "jaraco-text": ("main",),
        "requests": ("extra:sock",),
        "pytest": ("group:dev",),
        "ruff": ("group:lint",),
    }
    assert {entry.name: entry.groups for entry in lock.entries}["pysocks"] == ("extra:sock",)


@pytest.mark.parametrize("lock", ["tool-only-1.4-lockversion2.0.lock", "tool-only-2.1.lock"])
def test_an_extra_in_poetrys_own_tables(lock: str) -> None:
    found = poetry.read((CORPUS / "poetry-mixed" / lock).read_text(encoding="utf-8"), "poetry.lock")
    flask = [Requirement("flask", "", "extra:web", found.entries[0].location)]
    assert {entry.groups for entry in settle(found, flask).entries if entry.name == "flask"} == {("extra:web",)}
