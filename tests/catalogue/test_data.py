from __future__ import annotations

import json
from typing import Any

from tests.build import entry, lock, project, record
from tests.catalogue.hostile import hostile_project
from tests.site_examples import ROOT
from whypin.catalogue import data
from whypin.catalogue.addresses import address
from whypin.catalogue.view import Options, View
from whypin.model.project import Project


def read(subject: Project) -> dict[str, Any]:
    view = View(subject, (), Options("Why these", "why"))
    text = data.render(view, lambda path: address(path, "why", "folder"))
    assert text.isascii() and text.endswith("}\n")
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_package_and_its_decision() -> None:
    subject = project(
        record(packages="{numpy: ['1.26.4', '2.2.0']}", review_by="2027-01-02", tags="[numerics]"),
        locks=[lock(entry("numpy"), entry("numpy", "2.2.0"), path="a/uv.lock")],
        policy={"critical": ("numpy",)},
    )
    assert read(subject) == {
        "version": 1,
        "title": "Why these",
        "today": "2026-11-22",
        "packages": [
            {
                "name": "numpy",
                "page": "packages/numpy/",
                "versions": ["1.26.4", "2.2.0"],
                "state": "decided",
                "direct": True,
                "required": subject.packages[0].required,
                "groups": ["main"],
                "locks": ["a/uv.lock"],
                "decisions": ["2026-11-22-numpy"],
                "review_by": "2027-01-02",
            }
        ],
        "decisions": [
            {
                "id": "2026-11-22-numpy",
                "page": "decisions/2026-11-22-numpy/",
                "title": "Hold NumPy where the pipeline works",
                "status": "accepted",
                "superseded_by": [],
                "supersedes": [],
                "date": "2026-11-22",
                "deciders": ["data-platform"],
                "packages": {"numpy": ["1.26.4", "2.2.0"]},
                "artifacts": {},
                "review_by": "2027-01-02",
                "tags": ["numerics"],
                "path": "decisions/2026-11-22-numpy.yaml",
            }
        ],
    }


def test_what_replaces_a_decision_is_told_and_never_is_null() -> None:
    old = record("2026-01-01-numpy", artifacts="[{name: cuda, kind: cuda, version: 12.1.1}]")
    new = record(supersedes="[2026-01-01-numpy]", review_by="never")
    found = {item["id"]: item for item in read(project(old, new))["decisions"]}
    assert found["2026-01-01-numpy"]["superseded_by"] == ["2026-11-22-numpy"]
    assert found["2026-01-01-numpy"]["artifacts"] == {"cuda": "12.1.1"}
    assert found["2026-11-22-numpy"]["supersedes"] == ["2026-01-01-numpy"]
    assert found["2026-11-22-numpy"]["review_by"] is None


def test_a_package_without_a_version_and_the_projects_own() -> None:
    subject = project(locks=[lock(entry("app", "1.0", member=True), entry("tool", None, source="git"))])
    (package,) = read(subject)["packages"]
    assert (package["name"], package["versions"], package["decisions"]) == ("tool", [], [])


def test_a_page_for_every_hostile_name_and_a_line_for_each() -> None:
    subject = hostile_project()
    found = read(subject)
    pages = [item["page"] for item in (*found["packages"], *found["decisions"])]
    assert len(set(pages)) == len(pages) == len(subject.packages) + len(subject.records)
    assert all(page.startswith(("packages/", "decisions/")) and ".." not in page and "<" not in page for page in pages)


def test_every_key_is_documented() -> None:
    page = (ROOT / "site/reference/json.md").read_text(encoding="utf-8")
    section = page.partition("## catalogue.json\n")[2].partition("\n## ")[0]
    found = read(project(record(), locks=[lock(entry("numpy"))]))
    keys = {*found, *found["packages"][0], *found["decisions"][0]}
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []
