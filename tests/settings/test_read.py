"""Settings: strict, with places, in either of two files."""

from __future__ import annotations

from datetime import date

import pytest

from whypin.errors import WhypinError
from whypin.model.settings import IgnoredFinding, Policy, Scope, Settings
from whypin.settings.read import read_pyproject, read_whypin_toml

WHOLE = """\
records = "adr"
locks = ["uv.lock"]
exclude = ["tests/data/**"]
[policy]
require = "production"
critical = ["numpy", "torch*"]
ignore = ["types-*"]
development = ["dev"]
review_after_days = 90
grace_days = 0
advisories = "osv/PyPI.zip"
fail_on_severity = "medium"
development_alerts = "off"
[owners]
"torch*" = ["ml-platform"]
[[scope]]
locks = ["services/*/uv.lock"]
require = "all"
[rules]
WHY103 = "off"
[[ignore_findings]]
rule = "WHY203"
package = "Proto_Buf"
reason = "Capped by grpcio-tools itself."
expires = 2027-01-01
"""


def test_every_setting_is_read() -> None:
    settings = read_whypin_toml(WHOLE, "whypin.toml")
    assert (settings.records, settings.locks, settings.exclude) == ("adr", ("uv.lock",), ("tests/data/**",))
    names = (("numpy", "torch*"), ("types-*",), ("dev",))
    policy = Policy("production", *names, 90, 0, "osv/PyPI.zip", "medium", "off")
    assert settings.policy == policy
    assert settings.owners == {"torch*": ("ml-platform",)}
    assert settings.scopes == (Scope(("services/*/uv.lock",), (), "all", (), ()),)
    assert settings.rules == {"WHY103": "off"}
    reason = "Capped by grpcio-tools itself."
    assert settings.ignore_findings == (IgnoredFinding("WHY203", "proto-buf", reason, date(2027, 1, 1)),)


def test_pyproject_and_whypin_toml_have_the_same_keys() -> None:
    pyproject = "[tool.whypin]\n" + WHOLE.replace("[[", "[[tool.whypin.").replace("\n[", "\n[tool.whypin.")
    pyproject = pyproject.replace("[tool.whypin.[tool.whypin.", "[[tool.whypin.").replace("[tool.whypin.[", "[[")
    settings = read_pyproject(pyproject, "pyproject.toml")
    assert settings is not None
    other = read_whypin_toml(WHOLE, "whypin.toml")
    assert settings._replace(path=None, place=Settings().place) == other._replace(path=None, place=Settings().place)


@pytest.mark.parametrize("text", ["[project]\nname = 'a'\n", "[tool.other]\nwhypin = 1\n", ""])
def test_a_pyproject_without_our_table_has_no_settings(text: str) -> None:
    assert read_pyproject(text, "pyproject.toml") is None


@pytest.mark.parametrize(
    ("text", "message", "line", "hint"),
    [
        ('[tool.whypin]\nlockz = ["a"]', "tool.whypin.lockz: 'lockz' is not a key here", 2, "did you mean locks?"),
        ('[tool.whypin]\nlocks = "a"', "tool.whypin.locks: a single value where a list is expected", 2, 'write ["a"]'),
        ("[tool.whypin.policy]\nrequire = 'every'", "tool.whypin.policy.require: 'every' is not one of", 2, ""),
        ("[tool.whypin.policy]\ngrace_days = -1", "tool.whypin.policy.grace_days: '-1' is not a whole number", 2, ""),
        ("[tool.whypin.rules]\nWHY103 = 'mute'", "tool.whypin.rules.WHY103: 'mute' is not one of", 2, ""),
        ("[[tool.whypin.ignore_findings]]\nrule = 'WHY103'", "tool.whypin.ignore_findings.0: reason is missing", 1, ""),
        ("[tool.whypin]\nrecords = 3", "tool.whypin.records: 3 is not text", 2, 'quote it: "3"'),
        ("[tool.whypin]\nlocks = [true]", "tool.whypin.locks.0: true is not text", 2, ""),
        ("[tool]\nwhypin = 3", "tool.whypin: not a table of settings with fields", 2, ""),
        ("[tool.whypin\n", "not valid TOML", 1, ""),
    ],
)
def test_what_it_does_not_know_is_an_error_with_its_place(text: str, message: str, line: int, hint: str) -> None:
    with pytest.raises(WhypinError) as caught:
        read_pyproject(text, "pyproject.toml")
    assert caught.value.message.startswith(message)
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.line) == ("pyproject.toml", line)
    assert hint in caught.value.hint


def test_globs_over_names_are_read_as_names_are_compared() -> None:
    text = "[policy]\ncritical = ['Pillow', 'my_package', 'T*', 'jaraco.*', 'conda:_libgcc*']\nignore = ['Types_*']\n"
    settings = read_whypin_toml(text + "[owners]\n'Torch_*' = ['ml']\n", "whypin.toml")
    assert settings.policy.critical == ("pillow", "my-package", "t*", "jaraco-*", "conda:_libgcc*")
    assert (settings.policy.ignore, settings.owners) == (("types-*",), {"torch-*": ("ml",)})
