"""A trial, planned or over, for a person at a terminal and for other programs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from whypin.model.difference import Difference
from whypin.model.trial import Change, Plan, Taken, Trial, TrialStep
from whypin.reporters.diff import render as render_difference
from whypin.reporters.diff_json import render as render_difference_json
from whypin.reporters.escape import json_text, one_line
from whypin.reporters.text import count, paint

_MOODS = {"passed": "clean", "locked": "clean", "failed": "error", "open": "warning", "not reached": ""}


def render_plan(plan: Plan) -> str:
    """Return what a trial would do, in the order in which it would."""
    lines = [f"change {_change(change)}" for change in plan.changes]
    lines += [f"run {command}" for command in plan.commands]
    lines += [*map(_step, plan.steps), _logs(plan)]
    head = f"{_wanted(plan)} in {', '.join(plan.locks)}, in a scratch copy; nothing is run now"
    return "".join(f"{line}\n" for line in (one_line(head), *(f"  {one_line(line)}" for line in lines)))


def render_text(trial: Trial, color: bool = False, due: Sequence[str] = ()) -> str:
    """Return what moved, what came of each step, the evidence, what was written, and what to do next.

    `due` says what to do about what has come due, for whose sake it was made, where it fails.
    """
    parts = [_moved(trial.difference, color) if trial.difference is not None else ""]
    lines = [
        f"{paint(taken.outcome, _MOODS[taken.outcome], color)}  {one_line(step_words(taken))}" for taken in trial.steps
    ]
    parts.append("".join(f"{line}\n" for line in lines))
    verdict = verdict_of(trial)
    told = [paint(one_line(verdict), _MOODS[trial.outcome], color)]
    if trial.outcome == "failed":
        told += [f"  {one_line(line)}" for line in trial.evidence.splitlines()]
    told += [f"  {one_line(line)}" for line in written_lines(trial)]
    told += [f"  {paint('next:', 'fix', color)} {one_line(line)}" for line in next_lines(trial, due)]
    parts.append("".join(f"{line}\n" for line in told))
    return "\n".join(filter(None, parts))


def render_plan_json(plan: Plan) -> str:
    """Return version 1 of the contract for a plan."""
    return json_text({"version": 1, "outcome": None, **_plan_members(plan)})


def render_json(trial: Trial) -> str:
    """Return version 1 of the contract for a trial that is over."""
    return json_text({"version": 1, **trial_members(trial)})


def trial_members(trial: Trial) -> dict[str, Any]:
    """Return what is told of a trial that is over, but for the contract's version."""
    moved = json.loads(render_difference_json(trial.difference))["locks"] if trial.difference is not None else []
    return {
        "outcome": trial.outcome,
        **_plan_members(trial.plan),
        "commands": list(trial.commands),
        "moved": moved,
        "steps": [
            {**_step_object(taken.step), "outcome": taken.outcome, "seconds": round(taken.seconds, 1)}
            for taken in trial.steps
        ],
        "evidence": trial.evidence,
        "seconds": round(trial.seconds, 1),
        "tool": trial.tool,
        "python": trial.python or None,
        "log": trial.log or None,
        "logged": list(trial.logged),
        "known": list(trial.known),
        "written": [*trial.written, *trial.successors],
        "patch": trial.patch or None,
        "rejected_by": list(trial.next_ids),
        "scratch": trial.scratch or None,
    }


def _plan_members(plan: Plan) -> dict[str, Any]:
    return {
        "wanted": [{"name": one.name, "version": one.version} for one in plan.wanted],
        "locks": list(plan.locks),
        "changes": [_change_object(change) for change in plan.changes],
        "records": list(plan.records),
        "commands": list(plan.commands),
        "steps": list(map(_step_object, plan.steps)),
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "path": change.at.path,
        "line": change.at.line,
        "package": change.name,
        "before": change.before,
        "after": change.after,
        "passing": change.passing,
    }


