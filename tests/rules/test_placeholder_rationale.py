"""WHY005: reasons that say nothing."""

import pytest

from tests.build import found, project, record
from whypin.rules.placeholder_rationale import RULE


@pytest.mark.parametrize(
    "text",
    [
        "TODO",
        "tbd.",
        "bump",
        "latest version",
        "Pinned",
        "n/a",
        "...",
        "update numpy to 1.26.4",
        "'Hold NumPy where the pipeline works'",
        "For reproducibility.",
        "as discussed in the meeting",
        "core dependencies",
        "'## Typing stubs'",
        "build deps for tests",
    ],
)
def test_empty_words_are_no_reason(text: str) -> None:
    (finding,) = found(RULE, project(record(rationale=text)))
    assert finding.location.line == 5


@pytest.mark.parametrize(
    "text",
    [
        "TensorFlow 2.12.0 declares numpy>=1.22,<1.24.",
        "2.13 drops the Keras 2 API.",
        "segfaults on arm64",
        "TODO upstream; until then it crashes on import",
        "バグがあるため",
        "von SciPy 1.10 verlangt",
        "see https://tracker.example/123",
        "OPS-1234",
        "not on the mirror",
        "API change",
        "results differ by 2%",
    ],
)
def test_a_reason_is_a_reason(text: str) -> None:
    assert found(RULE, project(record(rationale=text))) == []


def test_a_proposal_may_still_be_empty() -> None:
    assert found(RULE, project(record(status="proposed", rationale="TODO"))) == []
