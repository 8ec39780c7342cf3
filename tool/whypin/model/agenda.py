"""What falls due within a span of days, soonest first: how long there is left, what to do, when it will be an error."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from whypin.model.lifecycle import Due, DueKind, due
from whypin.model.location import Location
from whypin.model.project import Project

#: The rules that report what has fallen due; an ignored finding that has ended is reported by its own rule again.
_RULES: dict[DueKind, str] = {
    "review": "WHY301",
    "exit": "WHY302",
    "proposal": "WHY303",
    "waiver": "WHY304",
    "exemption": "WHY305",
}
#: What first warns and then fails, unless the settings rule that.
_WITH_GRACE = ("review", "waiver")


class Span(NamedTuple):
    """A span of days, weeks, months or years, as it is typed: `30d`, `6w`, `3m`, `1y`."""

    number: int
    unit: Literal["d", "w", "m", "y"]

    def after(self, day: date) -> date:
        """Return the last day of the span that begins after a day; at the latest, the last of the calendar."""
        try:
            if self.unit in "dw":
                return day + timedelta(days=self.number * (7 if self.unit == "w" else 1))
            return _months_after(day, self.number * (12 if self.unit == "y" else 1))
        except (OverflowError, ValueError):
            return date.max


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or the last one of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + month // 11, (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return min(last, last.replace(day=min(day.day, last.day)))


def parse_span(text: str) -> Span:
    """Return the span that a text means; raises ValueError for anything but `30d`, `6w`, `3m`, `1y` and their like."""
    number, unit = text[:-1], text[-1:]
    if unit not in ("d", "w", "m", "y") or not (number.isascii() and number.isdecimal() and len(number) < 10):
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise ValueError(f"{shown!r} is not a span like 30d, 6w, 3m or 1y")
    return Span(int(number), unit)  # type: ignore[arg-type]


class Task(NamedTuple):
    """One thing that falls due, in words (`what`), with what to do (`fix`).

    `day` is None for an exemption that can go: it has no day, and `days` is 0. `days` are those that are left, negative
    where the day has passed. `rule` is the code of the rule that reports it, and from `error_from` on that is an error.
    """

    day: date | None
    days: int
    kind: DueKind
    what: str
    fix: str
    location: Location
    record: str | None
    title: str | None
    package: str | None
    subject: str
    rule: str | None
    error_from: date | None


class Agenda(NamedTuple):
    """Everything that has fallen due by `today` or does so until `until`, both included; soonest first."""

    today: date
    until: date
    tasks: tuple[Task, ...]


def agenda(project: Project, span: Span) -> Agenda:
    """Return what has fallen due, and what does so within a span from the project's day on."""
    until = span.after(project.today)
    return Agenda(project.today, until, tuple(_task(project, one) for one in due(project) if one.day <= until))


def _task(project: Project, one: Due) -> Task:
    record = project.record_by_id[one.record] if one.record else None
    return Task(
        one.day if one.kind != "exemption" else None,
        (one.day - project.today).days,
        one.kind,
        _what(one),
        _fix(one),
        one.location,
        one.record,
        record.title if record else None,
        one.package,
        one.subject,
        _RULES.get(one.kind),
        _error_from(project, one),
    )


def _what(one: Due) -> str:
    if one.kind == "exit":
        return f"exit criterion of {one.record}: {one.what}"
    if one.kind == "proposal":
        return f"proposal {one.what}"
    return f"{one.what} in {one.record}" if one.kind == "waiver" else one.what


def _fix(one: Due) -> str:
    if one.kind == "review":
        return f"look at it again, then whypin renew {one.record}, or whypin supersede {one.record}"
    if one.kind == "exit":
        return f"the pin can go: whypin supersede {one.record}, or renew it with a criterion that is not met"
    if one.kind == "proposal":
        return "set status: accepted or rejected, with the reason"
    if one.kind == "exemption":
        return "take it off the list: whypin exempt --prune"
    first = "upgrade past the advisory" if one.kind == "waiver" else "mend what it hides"
    return f"{first}, or write a later day under expires if the reason still holds"


def _error_from(project: Project, one: Due) -> date | None:
    """Return the day from which on a check fails for it; None where it never does."""
    rule, day = _RULES.get(one.kind, ""), _grace_ends(project, one)
    for ignored in project.settings.ignore_findings:
        if day is not None and ignored.rule == rule and ignored.package in (None, one.package):
            day = max(day, ignored.expires) if ignored.expires else None
    return day


def _grace_ends(project: Project, one: Due) -> date | None:
    chosen = project.settings.rules.get(_RULES.get(one.kind, ""))
    if chosen == "error":
        return one.day
    if chosen is not None or one.kind not in _WITH_GRACE:
        return None
    try:
        return one.day + timedelta(days=project.settings.policy.grace_days)
    except OverflowError:
        return None
