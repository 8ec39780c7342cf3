"""Requirements files that declare."""

from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.manifests.requirements import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement


def manifest(text: str, path: str = "requirements.in", **files: str) -> Manifest:
    return read(text, path, {f"{name}.in": content for name, content in files.items()}.__getitem__)


def test_a_manifest_is_read_whole() -> None:
    text = "# why\nDjango[argon2]>=4.2,<5 ; python_version >= '3.9'\n-c constraints.txt\nfoo @ https://u:p@h.example/foo.zip\n"
    assert manifest(text) == Manifest(
        "requirements.in",
        None,
        (
            Requirement(
                "django",
                ">=4.2,<5",
                "main",
                Location("requirements.in", 2),
                extras=("argon2",),
                marker="python_version >= '3.9'",
            ),
            Requirement("foo", "", "main", Location("requirements.in", 4), url="https://h.example/foo.zip"),
        ),
    )


def test_the_group_of_a_file_is_that_of_all_it_includes() -> None:
    found = manifest("-r base.in\npytest\n", "requirements-dev.in", base="django\n").requirements
    assert [(each.name, each.group, each.location.path) for each in found] == [
        ("django", "group:dev", "base.in"),
        ("pytest", "group:dev", "requirements-dev.in"),
    ]


def test_the_project_itself_is_left_out_and_its_folders_are_named() -> None:
    found = manifest("-e .\n.[pdf]\n-e ./libs/Shop_Core\n").requirements
    assert [(each.name, each.url) for each in found] == [("shop-core", "./libs/Shop_Core")]


def test_a_requirement_of_one_name_may_come_twice() -> None:
    found = manifest("numpy<2 ; python_version < '3.9'\nnumpy>=2 ; python_version >= '3.9'\n").requirements
    assert [each.specifier for each in found] == ["<2", ">=2"]


def test_a_url_that_tells_no_name_is_reported() -> None:
    with pytest.raises(WhypinError) as caught:
        manifest("a\nhttps://h.example/download?id=5\n")
    assert str(caught.value) == "requirements.in:2:1: no package name can be told from this URL; write name @ URL"
