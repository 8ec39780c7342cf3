"""What falls due, for a person at a terminal and for other programs."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from whypin.model.agenda import Agenda, Task
from whypin.reporters.escape import json_text, one_line
from whypin.reporters.text import count, paint


def render_text(agenda: Agenda, color: bool = False) -> str:
    """Return for each thing a line with its day, its place and what to do, and a last line that sums up.

    What is to be done alike with several in a row is said once.
    """
    lines: list[str] = []
    width = max((len(_left(task)) for task in agenda.tasks), default=0)
    for fix, tasks in groupby(agenda.tasks, key=lambda task: task.fix):
        for task in tasks:
            left = paint(_left(task), _mood(task, agenda), color) + " " * (width - len(_left(task)))
            lines.append(f"{task.day or ' ' * 10}  {left}  {one_line(task.what)}{_fails(task, agenda)}")
            lines.append(f"  {paint(one_line(str(task.location)), 'path', color)}")
        lines.append(f"  {paint('fix:', 'fix', color)} {one_line(fix)}")
    return "".join(f"{line}\n" for line in (*lines, *[""] * bool(lines), _last(agenda)))


def _left(task: Task) -> str:
    """Return how long there is left, in words."""
    if task.days > 0:
        return f"in {count(task.days, 'day')}"
    if task.days < 0:
        return f"{count(-task.days, 'day')} overdue"
    return "today" if task.day else "now"


def _mood(task: Task, agenda: Agenda) -> str:
    if task.days > 0:
        return "clean"
    return "error" if task.error_from is not None and task.error_from <= agenda.today else "warning"


def _fails(task: Task, agenda: Agenda) -> str:
    """Return from when on it is an error, where it ever is."""
    if task.error_from is None:
        return ""
    if task.error_from <= agenda.today:
        return "; an error by now"
    return "; an error from that day on" if task.error_from == task.day else f"; an error from {task.error_from} on"


def _last(agenda: Agenda) -> str:
    if not agenda.tasks:
        return f"nothing falls due until {agenda.until}"
    overdue = sum(task.days < 0 for task in agenda.tasks)
    coming = sum(task.days > 0 for task in agenda.tasks)
    now = len(agenda.tasks) - overdue - coming
    return f"{overdue} overdue, {now} due now, {coming} to come until {agenda.until}"


def render_json(agenda: Agenda) -> str:
    """Return version 1 of the contract: one JSON object with a line for each thing."""
    return json_text(
        {
            "version": 1,
            "today": str(agenda.today),
            "until": str(agenda.until),
            "due": list(map(_object, agenda.tasks)),
        }
    )


def _object(task: Task) -> dict[str, Any]:
    return {
        "date": str(task.day) if task.day else None,
        "days": task.days,
        "kind": task.kind,
        "what": task.what,
        "fix": task.fix,
        "path": task.location.path,
        "line": task.location.line,
        "column": task.location.column,
        "record": task.record,
        "title": task.title,
        "package": task.package,
        "subject": task.subject or None,
        "rule": task.rule,
        "error_from": str(task.error_from) if task.error_from else None,
    }
