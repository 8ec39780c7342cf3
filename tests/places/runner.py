"""As much of GitHub's runner as the composite action needs: expressions, steps in bash, outputs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.places.commands import environment, installed

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TERM = re.compile(r"'[^']*'|&&|\|\||==|!=|[\w.-]+\(?|\S")
_OPERATORS = {"&&": "and", "||": "or", "format(": "str.format("}


class Run(NamedTuple):
    """What came of a run of the action; `uploads` are the inputs of the actions that it used."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    uploads: list[dict[str, str]]


def run_step(
    step: Mapping[str, Any], workspace: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a step's script in bash, as the runner does; stdout and stderr come as one."""
    script = workspace.parent / "step.sh"
    script.write_text(step["run"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=workspace,
        env=dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run(workspace: Path, variables: Mapping[str, str] | None = None, /, **inputs: str) -> Run:
    """Run the action in a checkout; instead of its installation there is a whypin on the PATH.

    `variables` are of the machine, and `inputs` those of the action.
    """
    outside = workspace.parent
    summary, output = outside / "summary", outside / "output"
    (outside / "temp").mkdir(exist_ok=True)
    summary.write_text("")
    given_to_all = environment(
        installed(outside / "bin"),
        **(variables or {}),
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(output),
        GITHUB_WORKSPACE=str(workspace),
        RUNNER_TEMP=str(outside / "temp"),
    )
    values = {f"inputs.{name}": given.get("default", "") for name, given in ACTION["inputs"].items()}
    values |= {f"inputs.{name}": value for name, value in inputs.items()}
    code, log, uploads = 0, "", list[dict[str, str]]()
    for step in STEPS:
        if code or step.get("id") == "install" or ("if" in step and not evaluate(step["if"], values)):
            continue
        if "uses" in step:
            uploads.append({"uses": step["uses"], **_filled(step["with"], values)})
            continue
        output.write_text("")
        done = run_step(step, workspace, given_to_all | _filled(step.get("env", {}), values))
        code, log = done.returncode, log + done.stdout
        given = (line.partition("=") for line in output.read_text().splitlines())
        values |= {f"steps.{step.get('id')}.outputs.{name}": value for name, _, value in given}
    outputs = _filled({name: each["value"] for name, each in ACTION["outputs"].items()}, values)
    return Run(code, log, outputs, summary.read_text(encoding="utf-8"), uploads)


def _filled(texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: EXPRESSION.sub(lambda match: str(evaluate(match[1], values)), text) for name, text in texts.items()}


def evaluate(expression: str, values: Mapping[str, str]) -> object:
    """Return the value of an expression of names, strings, comparisons and format(); a name without value is empty."""

    def python(match: re.Match[str]) -> str:
        term = match[0]
        name = term[0].isalpha() and not term.endswith("(")
        return f" {_OPERATORS.get(term) or (repr(values.get(term, '')) if name else term)} "

    return eval(_TERM.sub(python, expression.strip()), {"str": str})