def _step_object(step: TrialStep) -> dict[str, Any]:
    return {"kind": step.kind, "text": step.text, "records": list(step.records), "trusted": step.trusted}


def _wanted(plan: Plan) -> str:
    return " ".join(map(str, plan.wanted))


def _change(change: Change) -> str:
    passing = ", for the lock only" if change.passing else ""
    return f"{change.at.path}:{change.at.line}: {change.name} {change.before} to {change.after}{passing}"


def _step(step: TrialStep) -> str:
    asked = f"({', '.join(step.records)})"
    if step.kind != "run":
        return f"ask {step.text.strip()} {asked}"
    return f"run {step.text.strip()} {asked}{'' if step.trusted else ', only with --yes: the base does not have it'}"


def _logs(plan: Plan) -> str:
    if not plan.records:
        return "log nothing: no record in force names it"
    return f"log the attempt in {', '.join(plan.records)}"


def _moved(difference: Difference, color: bool) -> str:
    """Return the tables of what moved; the last line of a difference, and its checklist, are told otherwise here."""
    text = render_difference(difference._replace(checklist=()), color)
    return "".join(text.splitlines(keepends=True)[:-1]).strip("\n") + "\n" if difference.locks else "nothing moved\n"


def step_words(taken: Taken) -> str:
    """Return a step with its time, where that is worth telling."""
    text = taken.step.text.strip()
    return f"{text} ({taken.seconds:.1f} s)" if taken.seconds >= 0.05 else text


def verdict_of(trial: Trial) -> str:
    """Return the versions, what came of them, with what, and how much is left to a person."""
    return f"{_wanted(trial.plan)}: {_outcome(trial)}"


def _outcome(trial: Trial) -> str:
    if trial.outcome == "locked":
        return f"it locks with {trial.tool}; nothing was installed or tested"
    python = f" and Python {trial.python}" if trial.python else ""
    still = sum(taken.outcome == "open" for taken in trial.steps)
    checks = f"; {count(still, 'check')} still to be made by a person" if still else ""
    return f"{trial.outcome} in {trial.seconds:.0f} s, with {trial.tool}{python}{checks}"


def written_lines(trial: Trial) -> Iterator[str]:
    """Yield what was written, file by file, and where the attempt is logged."""
    if trial.logged:
        yield f"logged in {', '.join(trial.logged)}; the whole output is in {trial.log}"
    yield from (f"{path} has this result of late: not logged again" for path in trial.known)
    if not (trial.logged or trial.known or trial.outcome == "locked"):
        yield "logged nowhere: no record in force names it"
    if trial.patch:
        yield f"{trial.patch}: written"
    yield from (f"{path}: written" for path in trial.written)
    yield from (f"{path}: written; say why under rationale, then set status: accepted" for path in trial.successors)
    if trial.scratch:
        yield f"the scratch place is {trial.scratch}"


def next_lines(trial: Trial, due: Sequence[str] = ()) -> Sequence[str]:
    """Return what to do next; `due` says it of what has come due, where the version failed."""
    if trial.outcome == "failed":
        return due
    command = shlex.join(["whypin", "trial", *map(str, trial.plan.wanted)])
    command += "".join(f" --lock {shlex.quote(path)}" for path in trial.plan.chosen)
    if trial.outcome == "locked":
        return [command]
    tell: list[str] = []
    if not trial.written and trial.difference is not None and trial.difference.locks:
        supersede = " --supersede" if trial.unbegun else ""
        tell.append(f"{command} --apply{supersede} takes the change")
    elif not trial.successors:
        tell += [f"whypin supersede {record_id}" for record_id in trial.unbegun]
    tell += [f"go on with {new}, which is to supersede {old}" for old, new in trial.begun]
    if not trial.plan.records:
        tell.append(f"whypin new {' '.join(one.name for one in trial.plan.wanted)}, if it is worth a decision")
    return tell
