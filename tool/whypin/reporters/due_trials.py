"""What has come due and what its trials showed: for a person, for other programs, and for a job's report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from whypin.model.trial import DueOutcome, DueTrial, Occasion
from whypin.reporters import trial_markdown
from whypin.reporters.escape import cut, json_text, markdown_text, one_line
from whypin.reporters.markdown import LIMIT
from whypin.reporters.text import count, paint
from whypin.reporters.trial import render_text as render_trial
from whypin.reporters.trial import trial_members

_OUTCOMES: tuple[DueOutcome, ...] = ("passed", "failed", "locked", "nothing to try", "not tried")
_MOODS = {"passed": "clean", "locked": "clean", "failed": "error", "not tried": "error", "nothing to try": "warning"}
_HEAD = "| due | tried | outcome |\n| --- | --- | --- |"
#: What the verdict, the table's head and the note of what is left out may take.
_FRAME = 1000
_TEXT = 300


def render_plan(occasions: Sequence[Occasion]) -> str:
    """Return what has come due, and what would be tried for it."""
    lines = [line for one in occasions for line in (*one.reasons, f"  {_to_try(one)}")]
    last = f"{_verdict(occasions)}; nothing is run now" if occasions else _verdict(())
    return "".join(f"{_indented(line)}\n" for line in [*lines, last])


def render_text(done: DueTrial, color: bool = False) -> str:
    """Return what came of one occasion, under a heading that says what came due."""
    head = "".join(f"== {one_line(reason)}\n" for reason in done.occasion.reasons)
    if done.trial is not None:
        return head + render_trial(done.trial, color, list(_answers(done)))
    said = f"{paint(done.outcome, _MOODS[done.outcome], color)}: {one_line(done.said)}\n"
    return head + said + "".join(f"  next: {one_line(line)}\n" for line in _next(done))


def last_line(done: Sequence[DueTrial]) -> str:
    """Return how many decisions have come due, and what came of their trials."""
    return f"{_verdict([one.occasion for one in done], done)}\n"


def render_plan_json(occasions: Iterable[Occasion]) -> str:
    """Return version 1 of the contract for what would be tried."""
    due = [{**_occasion_members(one, {}), "outcome": None, "said": one.unfit, "trial": None} for one in occasions]
    return json_text({"version": 1, "due": due, "summary": None})


def render_json(done: Sequence[DueTrial]) -> str:
    """Return version 1 of the contract for what has come due."""
    numbers = {outcome.replace(" ", "_"): number for outcome, number in _numbers(done).items()}
    return json_text({"version": 1, "due": list(map(_members, done)), "summary": numbers})


def render_markdown(done: Sequence[DueTrial]) -> str:
    """Return the verdict, a table of what came due, and a section for each trial: at most LIMIT characters."""
    head = f"**whypin: {_verdict([one.occasion for one in done], done)}**"
    if not done:
        return f"{head}\n"
    rows, size = _fitting(map(_row, done), LIMIT // 3)
    sections, _ = _fitting(("\n\n".join(_section(one)) for one in done if one.trial is not None), LIMIT - _FRAME - size)
    left = len(done) - len(rows) + sum(one.trial is not None for one in done) - len(sections)
    note = ["Some of it is left out for length: `whypin trial --due` tells everything."] if left else []
    return "\n\n".join([head, "\n".join([_HEAD, *rows]), *sections, *note]) + "\n"


def _verdict(occasions: Sequence[Occasion], done: Sequence[DueTrial] = ()) -> str:
    if not occasions:
        return "nothing has come due"
    number = len({record.id for one in occasions for record in one.records})
    told = ", ".join(f"{found} {outcome}" for outcome, found in _numbers(done).items() if found)
    return f"{count(number, 'decision')} {'has' if number == 1 else 'have'} come due" + (f": {told}" if told else "")


def _numbers(done: Sequence[DueTrial]) -> dict[str, int]:
    return {outcome: sum(one.outcome == outcome for one in done) for outcome in _OUTCOMES}


def _to_try(occasion: Occasion) -> str:
    if occasion.unfit:
        return f"nothing to try: {occasion.unfit}"
    packages = ", ".join(f"{name} (now {', '.join(held)})" for name, held in occasion.packages.items())
    return f"try the newest {packages} in {', '.join(occasion.locks)}"


def _indented(line: str) -> str:
    return ("  " if line.startswith("  ") else "") + one_line(line.strip())


def _answers(done: DueTrial) -> Iterator[str]:
    """Yield what to type where the reason of a record still holds: only a review is renewed."""
    for record in done.occasion.records:
        kinds = {due.kind for due in done.occasion.causes if due.record == record.id}
        if "exit" in kinds:
            yield f"give {record.path} an exit criterion that is not met, if the reason still holds"
        if "review" in kinds:
            yield f"whypin renew {record.id}, if the reason still holds"


def _next(done: DueTrial) -> Iterator[str]:
    if done.outcome == "nothing to try":
        for line in _answers(done):
            yield f"{line}; or set its status to deprecated"


def _members(done: DueTrial) -> dict[str, Any]:
    return {
        **_occasion_members(done.occasion, {one.name: one.version for one in done.newest}),
        "outcome": done.outcome,
        "said": done.said,
        "trial": trial_members(done.trial) if done.trial is not None else None,
    }


def _occasion_members(occasion: Occasion, newest: dict[str, str]) -> dict[str, Any]:
    return {
        "records": [{"id": each.id, "path": each.path, "title": each.title} for each in occasion.records],
        "reasons": list(occasion.reasons),
        "locks": list(occasion.locks),
        "packages": [
            {"name": name, "locked": list(held), "newest": newest.get(name)} for name, held in occasion.packages.items()
        ],
    }


def _row(done: DueTrial) -> str:
    tried = ", ".join(map(str, done.newest)) if done.trial is not None else done.said
    return f"| {'<br>'.join(map(_text, done.occasion.reasons))} | {_text(tried)} | {done.outcome} |"


def _section(done: DueTrial) -> Iterator[str]:
    if done.trial is not None:
        titles = "; ".join(dict.fromkeys(record.title for record in done.occasion.records))
        yield f"### {_text(', '.join(map(str, done.newest)))}: {done.outcome}"
        yield _text(titles)
        yield from trial_markdown.blocks(done.trial, list(_answers(done)))


def _fitting(items: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return those of the items that there is room for, and the characters that they take."""
    kept, size = list[str](), 0
    for item in items:
        if size + len(item) + 2 <= room:
            kept.append(item)
            size += len(item) + 2
    return kept, size


def _text(text: str) -> str:
    return markdown_text(cut(" ".join(text.split()), _TEXT))
