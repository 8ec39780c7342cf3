"""Trials on the real package index, where one can be reached: `python -m tests.real_index`, a step of CI.

An outcome that is not as expected fails. What the index does not answer is told, and fails nothing: the tests know
the same of an index of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cli.test_base import commit, git
from tests.cli.test_trial import RECORD, record
from tests.folders import write
from tests.trials.test_real_tools import TOOLS, Tool
from whypin.trials import run

PINNED = ["httplib2==0.22.0", "pyparsing==3.1.0"]  # the first asks for pyparsing>=2.4.2,<4
STEP = "run: python -c \"import httplib2, pyparsing; assert pyparsing.__version__ == '3.1.4'\""
#: What is tried, the outcome that is expected, and a word of its evidence.
EXPECTED = (("pyparsing==3.1.4", "passed", "1 step passed"), ("pyparsing==2.4.0", "failed", "2.4.2"))
NAMES = ("uv", "poetry", "pip-compile", "pip")


def main() -> int:
    """Make one trial that passes and one that cannot be resolved with each tool; returns 1 where one is otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--quiet", "download", "--no-deps", "--dest", folder, "iniconfig"]
        if subprocess.run(pip, capture_output=True).returncode != 0:
            print("trials on the real index: SKIPPED, pip reaches none")
            return 0
        index = _index()
        good = [_is_as_expected(tool, Path(folder, tool.name), index) for tool in TOOLS if tool.name in NAMES]
    return 0 if all(good) else 1


def _index() -> str:
    """Return the address of pip's index: Poetry is told of it."""
    from pip._internal.models.index import PyPI

    told = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True)
    return os.environ.get("PIP_INDEX_URL") or told.stdout.decode().strip() or f"{PyPI.simple_url}/"


def _is_as_expected(tool: Tool, folder: Path, index: str) -> bool:
    write(folder, {tool.manifest: tool.write(PINNED, [], index), RECORD: record(STEP, packages="pyparsing: 3.1.0")})
    for command in tool.locking[:1]:
        program, *rest = command.split()
        # Poetry makes an environment for locking: not among those of whoever runs this.
        environment = {**os.environ, "POETRY_VIRTUALENVS_PATH": str(folder.parent / "environments")}
        words = [str(run.found(program)), *rest]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"trials on the real index: {tool.name}: SKIPPED, it does not lock: {_last(done.stderr)}", flush=True)
            return True
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    said = [_said(folder, *expected) for expected in EXPECTED]
    print(f"trials on the real index: {tool.name}: {'; '.join(said)}", flush=True)
    return not any(each.startswith("NOT") for each in said)


def _said(folder: Path, word: str, outcome: str, evidence: str) -> str:
    command = [sys.executable, "-m", "whypin", "trial", word, "--format", "json", "--timeout", "5m"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode == 2:
        return f"{word} SKIPPED: {_last(done.stderr)}"
    found = json.loads(done.stdout) if done.returncode in (0, 1) else {}
    if found.get("outcome") == outcome and evidence in found["evidence"]:
        return f"{word} {outcome}"
    return f"NOT as expected: {word} {found.get('outcome', 'ended with an error')}\n{done.stderr}"


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1]


if __name__ == "__main__":
    sys.exit(main())
