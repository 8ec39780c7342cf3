"""Projects of any size to measure with: a uv.lock as uv writes it, and a decision record for each package."""

from __future__ import annotations

import hashlib
from pathlib import Path

PYPROJECT = """\
[project]
name = "bench"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [{dependencies}]

[tool.whypin]
locks = ["uv.lock"]

[tool.whypin.policy]
require = "all"
"""

RECORD = """\
# yaml-language-server: $schema=record.schema.json
title: Hold {name} at {version} until its successor is validated
status: accepted
deciders: [data-platform, ml-serving]
packages:
  {name}: {version}
rationale: |
  Release {version} is the last one with the interface that the feature pipeline was validated
  against. The next one changes the order of columns, and the regression suite caught it.
context: |
  The quarterly update brought a newer release into the staging environment.
considered_options:
  - option: the next minor release
    verdict: rejected
    because: Columns change their order; three dashboards read them by position.
consequences:
  - Fixes of the newer release have to be ported where we need them.
confirmation:
  - run: python -m pytest tests/regression -q
exit_criteria:
  - date: 2027-06-01
review_by: 2027-05-22
tags: [pipeline]
"""


def make(folder: Path, count: int) -> Path:
    """Write a project of `count` packages with as many records into the folder, and return it."""
    names = [f"package-{number:05}" for number in range(count)]
    (folder / "decisions").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT.format(dependencies=", ".join(f'"{name}"' for name in names)))
    (folder / "uv.lock").write_text(_lock(names))
    for name in names:
        text = RECORD.format(name=name, version=_version(name))
        (folder / "decisions" / f"2026-11-22-{name}.yaml").write_text(text)
    return folder


def _version(name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    return f"{digest[0] % 9}.{digest[1] % 30}.{digest[2] % 12}"


def _lock(names: list[str]) -> str:
    head = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    edges = "".join(f'    {{ name = "{name}" }},\n' for name in names)
    root = (
        f'\n[[package]]\nname = "bench"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\ndependencies = [\n{edges}]\n'
    )
    return head + root + "".join(_entry(name, names) for name in names)


def _entry(name: str, names: list[str]) -> str:
    version, number = _version(name), int(name[-5:])
    needed = sorted({names[number * 7 % len(names)], names[number * 13 % len(names)]} - {name})
    edges = "".join(f'    {{ name = "{other}" }},\n' for other in needed)
    digest = hashlib.sha256(name.encode()).hexdigest()
    url = f"https://files.index.example/packages/{digest[:2]}/{name}-{version}"
    facts = f'hash = "sha256:{digest}", size = 104311, upload-time = "2026-03-01T10:12:13.456Z"'
    files = [f"{url}-cp3{minor}-cp3{minor}-manylinux_2_28_x86_64.whl" for minor in range(11, 15)]
    wheels = "".join(f'    {{ url = "{file}", {facts} }},\n' for file in files)
    return (
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n'
        f'source = {{ registry = "https://index.example/simple" }}\ndependencies = [\n{edges}]\n'
        f'sdist = {{ url = "{url}.tar.gz", {facts} }}\nwheels = [\n{wheels}]\n'
    )
