"""What a tool's failure means, from what the tools really say."""

from __future__ import annotations

from time import monotonic

import pytest

from whypin.model.trial import Wanted
from whypin.trials.verdict import LINES, WIDTH, last, plain, reason

NUMPY = (Wanted("numpy", "1.24.3"),)
UV = """\
Using CPython 3.11.7 interpreter at: /usr/bin/python3
error: No solution found when resolving dependencies
  cause: Because tensorflow==2.12.0 depends on numpy>=1.22,<1.24 and your project depends on numpy==1.24.3, we can
         conclude that your project and tensorflow==2.12.0 are incompatible.
"""
PIP = """\
ERROR: Cannot install -r requirements.txt (line 2) and numpy==1.24.3 because these have conflicting dependencies.

The conflict is caused by:
    The user requested numpy==1.24.3
    tensorflow 2.12.0 depends on numpy<1.24
"""
POETRY = """\
Resolving dependencies...

Because tensorflow (2.12.0) depends on numpy (>=1.22,<1.24)
 and app depends on numpy (1.24.3), version solving failed.
"""


PDM = """\
INFO: Inside an active virtualenv ENVIRONMENT, reusing it.
ERROR: Unable to find a resolution for numpy
because of the following conflicts:
  numpy==1.24.3 (from project)
  numpy<1.24 (from tensorflow@2.12.0)
To fix this, you could loosen the dependency version constraints in pyproject.toml. See https://pdm.example/ for more.
0:00:00 🔒 Lock failed.
See SCRATCH/home/.local/state/pdm/log/pdm-lock-i68ejz.log for detailed debug log.
[ResolutionError]: Unable to find a resolution
"""
PIPENV = """\
Locking Failed!
ERROR: ResolutionImpossible: for help visit https://pip.example/#dealing-with-dependency-conflicts

The conflict is caused by:
    The user requested numpy==1.24.3
    tensorflow 2.12.0 depends on numpy<1.24
Your dependencies could not be resolved. You likely have a mismatch in your sub-dependencies.
You can use $ pipenv run pip install <requirement_name> to bypass this mechanism.
Hint: try $ pipenv lock --pre if it is a pre-release dependency.
"""
PIP_COMPILE = """\
  ERROR: Cannot install numpy==1.24.3 and tensorflow==2.12.0 because these have conflicting dependencies.
Traceback (most recent call last):
  File "/lib/pip/_vendor/resolvelib/resolvers.py", line 318, in _backjump
    raise ResolutionImpossible(causes)
pip._vendor.resolvelib.resolvers.ResolutionImpossible: [RequirementInformation(requirement=SpecifierRequirement(\
'numpy==1.24.3'), parent=None), RequirementInformation(requirement=SpecifierRequirement('numpy<1.24'), parent=\
LinkCandidate('https://files.index.example/tensorflow-2.12.0.whl#sha256=00 (from https://index.example/simple/)'))]

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/bin/pip-compile", line 8, in <module>
    sys.exit(cli())
             ^^^^^
pip._internal.exceptions.DistributionNotFound: ResolutionImpossible: for help visit https://pip.example/
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (PDM, "because of the following conflicts:\nnumpy==1.24.3 (from project)\nnumpy<1.24 (from tensorflow@2.12.0)"),
        (PIP, "The user requested numpy==1.24.3\ntensorflow 2.12.0 depends on numpy<1.24"),
        (PIPENV, "The user requested numpy==1.24.3\ntensorflow 2.12.0 depends on numpy<1.24"),
        (PIP_COMPILE, "numpy==1.24.3 (from the project)\nnumpy<1.24 (from tensorflow-2.12.0.whl)"),
    ],
    ids=["pdm", "pip", "pipenv", "pip-compile"],
)
def test_the_reason_comes_without_what_the_tool_says_around_it(said: str, expected: str) -> None:
    found = reason(said, NUMPY)
    first, rest = found.lines[0], "\n".join(found.lines[1:])
    assert (found.kind, rest) == ("unresolvable", expected)
    assert "conflict is caused by" in first or "Unable to find a resolution" in first


def test_of_a_long_reason_the_end_is_kept_too() -> None:
    said = "".join(f"And because requests (2.{minor}) depends on idna (>=2.5)\n" for minor in range(20))
    lines = reason(f"Because no versions of requests match\n{said}So, version solving failed.\n", NUMPY).lines
    assert len(lines) == LINES
    assert lines[0].startswith("Because") and lines[3] == "..." and lines[-1] == "So, version solving failed."


@pytest.mark.parametrize(
    ("said", "first"),
    [
        (UV, "Because tensorflow==2.12.0 depends on numpy>=1.22,<1.24"),
        (PIP, "The conflict is caused by:"),
        (POETRY, "Because tensorflow (2.12.0) depends on numpy (>=1.22,<1.24)"),
    ],
    ids=["uv", "pip", "poetry"],
)
def test_versions_that_do_not_go_together_are_a_result_with_the_resolvers_own_reason(said: str, first: str) -> None:
    found = reason(said, NUMPY)
    assert found.kind == "unresolvable"
    assert found.lines[0].startswith(first)


@pytest.mark.parametrize(
    "said",
    [
        "cause: Because there is no version of numpy==1.24.3 and you require it, your requirements are unsatisfiable.",
        "ERROR: No matching distribution found for numpy==1.24.3",
        "Because app depends on numpy (1.24.3) which doesn't match any versions, version solving failed.",
        "Could not find a matching version of package numpy",
        "Because there is no version of numpy==1.24.3.post1 and you require it, your requirements are unsatisfiable.",
        "ERROR: Unable to find a resolution for numpy\nPlease make sure the package name is correct.\nLock failed.",
        "ERROR: Cannot install numpy==1.24.3 because these package versions have conflicting dependencies.\n"
        "ResolutionImpossible: [RequirementInformation(requirement=XRequirement('numpy==1.24.3'), parent=None)]",
    ],
)
def test_a_version_that_is_nowhere_is_told_from_one_that_does_not_fit(said: str) -> None:
    wanted = (Wanted("numpy", "1.24.3-1"),) if "post" in said else NUMPY
    assert reason(said, wanted).kind == "missing"


@pytest.mark.parametrize(
    "said",
    [
        "Because there is no version of numpy==1.24.31 and you require it, your requirements are unsatisfiable.",
        "Because there is no version of scipy==9 and numpy==1.24.3 depends on scipy==9, they are unsatisfiable.",
        "ERROR: Ignored the following versions that require a different python version: 1.24.3 Requires-Python >=3.14\n"
        "ERROR: No matching distribution found for numpy==1.24.3",
    ],
    ids=["another version", "another package", "another Python"],
)
def test_what_is_missing_must_be_what_was_asked_for(said: str) -> None:
    assert reason(said, NUMPY).kind == "unresolvable"


def test_a_build_that_breaks_is_a_result() -> None:
    said = "  x Failed to build `numpy==1.24.3`\n  RuntimeError: numpy.distutils is gone\n"
    assert reason(said, NUMPY) == (
        "broken",
        ("x Failed to build `numpy==1.24.3`", "RuntimeError: numpy.distutils is gone"),
    )


POETRY_BUILD = """\
  - Installing numpy (1.24.3)

