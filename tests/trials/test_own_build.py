"""A build of the project's own is told from one of a package, by what the tools really say."""

from __future__ import annotations

import pytest

from whypin.model.trial import Wanted
from whypin.trials.verdict import reason

PIP = """\
Collecting tiny==3.0 (from -r requirements.txt (line 1))
  Downloading tiny-3.0.tar.gz (1 kB)
  Preparing metadata (pyproject.toml): finished with status '{tiny}'
{between}Processing ./lib (from -r requirements.txt (line 2))
  Getting requirements to build wheel: finished with status '{lib}'
  error: subprocess-exited-with-error
"""
BROKEN = "  error: subprocess-exited-with-error\n"
POETRY = """\
PEP517 build of a dependency failed

Note: This error originates from the build backend, and is likely one of the following issues with {what}

  - not supporting PEP 517 builds
"""
PDM = """\
STATUS: Resolving packages from lockfile...
{what}
[BuildError]: Build backend raised error: Showing the last 10 lines of the build output:
"""


@pytest.mark.parametrize(
    "said",
    [
        "error: Failed to build `app @ file://.`\n  cause: The build backend returned an error\n",
        "  x Failed to build `lib @ file://SCRATCH/project/lib`\n",
        "ERROR: Failed to build 'file://lib' when getting requirements to build wheel\n",
        "ERROR: Failed to build \n'file://lib' when getting requirements to \nbuild wheel\n",
        BROKEN + "  ERROR: Failed building editable for app\n",
        PIP.format(tiny="done", lib="error", between=""),
        "Obtaining file://lib\n  Preparing editable metadata (pyproject.toml): finished with status 'error'\n" + BROKEN,
        POETRY.format(what="lib"),
        POETRY.format(what="SCRATCH/project/lib"),
        PDM.format(what="  0:00:00 Installing the project as an editable package... 0/0"),
    ],
)
def test_a_build_from_a_folder_says_nothing_of_the_version(said: str) -> None:
    assert reason(said, (Wanted("tiny", "3.0"),)).kind == "own"


@pytest.mark.parametrize(
    "said",
    [
        "error: Failed to build `tiny==3.0`\n  cause: The build backend returned an error\n",
        "  x Failed to build `tiny @ https://files.index.example/tiny-3.0.tar.gz`\n",
        "ERROR: Failed to build 'tiny' when getting requirements to build wheel\n",
        PIP.format(tiny="error", lib="error", between=BROKEN),
        "Processing ./lib\nCollecting tiny==3.0\n  Processing /links/tiny-3.0.tar.gz\n" + BROKEN,
        "Collecting tiny\nProcessing ./lib\nBuilding wheels for collected packages: tiny, lib\n" + BROKEN,
        "Obtaining tiny from git+https://git.index.example/tiny\n" + BROKEN,
        POETRY.format(what="tiny (3.0)"),
        PDM.format(what="  x Install tiny 3.0 failed"),
    ],
)
def test_a_build_of_a_package_does(said: str) -> None:
    assert reason(said, (Wanted("tiny", "3.0"),)).kind == "broken"
