"""`whypin trial` with the tools themselves, against an index on this machine: what each of them really does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import wheels
from tests.cli.test_base import commit
from tests.cli.test_trial import RECORD, Place, record
from tests.folders import write
from whypin.model.trial import Wanted
from whypin.trials import preparation, run
from whypin.trials.newest import newest
from whypin.trials.preparation import Options

MAIN, DEV = ["tiny==1.0", "top>=1.0", "still>=1.0", "brittle==1.0"], ["brings"]
STEP = "run: python -c \"import brings, tiny, top, still; print('top', top.version, 'still', still.version)\""


class Tool(NamedTuple):
    """A tool: its files for requirements of both groups and an index, how it locks them, then again, and checks."""

    name: str
    program: str
    lock: str
    manifest: str
    write: Callable[[Sequence[str], Sequence[str], str], str]
    locking: tuple[str, ...]
    checking: tuple[str, ...]
    reason: str


def pyproject(extra: str, main: Sequence[str], dev: Sequence[str], index: str) -> str:
    listed = "".join(f'    "{each}",  # one of ours\n' for each in main)
    head = '[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.11"\n'
    groups = f"[dependency-groups]\ndev = {list(dev)}\n".replace("'", '"')
    return f"{head}dependencies = [\n{listed}]\n\n{groups}\n{extra.format(index=index)}"


def tables(main: Sequence[str], dev: Sequence[str], opening: str, dev_opening: str) -> str:
    """Return tables of requirements, as Poetry 1 and Pipenv have them."""

    def lines(requirements: Sequence[str]) -> str:
        pairs = (re.fullmatch(r"([a-z]+)(.*)", each) for each in requirements)
        return "".join(f'{pair[1]} = "{pair[2] or "*"}"  # one of ours\n' for pair in pairs if pair)

    return f"{opening}\n{lines(main)}\n{dev_opening}\n{lines(dev)}"


def poetry_tables(main: Sequence[str], dev: Sequence[str], index: str) -> str:
    head = "[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = '>=3.11'"
    text = tables(main, dev, head, "[tool.poetry.group.dev.dependencies]")
    return f"{text}\n{POETRY_SOURCE.format(index=index)}"


def pipfile(main: Sequence[str], dev: Sequence[str], index: str) -> str:
    text = tables(main, dev, "[packages]", "[dev-packages]")
    return f'[[source]]\nname = "ours"\nurl = "{index}"\nverify_ssl = false\n\n{text}'


def lines(main: Sequence[str], dev: Sequence[str], index: str) -> str:
    return "".join(f"{each}  # one of ours\n" for each in (*main, *dev))


def everything_exact(main: Sequence[str], dev: Sequence[str], index: str) -> str:
    own = ["brings==1.0", "deep==1.0"] if dev else []
    return lines([each.replace(">=", "==") for each in main], own, index)


def with_extra(extra: str) -> Callable[[Sequence[str], Sequence[str], str], str]:
    return lambda main, dev, index: pyproject(extra, main, dev, index)


POETRY_SOURCE = '[[tool.poetry.source]]\nname = "ours"\nurl = "{index}"\npriority = "primary"\n'
FILES = ("requirements.txt", "requirements.in")
TOOLS = (
    Tool(
        *("uv", "uv", "uv.lock", "pyproject.toml", with_extra("")),
        ("uv lock", "uv lock"),
        ("uv lock --check",),
        "top>=2.0 depends on tiny>=2",
    ),
    Tool(
        *("uv pip compile", "uv", *FILES, lines),
        ("uv pip compile -q requirements.in -o requirements.txt",) * 2,
        (),
        "top>=2.0 depends on tiny>=2",
    ),
    Tool(
        *("pip-compile", "pip-compile", *FILES, lines),
        ("pip-compile -q --no-emit-index-url --no-strip-extras requirements.in",) * 2,
        (),
        "tiny>=2 (from top-2.0-py3-none-any.whl)",
    ),
    Tool(
        *("poetry", "poetry", "poetry.lock", "pyproject.toml"),
        with_extra(f"[tool.poetry]\npackage-mode = false\n\n{POETRY_SOURCE}"),
        ("poetry lock", "poetry lock"),
        ("poetry check --lock",),
        "top (2.0) depends on tiny (>=2)",
    ),
    Tool(
        *("poetry, its own tables", "poetry", "poetry.lock", "pyproject.toml", poetry_tables),
        ("poetry lock", "poetry lock"),
        ("poetry check --lock",),
        "top (2.0) depends on tiny (>=2)",
    ),
    Tool(
        *("pdm", "pdm", "pdm.lock", "pyproject.toml", with_extra("[tool.pdm]\ndistribution = false\n")),
        ("pdm lock", "pdm lock --update-reuse"),
        ("pdm lock --check",),
        "tiny>=2 (from top@2.0)",
    ),
    Tool(
        *("pipenv", "pipenv", "Pipfile.lock", "Pipfile", pipfile),
        ("pipenv lock", "pipenv upgrade --lock-only"),
        ("pipenv verify",),
        "top 2.0 depends on tiny>=2",
    ),
    Tool(
        *("pip", "python", "requirements.txt", "requirements.txt"),
        everything_exact,
        (),
        (),
        "top 2.0 depends on tiny>=2",
    ),
)
NOISE = re.compile(r"https?:|Hint|\blog\b|Traceback|File |You can|\btry\b")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = wheels.index(tmp_path_factory.mktemp("index"))
    # Pipenv looks at the newest of whatever is not pinned: none of these may be the broken one.
    (folder / "tiny-3.0.tar.gz").unlink()
    wheels.wheel(folder, "brittle", "1.0")
    wheels.broken(folder, "brittle", "2.0")
    with wheels.served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def settings(index: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How the tools find the index: by what a trial hands on to them, where no file says so."""
    folder = tmp_path_factory.mktemp("tools")
    return {
        "PIP_INDEX_URL": index,
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_CONFIG_FILE": os.devnull,
        "UV_DEFAULT_INDEX": index,
        "PDM_PYPI_URL": index,
        "POETRY_CACHE_DIR": str(folder / "poetry"),
        "PDM_CACHE_DIR": str(folder / "pdm"),
        "PIPENV_CACHE_DIR": str(folder / "pipenv"),
        "UV_CACHE_DIR": str(folder / "uv"),
        "PIP_CACHE_DIR": str(folder / "pip"),
    }