PEP517 build of a dependency failed

Backend subprocess exited when trying to invoke get_requires_for_build_wheel

    | Command '['python', 'get_requires_for_build_wheel']' returned non-zero exit status 1.
    |
    | Traceback (most recent call last):
    |   File "<frozen importlib._bootstrap>", line 241, in _call_with_frames_removed
    |   File "SCRATCH/tmp/numpy/backend.py", line 1, in <module>
    |     raise RuntimeError("numpy.distutils is gone")
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    | RuntimeError: numpy.distutils is gone

Note: This error originates from the build backend, and is likely not a problem with poetry
  - not supporting PEP 517 builds
"""
PIP_BUILD = """\
  error: subprocess-exited-with-error

  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [24 lines of output]
      Traceback (most recent call last):
        File "SCRATCH/tmp/numpy/backend.py", line 1, in <module>
          raise RuntimeError("numpy.distutils is gone")
      RuntimeError: numpy.distutils is gone
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
"""


@pytest.mark.parametrize("said", [POETRY_BUILD, PIP_BUILD], ids=["poetry", "pip"])
def test_of_a_broken_build_the_backends_own_words_are_kept_and_not_its_traceback(said: str) -> None:
    found = reason(said, NUMPY)
    assert (found.kind, found.lines[-1]) == ("broken", "RuntimeError: numpy.distutils is gone")
    assert len(found.lines) <= 3


CLONED = "git clone --quiet https://git.example/scipy SCRATCH/tmp/scipy did not run successfully."
NO_SOLUTION = "Resolving numpy\nerror: No solution found when resolving dependencies:\n  cause: "
SO = "we can conclude that your project's requirements are unsatisfiable."
RETRYING = "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError'\n"


@pytest.mark.parametrize(
    "said",
    [
        "error: Failed to fetch: `https://index.example/simple/numpy/`\n dns error",
        "",
        "error: unexpected argument",
        "All attempts to connect to index.example failed.",
        "[ConnectError]: [Errno 111] Connection refused",
        f"{RETRYING}ERROR: No matching distribution found for numpy==1.24.3",
        f"{RETRYING}ResolutionImpossible: for help visit https://pip.example/",
        "No solution found\nhint: An index URL could not be queried due to a lack of credentials (401 Unauthorized)",
        "ResolutionImpossible: [RequirementInformation(requirement=SpecifierRequirement('scipy>=1'), parent=None)]",
        "ERROR: No matching distribution found for scipy>=1\nYour dependencies could not be resolved.",
        f"{CLONED}\nerror: subprocess-exited-with-error",
        "error: Failed to download and build `scipy @ git+https://git.example/scipy`\n  cause: Git operation failed",
        "error: Failed to build `numpy==1.24.3`\n  cause: Call to `b.build_wheel` failed (signal: 9 (SIGKILL))",
        "x Preparing metadata (pyproject.toml) did not run successfully.\n  exit code: -9\nmetadata-generation-failed",
        "Failed building wheel for numpy\nOSError: [Errno 28] No space left on device",
        "gcc: fatal error: Killed signal terminated program cc1plus\nFailed building wheel for numpy",
        f"{NO_SOLUTION}Because scipy was not found in the package registry and your project depends on scipy, {SO}",
        f"{NO_SOLUTION}Because there is no version of numpy-groups==1 and your project depends on it, {SO}",
        "Because app depends on scipy (>=1) which doesn't match any versions, version solving failed.",
    ],
)
def test_a_failure_of_the_network_or_of_the_tool_says_nothing_about_the_version(said: str) -> None:
    assert reason(said, NUMPY).kind == "other"


@pytest.mark.parametrize("flood", ["\n", " \n", "ResolutionImpossible: [Requirement('x'), parent=X('" + "a" * 99])
def test_no_output_keeps_us_busy(flood: str) -> None:
    begin = monotonic()
    said = f"error: subprocess-exited-with-error\n{flood * (1_000_000 // len(flood))}\nFailed building wheel for numpy"
    assert reason(said, NUMPY).kind == "broken"
    assert monotonic() - begin < 20


def test_evidence_is_a_few_short_lines_without_colours() -> None:
    said = "\x1b[31merror\x1b[0m: No solution found\n" + f"Because {'x' * 5000}\n" * 50
    found = reason(said, NUMPY)
    assert len(found.lines) == LINES
    assert max(map(len, found.lines)) == WIDTH
    assert plain("\x1b[1;31mred\x1b[0m\x1b]0;title\x07 text\r\n") == "red text\n"


def test_the_last_words_leave_out_lines_that_say_nothing() -> None:
    assert last("one\n\ntwo\n=====\n  three\n", 2) == ("two", "  three")
