"""What falls due as a calendar (iCalendar, RFC 5545): all-day events that move with the day and take up no time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from whypin.model.agenda import Task
from whypin.reporters.escape import cut, one_line

_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//whypin//whypin due//EN", "CALSCALE:GREGORIAN")
#: A calendar has to hold something (RFC 5545, 3.6): where nothing falls due that is a time zone, which shows nowhere.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
#: Octets of a line without its end (RFC 5545, 3.1).
_WIDTH = 75
_SUMMARY, _LINE = 200, 1000


def render(tasks: Iterable[Task], today: date) -> str:
    """Return a calendar with an event for each task that has a day, stamped with `today`; its lines end in CRLF.

    It is to be written as UTF-8. An event keeps its UID when its day moves, so that a calendar moves it too.
    """
    seen: Counter[str] = Counter()
    events: list[str] = []
    for task in tasks:
        if task.day is not None:
            identity = _identity(task)
            events += _event(task, task.day, _uid(f"{identity}\0{seen[identity]}"), today)
            seen[identity] += 1
    lines = (*_HEAD, *(events or _NOTHING), "END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(task: Task, day: date, uid: str, today: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{_date(today)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_date(day)}"
    yield f"SUMMARY:{_text(cut(task.what, _SUMMARY))}"
    yield f"DESCRIPTION:{_text_of(_description(task))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(task: Task) -> Iterator[str]:
    if task.title:
        yield task.title
    yield str(task.location)
    if task.error_from is not None:
        yield f"whypin check fails from {task.error_from} on."
    yield f"fix: {task.fix}"


def _identity(task: Task) -> str:
    return "\0".join((task.record or "", task.kind, task.package or "", task.subject))


def _uid(identity: str) -> str:
    from hashlib import sha256

    return f"{sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@whypin"


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text_of(lines: Iterable[str]) -> str:
    """Return several lines as one value of type TEXT."""
    return r"\n".join(_text(cut(line, _LINE)) for line in lines)


def _text(text: str) -> str:
    """Return one line as a value of type TEXT (RFC 5545, 3.3.11).

    Folding may put any character at the beginning of a line, where a log of a CI system would take `::` for a command.
    """
    plain = re.sub(":(?=:)", ": ", one_line(text))
    return re.sub(r"[\\;,]", r"\\\g<0>", plain)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, all but the first behind a space; no character is taken apart."""
    if len(line) <= _WIDTH and line.isascii():
        yield line
        return
    piece, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > _WIDTH:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + character, octets + size
    yield piece
