"""Real pixi.lock files: packages and environments as rattler itself read them, edges as they are written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin import locks
from whypin.locks import pixi
from whypin.model.lock import Entry, Lock
from whypin.model.names import normalise
from whypin.model.tree import Node
from whypin.syntax.yaml import parse_events
from whypin.syntax.yaml_scan import scan

pytestmark = needs_corpus

PROJECTS = projects("pixi.lock")


#: rattler's library shows a version without its leading zeros; the file that is installed has them.
SPELT = {("font-ttf-inconsolata", "3.0"): "3.000", ("font-ttf-source-code-pro", "2.38"): "2.038"}


def lock_of(folder: str, lock: str) -> Lock:
    return pixi.read((CORPUS / folder / lock).read_text(encoding="utf-8"), lock)


def origin_of(package: dict[str, Any]) -> tuple[str, str | None]:
    """The kind of source and the reference that whypin has for what the truth tells of a package."""
    ref: str = package.get("ref", "")
    if package["source"] == "conda":
        # The one without a version is built from the project's own folder.
        return ("conda", None) if package["version"] else ("directory", ref)
    if ref.startswith("https://files.index.example/"):
        return "registry", None
    if ref.startswith("git+"):
        return "git", re.sub(r"git\+([^?#]*)[^#]*#(.*)", r"\1@\2", ref)
    return "editable" if ref == "./package_with_extras" else "directory", ref


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_packages_and_environments(folder: str, lock: str) -> None:
    """The truth lists every build of a conda package and every wheel; here those of one version are one entry."""
    truth: dict[tuple[str, tuple[str, str | None], str | None], set[tuple[str, str]]] = {}
    for package in truth_of(folder)["packages"]:
        # rattler drops the version that the lock holds for a source tree: whoever builds it tells another, maybe.
        told = SPELT.get((package["name"], package["version"]), package["version"])
        version = None if told == "<dynamic>" else told
        found = truth.setdefault((package["name"], origin_of(package), version), set())
        found.update(tuple(place.split("@")) for place in package["environments"])
    entries = lock_of(folder, lock).entries
    assert len(entries) == len(truth)
    for (name, origin, version), places in truth.items():
        (entry,) = (
            each
            for each in entries
            if each.name == name
            and (each.source, each.ref) == origin
            and (each.version == version or origin[0] in ("directory", "editable"))
        )
        groups = {"main" if environment == "default" else f"group:{environment}" for environment, _ in places}
        assert (set(entry.platforms), set(entry.groups)) == ({platform for _, platform in places}, groups)
        assert entry.member is (origin[1] in (".", "./", "./package_with_extras"))


def parents(folder: str, lock: str) -> dict[str, set[tuple[str, str | None]]]:
    """What the truth calls a parent, as names and versions: a file in newer locks, a name in older ones.

    The truth has the edges of all packages of the file; what is there only to build others is in no environment, and
    left out here as it is among rattler's packages.
    """
    found: dict[str, set[tuple[str, str | None]]] = {}
    for entry in lock_of(folder, lock).entries:
        found.setdefault(entry.name, set()).add((entry.name, entry.version))
        if entry.source == "directory" and entry.version is None:
            found["?"] = {(entry.name, None)}
    text = (CORPUS / folder / lock).read_text(encoding="utf-8")
    for file in re.findall(r"(?m)^      - conda: .*/(.*)$", text):
        name, version, _ = re.sub(r"\.(conda|tar\.bz2)$", "", file).rsplit("-", 2)
        found[file] = {(name, version)}
    return found


def edges_of(entry: Entry) -> set[tuple[str, tuple[str, ...], str]]:
    """The edges, and what a package asks of itself for one of its extras."""
    own: dict[str, set[str]] = {}
    for gate, extra in entry.implied:
        own.setdefault(gate, set()).add(extra)
    return {(edge.name, edge.extras, edge.gate) for edge in entry.edges or ()} | {
        (entry.name, tuple(sorted(extras)), gate) for gate, extras in own.items()
    }


def needs(requirement: str, kind: str) -> set[tuple[str, tuple[str, ...], str]]:
    if kind == "conda":
        return {(requirement.split(" ")[0], (), "")}
    found = Requirement(requirement)
    gates = [f"extra:{normalise(name)}" for name in re.findall(r"extra == \"([^\"]+)\"", str(found.marker))] or [""]
    return {(normalise(found.name), tuple(sorted(map(normalise, found.extras))), gate) for gate in gates}


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_edges(folder: str, lock: str) -> None:
    """Every edge of the truth and no other, virtual packages included: these lead to nothing."""
    known = parents(folder, lock)
    told: dict[tuple[str, str | None], set[tuple[str, tuple[str, ...], str]]] = {}
    for parent, requirement, kind in truth_of(folder)["edges"]:
        for key in known.get(parent, ()):
            told.setdefault(key, set()).update(needs(requirement, kind))
    found = lock_of(folder, lock)
    edges = {(entry.name, entry.version): edges_of(entry) for entry in found.entries}
    assert {key: value for key, value in edges.items() if value} == told
    for entry in found.entries:
        for edge in entry.edges or ():
            children = [found.entries[at] for at in edge.targets]
            # A package of an index may need one that conda brings under the same name.
            assert {normalise(child.name) for child in children} <= {normalise(edge.name)}
            assert all(set(child.platforms) & set(entry.platforms) for child in children)
            assert children or edge.name.startswith("__") or edge.marker or edge.gate or entry.source != "conda"


def test_what_only_an_extra_or_a_platform_needs() -> None:
    """detectron2: black brings colorama for its extra, and conda brings the setuptools that a wheel asks for."""
    found = lock_of("pixi.lock/prefix-dev__pixi__detectron2", "pixi.lock")
    by_name = {entry.name: entry for entry in found.entries}
    black = {(edge.name, edge.gate, edge.marker) for edge in by_name["black"].edges or ()}
    assert ("colorama", "extra:colorama", None) in black
    assert ("tomli", "", "python_full_version < '3.11'") in black
    indexes = {entry.index for entry in found.entries if entry.source == "registry"}
    assert indexes == {"https://index.example/simple"}


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_every_line_tells_the_package(folder: str, lock: str) -> None:
    lines = (CORPUS / folder / lock).read_text(encoding="utf-8").split("\n")
    entries = lock_of(folder, lock).entries
    for entry in entries:
        line = lines[entry.location.line - 1]
        below = lines[entry.location.line]
        assert (
            line == f"  name: {entry.name}"
            or below == f"  name: {entry.name}"
            or f"{entry.name}[" in line
            or (re.search(rf"/{re.escape(entry.name)}-{re.escape(entry.version or '')}-[^-]+\.(conda|tar\.bz2)$", line))
        )
    numbers = [entry.location.line for entry in entries]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_conda_packages_have_a_channel_a_hash_and_a_day(folder: str, lock: str) -> None:
    for entry in lock_of(folder, lock).entries:
        if entry.source == "conda":
            assert entry.hashed
            assert entry.index is not None and entry.index.endswith("/conda-forge")
            assert entry.uploaded is None or "2016" < entry.uploaded < "2026-08-23"
            assert entry.uploaded or "dynamic" in folder


@pytest.mark.parametrize(("folder", "lock"), PROJECTS)
def test_under_another_name_the_text_tells_the_format(folder: str, lock: str) -> None:
    text = (CORPUS / folder / lock).read_text(encoding="utf-8")
    assert locks.read(text, "gpu.lock", lambda path: path).format == "pixi"


@pytest.mark.parametrize(("folder", "lock"), PROJECTS + projects("conda-lock.yml"))
def test_the_scanner_reads_what_libyaml_reads(folder: str, lock: str) -> None:
    """Half of the locks are as regular as the scanner wants them; of these it makes the tree that events give."""
    text = (CORPUS / folder / lock).read_text(encoding="utf-8")
    tree = scan(text)
    root, problems = parse_events(text)
    assert root is not None and not problems
    assert tree is None or plain(tree) == plain(root)


def plain(node: Node) -> Any:
    value = node.value
    if isinstance(value, dict):
        inner: Any = [(key, plain(each)) for key, each in value.items()]
    else:
        inner = [plain(each) for each in value] if isinstance(value, list) else value
    return inner, node.line, node.column, node.style, node.key_places
