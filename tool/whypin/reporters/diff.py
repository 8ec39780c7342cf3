"""What a change does, for a person at a terminal: one aligned table for each lock, at most 100 columns wide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from whypin.model.advice import lifted_by
from whypin.model.difference import KINDS, Difference, Excused, LockDifference, Moved, RecordChanges
from whypin.model.lock import Entry
from whypin.model.record import Record
from whypin.reporters.escape import cut, one_line
from whypin.reporters.layout import WIDTH, Line, block, laid_out
from whypin.reporters.text import count, paint

#: So many transitive packages are told one by one; more are counted.
FEW = 12
_HASH = 9
_GAP = "  "
_CELL = 40
_NARROW = 8
_GROUPS, _BY = 3, 5
_TEXT = 600
_LOCKS = {"added": "new", "removed": "gone"}
_STEPS = {"upgraded": "upgrade", "downgraded": "downgrade"}


def render(found: Difference, color: bool = False, everything: bool = False) -> str:
    """Return a table for each lock, what became of the records, the checklist, and a last line that sums up."""
    parts = [_lock(lock, color, everything) for lock in found.locks]
    parts += [_records(found.records, color), _checklist(found, color)]
    return "\n".join([*filter(None, parts), f"{_last(found, color)}\n"])


def change_of(moved: Moved) -> str:
    """Return what became of a package in words, and how far it moved: `major upgrade`."""
    return f"{moved.step} {_STEPS[moved.kind]}" if moved.step not in (None, "other") else moved.kind


def versions_of(entries: Sequence[Entry]) -> str:
    """Return the versions of some entries, each once; of what has none, where it comes from."""
    return ", ".join(dict.fromkeys(entry.version or entry.ref or "no version" for entry in entries))


def state_of(moved: Moved) -> str:
    """Return how a package stands, in a word or two; nothing where nobody asks."""
    if moved.package is None or moved.package.state == "not-required":
        return ""
    return "decided against" if moved.rejecting else moved.package.state


def heading_of(lock: LockDifference) -> str:
    """Return what became of a lock as a whole, and how much moved in it."""
    direct = sum(moved.direct for moved in lock.moved)
    told = f"{len(lock.moved)} moved, {direct} direct and {len(lock.moved) - direct} transitive" if lock.moved else ""
    if lock.kind == "changed":
        return f"{lock.path}: {told}"
    became = f"{lock.was} became {lock.path}" if lock.kind == "replaced" else f"{lock.path} is {_LOCKS[lock.kind]}"
    return f"{became}: {told or 'nothing moved'}"


def decided_otherwise(record: Record, name: str) -> str:
    """Return who decided otherwise, when, and what would lift it."""
    accepts = " or ".join(item.text for item in record.packages[name])
    lifted = lifted_by(record)
    lapses = f"; it lapses when {' or '.join(lifted)}" if lifted else ""
    return f"{', '.join(record.deciders)} decided for {accepts} on {record.date} ({record.id}: {record.title}){lapses}"


def excused(one: Excused) -> str:
    """Return an exemption in words."""
    return f"{one.name} {', '.join(one.versions)} in {one.lock}"


def counted(moved: Iterable[Moved]) -> str:
    """Return how many were added, removed and so on."""
    kinds = Counter(one.kind for one in moved)
    return ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS if kinds[kind])


def verdict(found: Difference) -> str:
    """Return what of the moves wants attention, in words; empty where nothing does."""
    numbers = found.counts
    rejected, undecided = numbers["rejected"], numbers["undecided"] - numbers["rejected"]
    parts = [f"{rejected} against a decision"] if rejected else []
    parts += [f"{undecided} undecided"] if undecided else []
    return ", ".join(parts)


def _lock(lock: LockDifference, color: bool, everything: bool) -> str:
    transitive = [moved for moved in lock.moved if not moved.direct]
    folded = [one for one in transitive if not one.undecided] if len(transitive) > FEW and not everything else []
    hidden = {id(one) for one in folded}
    shown = [moved for moved in lock.moved if id(moved) not in hidden]
    lines = [paint(cut(one_line(heading_of(lock)), _TEXT), "path", color), *_table(shown, color)]
    if folded:
        more = f"and {len(folded)} transitive" if shown else f"{len(folded)} transitive"
        lines.append(f"{_GAP}{more}: {counted(folded)}; whypin diff --all lists them")
    return "".join(f"{line}\n" for line in lines)


def _table(listed: Sequence[Moved], color: bool) -> Iterator[str]:
    rows = [tuple(cut(one_line(cell), _CELL) for cell in _cells(moved)) for moved in listed]
    widths = _widths(rows)
    for moved, row in zip(listed, rows, strict=True):
        fitted = [cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True) if width]
        line = _GAP + _GAP.join(fitted).rstrip()
        yield paint(line, mood, color) if (mood := _mood(moved)) else line
        yield from laid_out(_details(moved), color).splitlines()


def _widths(rows: Sequence[tuple[str, ...]]) -> list[int]:
    """Return the widths of the columns; where a line would not fit, the least telling give way, then the widest."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + len(_GAP) * sum(map(bool, widths)) > WIDTH and max(widths) > _NARROW:
        first = next((column for column in (_BY, _GROUPS) if widths[column] > _NARROW), None)
        widths[first if first is not None else widths.index(max(widths))] -= 1
    return widths


