"""Real pylock files: packages as the packaging library read them, and those that are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin.errors import WhypinError
from whypin.locks import pylock
from whypin.model.graph import settle
from whypin.model.lock import Entry, Lock

pytestmark = needs_corpus

SOURCES = {"vcs": {"git"}, "archive": {"url", "path"}, "directory": {"directory", "editable"}, "registry": {"registry"}}


def lock_of(folder: str, lock: str) -> Lock:
    return pylock.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)


def locks() -> list[tuple[str, str, dict[str, Any]]]:
    """Return folder, file and truth of every pylock of the corpus, also of those beside the one of a project."""
    found = []
    for folder, lock in projects("pylock.toml"):
        truth = truth_of(folder)
        found.append((folder, lock, truth))
        found += [(folder, name, other) for name, other in truth.get("other_files", {}).items()]
    return found


@pytest.mark.parametrize(("folder", "lock", "truth"), [case for case in locks() if "error" not in case[2]])
def test_packages_and_edges(folder: str, lock: str, truth: dict[str, Any]) -> None:
    found = lock_of(folder, lock).entries
    assert [(entry.name, entry.version) for entry in found] == [
        (package["name"], package["version"]) for package in truth["packages"]
    ]
    for entry, package in zip(found, truth["packages"], strict=True):
        assert entry.source in SOURCES[package["source"]]
        assert (entry.source == "editable") is package.get("editable", False)
        if package["source"] == "registry":
            assert (entry.index, entry.ref) == (package.get("ref"), None)
        else:
            assert entry.index is None
            assert str(entry.ref).startswith(package["ref"].partition("#")[0].partition("@")[0])
        _check_marker(entry, package.get("marker", ""))
    edges = [[_key(entry), edge.name, ""] for entry in found for edge in entry.edges or ()]
    assert edges == [[parent, child, ""] for parent, child, *_ in truth["edges"]]
    assert bool(truth["edges"]) is any(entry.edges is not None for entry in found)


def _key(entry: Entry) -> str:
    return f"{entry.name}=={entry.version}"


def _check_marker(entry: Entry, told: str) -> None:
    """The marker is as told, but for extras and groups of the project: they are among the groups."""
    assert "extras" not in (entry.marker or "")
    assert "dependency_groups" not in (entry.marker or "")
    for word in ("extras", "dependency_groups"):
        if word in told:
            assert entry.groups
            break
    else:
        assert (entry.marker or "").replace("'", '"') == told.replace("'", '"')


@pytest.mark.parametrize("folder", ["pylock.toml/pypa__pipenv", "pylock.toml/pypa__pipenv__examples"])
def test_what_pipenv_writes_is_read_although_it_breaks_the_standard(folder: str) -> None:
    found = lock_of(folder, "pylock.toml").entries
    assert [[entry.name, entry.version] for entry in found] == truth_of(folder)["lenient_packages"]


def test_groups_and_extras_by_their_markers() -> None:
    pipenv = {entry.name: entry.groups for entry in lock_of("pylock.toml/pypa__pipenv", "pylock.toml").entries}
    assert (pipenv["pytz"], pipenv["alabaster"]) == (("main",), ("group:dev",))
    assert set(pipenv.values()) == {("main",), ("group:dev",)}
    demo = {entry.name: entry.groups for entry in lock_of("pylock.toml/pdm-project__pdm__demo", "pylock.toml").entries}
    assert demo == {
        "certifi": ("extra:security",),
        "chardet": ("main",),
        "charset-normalizer": ("extra:security",),
        "colorama": ("extra:tests",),
        "idna": ("main", "extra:security"),
        "py": ("extra:tests",),
        "pytest": ("extra:tests",),
        "requests": ("extra:security",),
        "setuptools": ("extra:tests",),
        "urllib3": ("extra:security",),
    }
    assert {entry.groups for entry in lock_of("same-project/pylock-uv", "pylock.toml").entries} == {()}
    everything = settle(lock_of("same-project/pylock-uv", "pylock.toml"), None)
    assert {(entry.direct, entry.groups) for entry in everything.entries} == {(True, ("main",))}


@pytest.mark.parametrize(
    ("folder", "lock", "message"),
    [
        (
            "Cambridge-ICCS__differentiable-programming-summer-school-2025",
            "pylock.toml",
            "pylock.toml:3:1: these are requirements, not a pylock.toml; rename it to requirements.txt",
        ),
        ("FabioLeitao__data-boar", "pylock.toml", "pylock.toml:185:170: not valid TOML: unclosed inline table"),
        ("pypa__pip-audit__fixtures", "pylock.invalid.toml", "pylock.invalid.toml:1:6: not valid TOML: expected '='"),
        (
            "pypa__pip-audit__fixtures",
            "pylock.invalid-version.toml",
            "pylock.invalid-version.toml:1:1: unsupported lock version 666; whypin reads version 1 of pylock.toml",
        ),
        (
            "pypa__pip-audit__fixtures",
            "pylock.missing-packages.toml",
            "pylock.missing-packages.toml:1:1: no `packages`: it is damaged or cut short",
        ),
        (
            "pypa__pip-audit__fixtures",
            "pylock.missing-version.toml",
            "pylock.missing-version.toml:1:1: no lock-version: this is not a pylock.toml",
        ),
        (
            "pypa__pip-audit__fixtures",
            "pylock.package-missing-name.toml",
            "pylock.package-missing-name.toml:6:1: None is not a package name",
        ),
        (
            "pypa__pip__fixtures",
            "pylock.invalid.toml",
            "pylock.invalid.toml:1:1: no lock-version: this is not a pylock",
        ),
    ],
)
def test_what_is_no_lock_says_so(folder: str, lock: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        lock_of(f"pylock.toml/{folder}", lock)
    assert str(caught.value).startswith(message)


def test_every_broken_one_is_named_above() -> None:
    broken = {(folder, lock) for folder, lock, truth in locks() if "error" in truth}
    refused = set()
    for folder, lock in broken:
        try:
            lock_of(folder, lock)
        except WhypinError:
            refused.add((folder, lock))
    assert {folder for folder, _ in broken - refused} == {
        "pylock.toml/pypa__pipenv",
        "pylock.toml/pypa__pipenv__examples",
    }
    assert len(refused) == 8


@pytest.mark.parametrize(("folder", "lock", "truth"), [case for case in locks() if "error" not in case[2]])
def test_every_line_is_that_of_the_name(folder: str, lock: str, truth: dict[str, Any]) -> None:
    lines = (CORPUS / folder / lock).read_text(encoding="utf-8").split("\n")
    for entry in lock_of(folder, lock).entries:
        assert f'name = "{entry.name}"' in lines[entry.location.line - 1].replace("'", '"')
