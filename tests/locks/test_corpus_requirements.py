"""Every requirements file of the corpus, against what another reader made of it."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from tests.corpus import CORPUS, needs_corpus, projects, truth_of
from whypin.errors import WhypinError
from whypin.locks.requirements import is_exact, read
from whypin.model.location import Location
from whypin.syntax.requirements import ParsedRequirement, RequirementsFile, decode_requirements, parse

#: Lines out of documentation, many of which pip refuses; they include files that are not there.
EXAMPLES = "requirements/aboutcode-org__pip-requirements-parser__fixtures"
PROJECTS = [item for item in projects("requirements") if item[0] != EXAMPLES]
#: Files that hold a repository without a full commit hash are no locks.
NOT_EXACT = {
    "requirements/Harmon758__Harmonbot",
    "requirements/ansible__awx",
    "requirements/pdm-project__pdm__fixtures",
}

pytestmark = needs_corpus


def loader(folder: str) -> Callable[[str], str]:
    def load(path: str) -> str:
        return decode_requirements((CORPUS / folder / path).read_bytes(), path)

    return load


def parsed(folder: str, name: str) -> RequirementsFile:
    return parse(loader(folder)(name), name, loader(folder))


#: Truth reads versions from specifiers only: it has none for the file name of a wheel or source archive.
FILE_VERSIONS = {
    "en_core_web_md-3.7.1-py3-none-any.whl": "3.7.1",
    "youtube-dl-2023.12.07.tar.gz": "2023.12.07",
    "flash_attn-2.8.3+cu128torch2.10-cp312-cp312-linux_x86_64.whl": "2.8.3+cu128torch2.10",
    "flash_attn_3-3.0.0%2B20260318.cu128torch2100cxx11abitrue.8afc61-cp39-abi3-linux_x86_64.whl": (
        "3.0.0+20260318.cu128torch2100cxx11abitrue.8afc61"
    ),
    "flash_attn_4-4.0.0b5-py3-none-any.whl": "4.0.0b5",
}


def version_of(theirs: dict[str, Any]) -> str | None:
    return theirs["version"] or FILE_VERSIONS.get(posixpath.basename(theirs.get("ref", "")))


def source_of(theirs: dict[str, Any]) -> str:
    """Truth says `vcs` for every repository, and tells an editable folder by a key of its own."""
    if theirs["source"] == "vcs":
        return "git"
    return "editable" if theirs.get("editable") else str(theirs["source"])


def as_truth(found: ParsedRequirement) -> dict[str, Any]:
    return {
        "name": found.name,
        "version": found.version,
        "specifier": str(SpecifierSet(found.specifier)),
        "source": found.source,
        "marker": str(Marker(found.marker)) if found.marker else None,
        "extras": list(found.extras),
        "hashes": found.hashes,
        "editable": found.editable,
    }


@pytest.mark.parametrize(("folder", "name"), PROJECTS)
def test_requirements_equal_the_truth(folder: str, name: str) -> None:
    expected = [
        {
            "name": theirs["name"],
            "version": version_of(theirs),
            "specifier": theirs.get("specifier", ""),
            "source": source_of(theirs),
            "marker": theirs.get("marker"),
            "extras": theirs.get("extras", []),
            "hashes": theirs.get("hashes", 0),
            "editable": theirs.get("editable", False),
        }
        for theirs in truth_of(folder)["packages"]
    ]
    assert [as_truth(found) for found in parsed(folder, name).requirements] == expected


@pytest.mark.parametrize(("folder", "name"), PROJECTS)
def test_via_comments_equal_the_truth(folder: str, name: str) -> None:
    found = Counter((source, each.name) for each in parsed(folder, name).requirements for source in each.via)
    assert found == Counter((source, child) for source, child in truth_of(folder)["edges"])


@pytest.mark.parametrize(("folder", "name"), PROJECTS)
def test_entries_and_edges_of_the_lock_equal_the_truth(folder: str, name: str) -> None:
    truth = truth_of(folder)
    lock = read(loader(folder)(name), name, loader(folder))
    # the project itself, `-e .`, has no name in the truth and is no entry here
    assert [(entry.name, entry.version, entry.hashed) for entry in lock.entries] == [
        (theirs["name"], version_of(theirs), bool(theirs.get("hashes")))
        for theirs in truth["packages"]
        if theirs["name"]
    ]
    locked = {entry.name for entry in lock.entries}
    edges = {(source, child) for source, child in truth["edges"]}
    found = {
        (entry.name, lock.entries[target].name)
        for entry in lock.entries
        for edge in entry.edges or ()
        for target in edge.targets
    }
    assert found == {(source, child) for source, child in edges if source in locked}
    asked = {child for source, child in edges if source not in locked and not source.startswith("-c ")}
    # an export of uv notes no source for what the project itself asks for
    asked |= locked - {child for _, child in edges} if edges else set()
    assert {edge.name for edge in lock.roots or ()} == asked
    assert all((entry.edges is None) is not bool(edges) for entry in lock.entries)


@pytest.mark.parametrize(("folder", "name"), PROJECTS)
def test_the_line_of_an_entry_points_at_its_name(folder: str, name: str) -> None:
    lines = loader(folder)(name).split("\n")
    for entry in read("\n".join(lines), name, loader(folder)).entries:
        pointed = lines[entry.location.line - 1][entry.location.column - 1 :].lower()
        spelled = pointed.replace("_", "-").replace(".", "-")
        assert spelled.startswith(entry.name) or "egg=" + entry.name in spelled


@pytest.mark.parametrize(("folder", "name"), PROJECTS)
def test_which_of_them_are_locks(folder: str, name: str) -> None:
    assert is_exact(parsed(folder, name)) is (folder not in NOT_EXACT)


OTHERS = [(folder, name) for folder, _ in PROJECTS for name in truth_of(folder)["other_files"]]


@pytest.mark.parametrize(("folder", "name"), OTHERS)
def test_the_files_beside_them(folder: str, name: str) -> None:
    truth = truth_of(folder)["other_files"][name]
    file = parsed(folder, name)
    own = [found for found in file.requirements if found.location.path == name]
    assert [[found.name, str(SpecifierSet(found.specifier))] for found in own] == [
        [theirs, specifier] for theirs, specifier, _ in truth["packages"]
    ]
    assert len(file.requirements) == truth["pip"]["requirements_incl_nested"]
    assert sum(len(found.via) for found in own) == truth["via_edges"]
    assert options_of(file) == options_of_truth(truth["options"])


def options_of(file: RequirementsFile) -> list[tuple[str, str]]:
    return [(option.name, option.value) for option in file.options if option.location.path == file.path]


def options_of_truth(lines: list[str]) -> list[tuple[str, str]]:
    found = parse("\n".join(lines), "truth.txt", lambda path: "")
    return [(option.name, option.value) for option in found.options]


# --- the examples --------------------------------------------------------------------------------------------------

#: What truth takes and pip 26 does not: options that are gone.
REFUSED = {
    'FooProject >= 1.2 --global-option="--no-user-cfg" \\',
    'FooProject >= 1.2 --install-option="--prefix=/usr/local --no-compile"',
}
#: What truth refuses and pip takes, for it ignores the option.
TAKEN = {"psycopg2>=2.7.4 --no-binary psycopg2", "psycopg2 --no-binary :all:"}
#: Names that a file name tells, where truth has none.
NAMED_BY_FILE = {
    "./downloads/SomePackage-1.0.4.tar.gz": "somepackage",
    "http://my.package.repo/SomePackage-1.0.4.zip": "somepackage",
    "./downloads/SomeProject-1.0.4.tar.gz": "someproject",
    "sampleproject-1.0.tar.gz": "sampleproject",
    "lib/recaptcha-client-1.0.6.tar.gz": "recaptcha-client",
}


def examples() -> dict[str, dict[str, Any]]:
    truth = truth_of(EXAMPLES)
    own = {
        "packages": [[theirs["name"], theirs.get("specifier", ""), ""] for theirs in truth["packages"]],
        "options": truth["options"],
        "invalid_lines": truth["invalid_lines"],
        "via_edges": 0,
    }
    return {"pip-docs-examples.txt": own, **truth["other_files"]}


def read_without_refused(name: str) -> tuple[RequirementsFile, list[str]]:
    """Read a file with every statement left out that is refused; also return the first lines of those."""
    lines = loader(EXAMPLES)(name).split("\n")
    refused: list[str] = []
    while True:
        try:
            return parse("\n".join(lines), name, lambda path: ""), refused
        except WhypinError as error:
            assert isinstance(error.where, Location)
            at = first = error.where.line - 1
            while first and lines[first - 1].endswith("\\"):
                first -= 1
            refused.append(lines[first])
            while lines[at].endswith("\\"):
                at += 1
            lines[first : at + 1] = [""] * (at + 1 - first)


@pytest.mark.parametrize("name", examples() if PROJECTS else ())
def test_the_examples_of_the_documentation(name: str) -> None:
    truth = examples()[name]
    file, refused = read_without_refused(name)
    text = loader(EXAMPLES)(name)
    assert set(refused) == {line for line in truth["invalid_lines"] if line not in TAKEN} | {
        line for line in REFUSED if line in text
    }
    expected = Counter((theirs, specifier) for theirs, specifier, _ in truth["packages"])
    expected.subtract({("fooproject", ">=1.2"): sum(line in REFUSED for line in refused)})
    found = Counter((name_in_truth(each), specifier_in_truth(each)) for each in file.requirements)
    taken: Counter[tuple[str | None, str]] = Counter(
        {("psycopg2", ">=2.7.4"): 1, ("psycopg2", ""): 1} if TAKEN & set(truth["invalid_lines"]) else {}
    )
    assert found - taken == +expected
    assert sum(len(each.via) for each in file.requirements) == truth["via_edges"]


def name_in_truth(found: ParsedRequirement) -> str | None:
    if found.ref in NAMED_BY_FILE:
        assert found.name == NAMED_BY_FILE[found.ref]
        return None
    return found.name


def specifier_in_truth(found: ParsedRequirement) -> str:
    """Truth turns the version in a wheel's name, and in `#egg=name==version`, into a specifier."""
    if found.version and found.source != "registry" and found.ref not in NAMED_BY_FILE:
        direct = posixpath.basename(found.ref or "").startswith("SomeProject-1.2.3")
        return "" if direct else f"=={found.version}"
    return str(SpecifierSet(found.specifier))
