"""`whypin list`: the contract that other programs read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.test_check import whypin
from tests.folders import record, write

LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "pandas" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://user:secret@index.example/simple" }

[[package]]
name = "pandas"
version = "2.0.2"
source = { registry = "https://index.example/simple" }
dependencies = [
    { name = "numpy" },
]

[[package]]
name = "pytest"
version = "9.0.0"
source = { registry = "https://index.example/simple" }
"""
FILES = {"uv.lock": LOCK, "decisions/2026-11-22-numpy.yaml": record()}


def test_json_tells_all_of_every_entry(tmp_path: Path) -> None:
    data = json.loads(whypin(write(tmp_path, FILES), "list", "--all", "--format", "json").stdout)
    assert data["version"] == 1
    numpy = next(package for package in data["packages"] if package["name"] == "numpy")
    assert numpy == {
        "name": "numpy",
        "version": "1.26.4",
        "source": "registry",
        "index": "https://index.example/simple",
        "marker": None,
        "direct": False,
        "groups": ["main"],
        "dependencies": [],
        "lock": "uv.lock",
        "line": 19,
        "decisions": ["2026-11-22-numpy"],
        "state": "decided",
    }
    listed = {package["name"]: package for package in data["packages"]}
    assert listed["pandas"]["dependencies"] == ["numpy"]
    assert (listed["pytest"]["groups"], listed["pytest"]["direct"]) == (["group:dev"], True)


def test_transitive_packages_are_listed_only_on_request(tmp_path: Path) -> None:
    data = json.loads(whypin(write(tmp_path, FILES), "list", "--format", "json").stdout)
    assert [package["name"] for package in data["packages"]] == ["pandas", "pytest"]


def test_text_is_an_aligned_table(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, FILES), "list", "--all")
    assert (
        done.stdout
        == """\
uv.lock
  package  version  source    groups     state         decisions
  app      0.1.0    virtual              not-required
  numpy    1.26.4   registry  main       decided       2026-11-22-numpy
  pandas   2.0.2    registry  main       not-required
  pytest   9.0.0    registry  group:dev  not-required
"""
    )


def test_csv_is_one_row_an_entry(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(whypin(write(tmp_path, FILES), "list", "--format", "csv").stdout)))
    assert [(row["lock"], row["package"], row["state"]) for row in rows] == [
        ("uv.lock", "pandas", "not-required"),
        ("uv.lock", "pytest", "not-required"),
    ]


def test_edges_that_the_format_does_not_record_are_null(tmp_path: Path) -> None:
    done = whypin(write(tmp_path, {"requirements.txt": "numpy==1.26.4\n"}), "list", "--format", "json")
    (package,) = json.loads(done.stdout)["packages"]
    assert (package["dependencies"], package["direct"], package["line"]) == (None, True, 1)


def test_forks_are_told_apart(tmp_path: Path) -> None:
    text = "numpy==1.26.4 ; python_version < '3.12'\nnumpy==2.2.6 ; python_version >= '3.12'\n"
    done = whypin(write(tmp_path, {"requirements.txt": text}), "list")
    assert "fork" in done.stdout
    assert done.stdout.splitlines()[2].endswith("python_version < '3.12'")
    assert done.stdout.splitlines()[3].endswith("python_version >= '3.12'")
