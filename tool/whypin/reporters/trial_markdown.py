"""A trial that is over, in Markdown: for a job summary, a comment, or an issue that a job opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whypin.model.difference import Moved
from whypin.model.trial import Trial
from whypin.reporters.diff import change_of, state_of, versions_of
from whypin.reporters.escape import cut, markdown_text, one_line
from whypin.reporters.text import count
from whypin.reporters.trial import next_lines, step_words, verdict_of, written_lines

#: The most of each that is told; the whole of it is in the log.
_MOVES, _STEPS, _LINES, _WIDTH = 30, 40, 12, 400
_HEAD = "| package | change | before | now | decision |\n| --- | --- | --- | --- | --- |"


def render(trial: Trial) -> str:
    """Return the verdict, the evidence of a failure, the steps, what moved, what was written, and what to do next."""
    return "\n\n".join([f"**whypin trial: {_text(verdict_of(trial))}**", *blocks(trial)]) + "\n"


def blocks(trial: Trial, due: Sequence[str] = ()) -> Iterator[str]:
    """Yield what stands below the verdict; `due` says what to do about what has come due, where it failed."""
    if trial.outcome == "failed" and trial.evidence:
        yield _fenced(trial.evidence)
    if trial.steps:
        steps = [f"- {taken.outcome}: {_text(step_words(taken))}" for taken in trial.steps]
        yield "\n".join([*steps[:_STEPS], *_more(len(steps) - _STEPS, "step")])
    moved = trial.difference.moved if trial.difference is not None else ()
    if moved:
        rows = [_row(one) for one in sorted(moved, key=lambda one: not one.direct)]
        yield "\n".join([_HEAD, *rows[:_MOVES]])
        yield from _more(len(rows) - _MOVES, "package")
    told = [*written_lines(trial), *(f"next: {line}" for line in next_lines(trial, due))]
    if told:
        yield "\n".join(f"- {_text(line)}" for line in told)


def _more(number: int, noun: str) -> list[str]:
    return [f"- and {count(number, noun)} more"] if number > 0 else []


def _row(moved: Moved) -> str:
    records = moved.rejecting or moved.deciding or moved.accepting
    decision = "; ".join(filter(None, (state_of(moved), ", ".join(record.id for record in records))))
    cells = (moved.name, change_of(moved), versions_of(moved.before), versions_of(moved.after), decision)
    return f"| {' | '.join(map(_text, cells))} |"


def _fenced(text: str) -> str:
    """Return lines that stay as they are; the fence is longer than any that they have."""
    lines = [cut(one_line(line), _WIDTH) for line in text.splitlines()[:_LINES]]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])


def _text(text: str) -> str:
    return markdown_text(cut(" ".join(text.split()), _WIDTH))