class Locked:
    """Makes each project once, by its tool, with the older versions locked."""

    def __init__(self, folder: Path, index: str, settings: dict[str, str]) -> None:
        self._folder, self._index, self._made = folder, index, dict[str, Path]()
        environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PDM_"))},
            **settings,
            "VIRTUAL_ENV": str(environment),
            "PDM_IGNORE_SAVED_PYTHON": "1",
            "PDM_CHECK_UPDATE": "0",
            "HOME": str(folder),
        }

    def project(self, tool: Tool) -> Path:
        if tool.name not in self._made:
            folder = self._folder / tool.name.replace(" ", "-")
            exact = [*(each.replace(">=", "==") for each in MAIN), "deep==1.0"]
            for main, command in zip((exact, MAIN), tool.locking or ("", ""), strict=True):
                write(folder, {tool.manifest: tool.write(main, DEV, self._index)})
                if command:
                    self.run(command, folder)
            self._made[tool.name] = folder
        return self._made[tool.name]

    def run(self, command: str, folder: Path) -> None:
        program, *rest = command.split()
        done = subprocess.run(
            [str(run.found(program)), *rest], cwd=folder, env=self._environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def locked(index: str, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Locked:
    return Locked(tmp_path_factory.mktemp("locked"), index, settings)


@pytest.fixture(params=TOOLS[:-1], ids=[tool.name for tool in TOOLS[:-1]])
def tool(request: pytest.FixtureRequest) -> Tool:
    tool: Tool = request.param
    if run.found(tool.program) is None:
        pytest.skip(f"{tool.program} is not on this machine")
    return tool


@pytest.fixture
def place(tool: Tool, locked: Locked, settings: dict[str, str], tmp_path: Path) -> Place:
    place = Place(tmp_path, tmp_path)
    place.variables = {"TMPDIR": str(place.temporary), **settings}
    shutil.copytree(locked.project(tool), place.folder, dirs_exist_ok=True)
    write(place.folder, {RECORD: record(STEP, packages="{tiny: 1.0, top: 1.0, deep: 1.0}")})
    commit(place.folder)
    return place


def test_what_is_asked_for_moves_and_is_applied_as_the_tool_would_leave_it(
    place: Place, tool: Tool, locked: Locked
) -> None:
    only = ("--only", "lock") if tool.name == "poetry, its own tables" else ()
    found = place.told("tiny==2.0", "top==2.0", "deep==1.1", "--apply", *only)
    assert found["outcome"] == ("locked" if only else "passed")
    (lock,) = found["moved"]
    moves = {move["name"]: (move["before"], move["after"]) for move in lock["moves"]}
    assert moves.keys() == {"tiny", "top", "deep"}
    assert sorted(found["written"]) == sorted({tool.lock, tool.manifest})
    before, after = locked.project(tool) / tool.manifest, place.folder / tool.manifest
    expected = re.sub(r"(tiny.*==)1\.0", r"\g<1>2.0", before.read_text(encoding="utf-8"))
    assert after.read_text(encoding="utf-8") == expected
    for command in tool.checking:
        locked.run(command, place.folder)
    assert place.left == []


#: One of Poetry says the same as the other. pip has its tests beside `whypin trial`, but for the newest version.
SAYING = [tool for tool in TOOLS if tool.name not in ("poetry, its own tables", "pip")]
FINDING = [tool for tool in TOOLS if tool.name != "poetry, its own tables"]
failing = pytest.mark.parametrize("tool", SAYING, ids=[tool.name for tool in SAYING], indirect=True)


@failing
def test_the_resolvers_own_reason_is_the_evidence(place: Place, tool: Tool) -> None:
    found = place.told("top==2.0", code=1)
    assert found["outcome"] == "failed"
    assert tool.reason in found["evidence"]
    assert not NOISE.search(found["evidence"])


@failing
def test_a_version_that_does_not_exist_is_not_logged(place: Place) -> None:
    done = place.trial("tiny==9.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the index has no tiny==9.0" in done.stderr.splitlines()[-1]
    assert (place.changed, place.left) == ([], [])


@failing
def test_a_build_that_breaks_is_logged_with_its_reason(place: Place, tool: Tool) -> None:
    found = place.told("brittle==2.0", code=1)
    assert found["outcome"] == "failed"
    # Pipenv does not hand on what the backend says.
    assert ("Failed to build 'brittle'" if tool.name == "pipenv" else "numpy.distutils is gone") in found["evidence"]
    assert not NOISE.search(found["evidence"])


@pytest.mark.parametrize("tool", FINDING, ids=[tool.name for tool in FINDING], indirect=True)
def test_the_newest_version_that_is_allowed_is_found(
    place: Place, tool: Tool, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    asked = [Wanted("tiny", "", ">=1.0,<3")]
    found = newest(preparation.Place(str(place.folder)), asked, Options(), lambda _line: None)
    assert found == (Wanted("tiny", "2.0"),)
    assert place.changed == []
