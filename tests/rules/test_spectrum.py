"""From a bare requirements.txt to a healthy lock, on disk: which rules speak up, and which keep quiet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.folders import record, write
from whypin import app

HASH = "sha256:" + "ab" * 32

UV_PROJECT = """\
[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [
  "numpy>=1.26",
  "pandas[excel]>=2",
  "colorama>=0.4; sys_platform == 'win32'",
  "tomli>=2; python_version < '3.11'",
]

[project.optional-dependencies]
web = ["flask"]

[dependency-groups]
dev = ["pytest>=8", { include-group = "lint" }]
lint = ["ruff"]
"""

UV_ROOT = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "numpy" },
    { name = "pandas", extra = ["excel"] },
]

[package.optional-dependencies]
web = [
    { name = "flask" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
    { name = "ruff" },
]
lint = [
    { name = "ruff" },
]
"""

POETRY_PROJECT = """\
[tool.poetry]
name = "shop"
version = "0.1.0"

[tool.poetry.dependencies]
python = "^3.11"
numpy = "^1.26"
pandas = {version = "^2.2", extras = ["excel"]}
flask = {version = "^3.0", optional = true}
colorama = {version = "^0.4", platform = "win32"}

[tool.poetry.extras]
web = ["flask"]

[tool.poetry.group.dev.dependencies]
pytest = "^8.0"
"""

VERSIONS = {
    "colorama": "0.4.6",
    "flask": "3.0.3",
    "numpy": "1.26.4",
    "pandas": "2.2.3",
    "pytest": "8.3.4",
    "ruff": "0.8.0",
}


def uv_lock(versions: Mapping[str, str], hashed: bool = True) -> str:
    wheel = '{{ url = "https://files.index.example/{name}.whl", hash = "{hash}", size = 1 }}'
    entries = [
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n'
        'source = { registry = "https://index.example/simple" }\n'
        + (f"wheels = [\n    {wheel.format(name=name, hash=HASH)},\n]\n" if hashed else "")
        for name, version in versions.items()
    ]
    return UV_ROOT + "".join(entries)


def poetry_lock(versions: Mapping[str, str]) -> str:
    entries = [
        f'[[package]]\nname = "{name}"\nversion = "{version}"\ndescription = ""\noptional = false\n'
        f'python-versions = ">=3.8"\nfiles = [\n    {{file = "{name}.whl", hash = "{HASH}"}},\n]\n\n'
        for name, version in versions.items()
        if name != "ruff"
    ]
    metadata = '[metadata]\nlock-version = "2.0"\npython-versions = "^3.11"\n'
    return "".join(entries) + metadata


def codes(folder: Path) -> dict[str, list[str]]:
    """Return the codes found with the packages they speak of."""
    found: dict[str, list[str]] = {}
    for finding in app.check(app.load(str(folder))).findings:
        found.setdefault(finding.code, []).append(finding.package or "")
    return found


def test_a_bare_requirements_file_is_loud(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "numpy\npandas>=2\nprotobuf<4\nscipy==1.11.4\n"})
    assert codes(tmp_path) == {
        "WHY201": ["numpy"],
        "WHY202": ["pandas"],
        "WHY203": ["protobuf", "scipy"],
        "WHY205": [""],
    }


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": UV_PROJECT, "uv.lock": uv_lock(VERSIONS)},
        {"pyproject.toml": POETRY_PROJECT, "poetry.lock": poetry_lock(VERSIONS)},
    ],
    ids=["uv", "poetry"],
)
def test_ranges_under_a_fresh_lock_are_quiet(tmp_path: Path, files: dict[str, str]) -> None:
    assert codes(write(tmp_path, files)) == {}


def test_a_manifest_that_has_moved_on_is_told_by_names_and_versions(tmp_path: Path) -> None:
    moved = UV_PROJECT.replace("numpy>=1.26", "numpy>=2").replace('"ruff"', '"ruff", "mypy"')
    write(tmp_path, {"pyproject.toml": moved, "uv.lock": uv_lock(VERSIONS)})
    assert codes(tmp_path) == {"WHY206": ["numpy", "mypy"]}


def test_a_lock_without_hashes_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": UV_PROJECT, "uv.lock": uv_lock(VERSIONS, hashed=False)})
    assert codes(tmp_path) == {"WHY207": [""]}


@pytest.mark.parametrize(("records", "expected"), [({}, {"WHY203": ["numpy"]}), ({"numpy": "1.26.4"}, {})])
def test_a_cap_wants_a_record(tmp_path: Path, records: dict[str, str], expected: dict[str, list[str]]) -> None:
    files = {f"decisions/2026-11-22-{name}.yaml": record(name, versions) for name, versions in records.items()}
    capped = UV_PROJECT.replace("numpy>=1.26", "numpy>=1.26,<2")
    assert codes(write(tmp_path, {"pyproject.toml": capped, "uv.lock": uv_lock(VERSIONS), **files})) == expected


def test_an_override_wants_a_record_and_counts_for_the_lock(tmp_path: Path) -> None:
    overridden = UV_PROJECT + '\n[tool.uv]\noverride-dependencies = ["numpy<1.26"]\n'
    held = uv_lock({**VERSIONS, "numpy": "1.25.2"})
    assert codes(write(tmp_path, {"pyproject.toml": overridden, "uv.lock": held})) == {"WHY204": ["numpy"]}


def test_development_alone_may_float_without_a_lock(tmp_path: Path) -> None:
    write(tmp_path, {"requirements-dev.txt": "pytest\nruff>=0.8\n"})
    assert codes(tmp_path) == {"WHY205": [""]}
