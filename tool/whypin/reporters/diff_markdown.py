"""What a change does, as a comment on a pull request: the verdict first, what nobody need read folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whypin.model.difference import Check, Difference, LockDifference, Moved
from whypin.reporters.diff import (
    change_of,
    counted,
    decided_otherwise,
    heading_of,
    record_lines,
    state_of,
    verdict,
    versions_of,
)
from whypin.reporters.escape import cut, markdown_text
from whypin.reporters.markdown import LIMIT
from whypin.reporters.text import count

#: The first line, by which an action finds the comment that it wrote before.
MARKER = "<!-- whypin diff -->"
#: What the verdict, the headings and the note of what is left out may take.
_FRAME = 2000
#: What a list of what wants a decision, and what any other list may take, so that the next one has room too.
_WANTED, _LIST = 16_000, 8_000
#: A text that is longer would take the place of others: who decided otherwise, what stands in a line, or in a cell.
_TEXT, _LINE, _CELL = 1000, 300, 160
_HEAD = "| package | change | before | now | asked for by | decision |\n| --- | --- | --- | --- | --- | --- |"


def render(found: Difference) -> str:
    """Return at most LIMIT characters: the verdict, what wants a decision, the tables folded, the checklist.

    Only whole items and rows are left out, the last of the tables first, and a note says how many.
    """
    room = _Room(LIMIT - _FRAME)
    wanting = [moved for moved in found.moved if moved.undecided]
    against = [_rejected(one) for one in wanting if one.rejecting]
    without = [_needed(one) for one in wanting if not one.rejecting]
    rejected = room.part("Decided against", against, "decided against", _WANTED)
    needed = room.part("Without a decision", without, "undecided", _WANTED)
    records = [f"- {_line(line)}" for line in record_lines(found.records)]
    told = room.part("Decision records", records, "lines about records")
    steps = room.part("To confirm before this is merged", list(map(_step, found.checklist)), "steps to confirm")
    tables = [block for lock in found.locks for block in _lock(lock, room)]
    parts = [MARKER, f"**whypin: {_verdict(found)}**", *rejected, *needed, *told, *tables, *steps, *room.note()]
    return "\n\n".join(parts) + "\n"


class _Room:
    """How many characters are left, and what found no place in them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.left_out: dict[str, int] = {}

    def part(self, title: str, items: Sequence[str], words: str, most: int = _LIST) -> list[str]:
        """Return a list under its title, as far as there is room."""
        kept = self.take(items, words, most)
        return [f"**{title}**", "\n".join(kept)] if kept else []

    def take(self, items: Sequence[str], words: str, most: int) -> Sequence[str]:
        """Return the first of the items, as many as fit."""
        size = 0
        for position, item in enumerate(items):
            if size + len(item) + 1 > most:
                self.left_out[words] = self.left_out.get(words, 0) + len(items) - position
                items = items[:position]
                break
            size += len(item) + 1
        self.size -= size
        return items

    def note(self) -> list[str]:
        """Return the line that says what is left out, where anything is."""
        parts = ", ".join(f"{number} {words}" for words, number in self.left_out.items())
        return [f"Left out for length: {parts}. `whypin diff --all` lists everything."] if parts else []


def _verdict(found: Difference) -> str:
    numbers = found.counts
    if not numbers["moved"]:
        return "nothing moved"
    moved = f"{count(numbers['moved'], 'package')} moved, {numbers['direct']} direct"
    return f"{moved}: {verdict(found)}" if verdict(found) else f"{moved}, and none lacks a decision that it needs"


def _rejected(moved: Moved) -> str:
    reasons = "<br>".join(_text(decided_otherwise(record, moved.name)) for record in moved.rejecting)
    return f"{_item(moved)}<br>{reasons}<br>fix: {_line(moved.fix)}"


def _needed(moved: Moved) -> str:
    required = moved.package.required or "" if moved.package is not None else ""
    return f"{_item(moved)}: {_line(required)}<br>fix: {_line(moved.fix)}"


def _item(moved: Moved) -> str:
    before, after = versions_of(moved.before), versions_of(moved.after)
    versions = f"{before} -> {after}" if before else after
    place = f" in {_line(moved.package.lock.path)}" if moved.package is not None else ""
    return f"- **{_name(moved)}** {_line(versions)}, {_line(change_of(moved))}{place}"


def _lock(lock: LockDifference, room: _Room) -> Iterable[str]:
    """Yield a heading for the lock, and its table folded; the direct packages come first, in bold."""
    heading = f"**{_line(heading_of(lock)).strip()}**"
    if len(heading) + len(_HEAD) + 200 > room.size:
        room.take([_row(moved) for moved in lock.moved], "packages", 0)
        return
    room.size -= len(heading) + len(_HEAD) + 200
    yield heading
    rows = room.take([_row(moved) for moved in lock.moved], "packages", room.size)
    if rows:
        yield "<details>"
        yield f"<summary>{counted(lock.moved)}</summary>"
        yield "\n".join((_HEAD, *rows))
        yield "</details>"


def _row(moved: Moved) -> str:
    name = f"**{_name(moved)}**" if moved.direct else _cell(moved.name)
    before, after = versions_of(moved.before), versions_of(moved.after)
    cells = (change_of(moved), before, after, _asked(moved), _decision(moved))
    return f"| {name} | {' | '.join(map(_cell, cells))} |"


def _asked(moved: Moved) -> str:
    """Return who asks for a package: the project, or the direct packages that brought it; and in which groups."""
    groups = f" ({', '.join(moved.groups)})" if moved.groups else ""
    if moved.brought_by is None:
        return f"not recorded{groups}"
    return f"{', '.join(moved.brought_by) or ('the project' if moved.direct else 'nothing')}{groups}"


def _decision(moved: Moved) -> str:
    state = state_of(moved)
    told = moved.rejecting or moved.deciding or moved.accepting
    records = "; ".join(f"{record.id}: {record.title}" for record in told)
    if moved.package is None and records:
        return f"still named by {records}"
    source = f"from {moved.sources[0]} to {moved.sources[1]}" if moved.sources else ""
    return "; ".join(filter(None, (f"{state}, {records}" if state and records else state or records, source)))


def _step(check: Check) -> str:
    kind = "run " if check.step.kind == "run" else ""
    about = f"{_cell(check.record.id)}, for {_cell(', '.join(check.packages))}"
    return f"- [ ] {kind}{_line(check.step.text.strip())} ({about})"


def _name(moved: Moved) -> str:
    return _cell(moved.name).strip() or "."


def _text(text: str) -> str:
    return markdown_text(cut(text, _TEXT))


def _line(text: str) -> str:
    return markdown_text(cut(text, _LINE))


def _cell(text: str) -> str:
    return markdown_text(cut(text, _CELL))