def _cells(moved: Moved) -> tuple[str, ...]:
    before, after = versions_of(moved.before), versions_of(moved.after)
    versions = f"{before} -> {after}" if before and after and before != after else after or before
    state = state_of(moved).removeprefix("decided ")
    return moved.name, change_of(moved), versions, ", ".join(moved.groups), state, _through(moved)


def _through(moved: Moved) -> str:
    leading = moved.brought_by or ()
    if len(leading) > 2:
        return f"by {leading[0]} and {len(leading) - 1} more"
    return f"by {' and '.join(leading)}" if leading else ""


def _mood(moved: Moved) -> str:
    if moved.undecided:
        return "error"
    return "warning" if moved.direct and moved.kind == "downgraded" else ""


def _details(moved: Moved) -> Iterator[Line]:
    if moved.sources is not None:
        yield from block(3, cut(f"from {moved.sources[0]} to {moved.sources[1]}", _TEXT))
    for record in moved.rejecting:
        yield from block(3, cut(decided_otherwise(record, moved.name), _TEXT))
    if moved.undecided and not moved.rejecting and moved.package is not None:
        yield from block(3, moved.package.required or "")
    for record in moved.deciding if not moved.rejecting else ():
        yield from block(3, cut(f"{record.id}: {record.title}", _TEXT))
    for record in moved.accepting if moved.package is None else ():
        yield from block(3, cut(f"{record.id} still names it: {record.title}", _TEXT))
    if moved.fix:
        yield from block(3, f"fix: {cut(moved.fix, _TEXT)}", "fix")


def _records(records: RecordChanges, color: bool) -> str:
    lines = list(record_lines(records))
    if not lines:
        return ""
    title = paint("decision records", "path", color)
    return f"{title}\n" + "".join(laid_out(block(1, cut(line, _TEXT)), False) for line in lines)


def record_lines(records: RecordChanges) -> Iterator[str]:
    """Yield what the change does to the records and exemptions, a line for each."""
    for record in records.added:
        proposed = f", {record.status}" if record.status != "accepted" else ""
        yield f"added {record.id}{proposed}: {record.title}"
    for record, fields in records.edited:
        yield f"edited {record.id} ({', '.join(fields)}): {record.title}"
    for one in records.superseded:
        yield f"superseded {one.record.id} by {one.by} for {', '.join(one.packages)}"
    for record in records.deleted:
        yield f"deleted {record.id}: {record.title}"
    for excuse in records.exempted:
        yield f"exempted {excused(excuse)}"
    for excuse in records.unexempted:
        yield f"exempt no longer: {excused(excuse)}"


def _checklist(found: Difference, color: bool) -> str:
    if not found.checklist:
        return ""
    lines = [paint("to confirm", "path", color) + "\n"]
    for check in found.checklist:
        text = cut(f"[ ] {check.step.kind}: {check.step.text.strip()} ({check.record.id})", _TEXT)
        lines.append(laid_out(block(1, text), False))
    return "".join(lines)


def _last(found: Difference, color: bool) -> str:
    numbers, wanted = found.counts, verdict(found)
    since = f"since {one_line(found.base[:_HASH])}"
    if not numbers["moved"]:
        return paint(f"nothing moved {since}", "clean", color)
    told = f"{count(numbers['moved'], 'package')} moved {since}: {numbers['direct']} direct"
    told += f", {numbers['transitive']} transitive"
    return paint(f"{told}; {wanted}" if wanted else told, "error" if wanted else "clean", color)
