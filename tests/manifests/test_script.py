"""Requirements in a script's own comments (PEP 723)."""

from __future__ import annotations

import pytest

from whypin.errors import WhypinError
from whypin.manifests.script import read
from whypin.model.location import Location
from whypin.model.manifest import Manifest, Requirement

SHOP = """\
#!/usr/bin/env python
# /// other
# dependencies = ["not-this"]
# ///

# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "numpy<2",  # numba
#   # it is slow without
#   "Requests[socks] >=2 ; python_version < '3.12'",
#   "lib",
# ]
#
# [tool.uv]
# override-dependencies = ["six==1.0"]
# [tool.uv.sources]
# lib = {git = "https://git.example/lib.git", rev = "v1"}
# ///
# more

import numpy
"""


def test_what_a_script_declares() -> None:
    manifest = read(SHOP, "shop.py")
    assert (manifest.project, manifest.requires_python) == (None, ">=3.11")
    numpy, requests, lib = manifest.requirements
    assert numpy == Requirement("numpy", "<2", "main", Location("shop.py", 9, 5), written="<2", comment="numba")
    assert (requests.name, requests.extras, requests.marker) == ("requests", ("socks",), "python_version < '3.12'")
    assert (requests.location, requests.comment) == (Location("shop.py", 11, 5), "it is slow without")
    assert lib.url == "https://git.example/lib.git@v1"


def test_what_uv_is_told_in_the_block() -> None:
    (override,) = read(SHOP, "shop.py").overrides
    assert (override.kind, override.requirement.name) == ("override", "six")
    assert override.requirement.location == Location("shop.py", 16, 28)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import numpy\n",
        "# /// other\n# dependencies = ['a']\n# ///\n",
        "  # /// script\n",
        "# /// script\n# ///\n",
        "# /// script\n#\n# dependencies = []\n# ///",
    ],
)
def test_what_declares_nothing(text: str) -> None:
    assert read(text, "a.py") == Manifest("a.py", None, ())


def test_a_block_ends_with_the_last_closing_line_of_its_comment() -> None:
    text = '# /// script\n# a = """\n# ///\n# """\n# dependencies = ["six"]\n# ///\n'
    assert [need.name for need in read(text, "a.py").requirements] == ["six"]


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        ("# /// script\n# dependencies = ['a']\nimport a\n# ///", "1:1", "the script block is never closed"),
        ("# /// script\n#dependencies = ['a']\n# ///", "1:1", "the script block is never closed"),
        ("# /// script\n# ///\n\n# /// script\n# ///", "4:1", "a second script block; the first is on line 1"),
        ("\n# /// script\n# dependencies = [\n# ///", "3:3", "not valid TOML: "),
        ("# /// script\n# dependencies = ['a', 1]\n# ///", "2:24", "a requirement must be a string"),
        ("# /// script\n# dependencies = 'a'\n# ///", "2:3", "dependencies must be an array"),
        ("# /// script\n# dependencies = ['a >>1']\n# ///", "2:19", "'a >>1' is not a requirement"),
        ("# /// script\n# requires-python = 'three'\n# ///", "2:3", "'three' is not a constraint on Python"),
        ("# /// script\n# a = 1\n# a = 2\n# ///", "3:", "not valid TOML: "),
        ("# /// script\n# a = " + "[" * 60_000 + "\n# ///", "2:", "values are nested too deeply to be read"),
        ("# /// script\n<<<<<<< ours\n# ///", "2:1", "unresolved merge conflict"),
    ],
)
def test_what_cannot_be_read_has_its_place(lines: str, place: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read(lines, "a.py")
    assert str(caught.value).startswith(f"a.py:{place}")
    assert caught.value.message.startswith(message)
