"""WHY204: overrides, constraints and exclusions that no record explains."""

from __future__ import annotations

import pytest

from tests.build import entry, found, lock, manifest, override, project, record
from whypin.model.manifest import Override
from whypin.rules.unexplained_override import RULE

LOCK = lock(entry("numpy", "2.2.6"))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            override("override", "numpy", ">=2", line=9),
            "the override numpy >=2 takes the place of what every package asks for, and no record in force says why",
        ),
        (
            override("constraint", "numpy", "<3", line=9),
            "the constraint numpy <3 limits every package that asks for it, and no record in force says why",
        ),
        (
            override("exclude", "numpy", line=9, comment="needs Kerberos"),
            "the exclude numpy keeps the package out, whoever asks for it, and no record in force says why; "
            'the comment beside it: "needs Kerberos"',
        ),
    ],
    ids=["override", "constraint", "exclude"],
)
def test_each_kind_is_reported_with_what_it_does(told: Override, message: str) -> None:
    [finding] = found(RULE, project(locks=[LOCK], manifests=[manifest(told)]))
    assert (finding.message, str(finding.location)) == (message, "pyproject.toml:9:1")
    assert finding.fix.startswith("write decisions/2026-11-22-numpy.yaml with packages: {numpy: ")
    assert finding.package == "numpy"


@pytest.mark.parametrize(
    ("fields", "count"),
    [({}, 0), ({"packages": "{pandas: 2.0.2}"}, 1), ({"status": "proposed"}, 1), ({"locks": "[services/*]"}, 1)],
)
def test_a_record_in_force_about_the_package_explains_it(fields: dict[str, str], count: int) -> None:
    subject = project(record(**fields), locks=[LOCK], manifests=[manifest(override("override", "numpy", ">=2"))])
    assert len(found(RULE, subject)) == count


def test_each_override_is_one_finding() -> None:
    told = [override("override", name, "==1", line=line) for line, name in enumerate(("ray", "xgrammar"), 3)]
    subject = project(locks=[LOCK], manifests=[manifest(*told)])
    assert [finding.package for finding in found(RULE, subject)] == ["ray", "xgrammar"]
