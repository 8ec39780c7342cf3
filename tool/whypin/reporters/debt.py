"""The debt of a project for a person at a terminal, for other programs, and for a job summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from whypin.model.debt import LEVELS, Age, Cap, Coverage, Debt, Line, Review, Standing
from whypin.model.location import Location
from whypin.reporters.escape import cut, json_text, markdown_text, one_line
from whypin.reporters.text import count, paint

#: How many of the lines that hold a manifest down people are shown; JSON has them all.
MOST = 20
#: GitHub refuses a comment of more than 65,536 characters, and one long text is not to take the place of the others.
LIMIT = 60_000
_CELL = 200
_LEFT_OUT = "Left out for length: other lines that hold manifests down. `whypin debt` lists them."


def render_text(debt: Debt, color: bool = False) -> str:
    """Return a paragraph for each manifest, one of numbers, and a last line with the project's level."""
    paragraphs = ["".join(f"{line}\n" for line in _manifest(standing, color)) for standing in debt.manifests]
    width = max(len(name) for name, _ in _numbers(debt))
    numbers = (f"{name.ljust(width)}  {one_line(words)}\n" for name, words in _numbers(debt))
    return "\n".join([*paragraphs, "".join(numbers), f"{paint(_last(debt), _mood(debt.level), color)}\n"])


def _manifest(standing: Standing, color: bool) -> Iterator[str]:
    yield f"{paint(one_line(standing.path), 'path', color)}: {paint(_stands(standing), _mood(standing.level), color)}"
    for fix, lines in groupby(standing.held_down_by[:MOST], key=lambda line: line.fix):
        for line in lines:
            place = paint(one_line(str(line.location)), "path", color)
            level = paint(f"level {line.level}", _mood(line.level), color)
            yield f"{place}: {level} {one_line(line.requirement)}: {one_line(line.why)}"
        yield f"  {paint('fix:', 'fix', color)} {one_line(fix)}"
    if len(standing.held_down_by) > MOST:
        yield _more(len(standing.held_down_by) - MOST)


def _stands(standing: Standing) -> str:
    if standing.level is None:
        return "no level, as nothing of it goes to production"
    return f"level {standing.level} of 5, {LEVELS[standing.level]}"


def _last(debt: Debt) -> str:
    if debt.level is None:
        return "no level: no manifest asks for anything that goes to production"
    judged = sum(standing.level is not None for standing in debt.manifests)
    return f"level {debt.level} of 5, {LEVELS[debt.level]}" + (f": the lowest of {judged} manifests" * (judged > 1))


def _mood(level: int | None) -> str:
    if level is None:
        return "path"
    return "clean" if level > 3 else "warning" if level == 3 else "error"


def _numbers(debt: Debt) -> Iterator[tuple[str, str]]:
    """Yield the numbers beside the levels in words, each by its name; what stands below one has no name."""
    yield "required", _required(debt.coverage)
    yield "direct", _direct(debt.coverage)
    yield "age", _age(debt.age)
    yield from _below(
        f"{one.location}: {one.name} {one.version} is {count(one.days, 'day')} old" for one in debt.age.oldest
    )
    yield "caps", _caps(debt.caps)
    yield from _below(f"{cap.location}: {cap.requirement}" for cap in debt.caps if cap.explained == "nothing")
    due, soon, proposed = map(len, debt.reviews)
    yield "reviews", f"{due} due, {soon} due within 30 days, {proposed} proposed"
    yield from _below(f"{review.location}: {_review(review)}" for kind in debt.reviews for review in kind)


def _below(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    listed = list(lines)
    yield from (("", line) for line in listed[:MOST])
    if len(listed) > MOST:
        yield "", _more(len(listed) - MOST)


def _more(number: int) -> str:
    return f"and {number} more: --format json lists all"


def _required(coverage: Coverage) -> str:
    if not coverage.required:
        return "the policy requires no decision"
    share = percent(coverage.decided, coverage.required)
    states = f"{coverage.exempt} exempt, {coverage.undecided} undecided"
    return f"{coverage.decided} of {count(coverage.required, 'package')} decided ({share}%), {states}"


def _direct(coverage: Coverage) -> str:
    if not coverage.direct:
        return "no direct production packages locked"
    share = percent(coverage.direct_decided, coverage.direct)
    return f"{coverage.direct_decided} of {count(coverage.direct, 'direct production package')} decided ({share}%)"


def _age(age: Age) -> str:
    if not age.of:
        return "nothing is locked"
    if age.median is None:
        return f"no lock tells when its {count(age.of, 'version')} {'was' if age.of == 1 else 'were'} published"
    return f"{count(age.median, 'day')} in the median, known for {age.known} of {count(age.of, 'locked version')}"


def _caps(caps: Sequence[Cap]) -> str:
    if not caps:
        return "none"
    by = _by_explanation(caps)
    return f"{by['record']} explained by a record, {by['comment']} by a comment only, {by['nothing']} by nothing"


def _by_explanation(caps: Sequence[Cap]) -> dict[str, int]:
    return {kind: sum(cap.explained == kind for cap in caps) for kind in ("record", "comment", "nothing")}


def _review(review: Review) -> str:
    if review.due is None or review.days is None:
        return f"{review.record} is proposed"
    if review.days > 0:
        return f"{review.record} in {count(review.days, 'day')}, on {review.due}"
    return f"{review.record} since {review.due}" if review.days else f"{review.record} today"


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, rounded down: 100 means all. None of nothing."""
    return 100 * part // whole if whole else None


def render_json(debt: Debt, color: bool = False) -> str:
    """Return version 1 of the contract: one JSON object with every line."""
    return json_text(
        {
            "version": 1,
            "level": debt.level,
            "manifests": [_standing_object(standing) for standing in debt.manifests],
            "coverage": _coverage_object(debt.coverage),
            "age": _age_object(debt.age),
            "caps": _caps_object(debt.caps),
            "reviews": {name: list(map(_review_object, found)) for name, found in debt.reviews._asdict().items()},
        }
    )


def _standing_object(standing: Standing) -> dict[str, Any]:
    return {
        "path": standing.path,
        "level": standing.level,
        "locks": list(standing.locks),
        "requirements": standing.requirements,
        "held_down_by": [_line_object(line) for line in standing.held_down_by],
    }


def _line_object(line: Line) -> dict[str, Any]:
    said = {"requirement": line.requirement, "level": line.level, "why": line.why, "fix": line.fix}
    return _place(line.location) | said


def _coverage_object(coverage: Coverage) -> dict[str, Any]:
    direct, decided = coverage.direct, coverage.direct_decided
    return {
        "required": coverage.required,
        "decided": coverage.decided,
        "exempt": coverage.exempt,
        "undecided": coverage.undecided,
        "percent": percent(coverage.decided, coverage.required),
        "direct_production": {"packages": direct, "decided": decided, "percent": percent(decided, direct)},
    }


def _age_object(age: Age) -> dict[str, Any]:
    oldest = [
        {"name": one.name, "version": one.version}
        | _place(one.location)
        | {"uploaded": str(one.uploaded), "days": one.days}
        for one in age.oldest
    ]
    return {"known": age.known, "of": age.of, "median_days": age.median, "oldest": oldest}


def _caps_object(caps: Sequence[Cap]) -> dict[str, Any]:
    listed = [
        _place(cap.location)
        | {
            "requirement": cap.requirement,
            "package": cap.package,
            "clauses": list(cap.caps),
            "explained_by": cap.explained,
            "records": list(cap.records),
        }
        for cap in caps
    ]
    return {**_by_explanation(caps), "requirements": listed}


def _review_object(review: Review) -> dict[str, Any]:
    due = {"due": str(review.due), "days": review.days} if review.due is not None else {}
    return {"record": review.record, "title": review.title} | _place(review.location) | due


def _place(location: Location) -> dict[str, Any]:
    return {"path": location.path, "line": location.line, "column": location.column}


def render_markdown(debt: Debt, color: bool = False) -> str:
    """Return Markdown for a job summary or a comment: levels, numbers, and as many lines as there is room for."""
    rows = [(standing.path, _stands(standing), ", ".join(standing.locks) or "none") for standing in debt.manifests]
    blocks = [
        f"**whypin debt: {_last(debt)}**",
        _table(("Manifest", "Level", "Locks"), rows, LIMIT // 4),
        _table(("Beside the levels", "How it is"), list(_numbers(debt)), LIMIT // 4),
    ]
    room = LIMIT - sum(len(block) + 2 for block in blocks) - len(_LEFT_OUT) - 1
    for standing in filter(lambda standing: standing.held_down_by, debt.manifests):
        details = _details(standing)
        room -= len(details) + 2
        if room < 0:
            blocks.append(_LEFT_OUT)
            break
        blocks.append(details)
    return "\n\n".join(blocks) + "\n"


def _details(standing: Standing) -> str:
    """Return what holds a manifest down, folded."""
    lines = standing.held_down_by
    rows = [(str(line.location), line.requirement, str(line.level), line.why, line.fix) for line in lines]
    return "\n\n".join(
        [
            f"**{markdown_text(cut(standing.path, _CELL))}**",
            f"<details>\n\n<summary>{count(len(lines), 'line')} to mend</summary>",
            _table(("Where", "What", "Level", "Why", "What to do"), rows, LIMIT // 4),
            "</details>",
        ]
    )


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> str:
    """Return a table with as many of the rows as there is room for, and a row that counts the others."""
    lines = [f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    for position, row in enumerate(rows):
        line = f"| {' | '.join(markdown_text(cut(cell, _CELL)) for cell in row)} |"
        room -= len(line) + 1
        if room < 0:
            lines.append(f"| {_more(len(rows) - position)} |{' |' * (len(headers) - 1)}")
            break
        lines.append(line)
    return "\n".join(lines)


RENDERERS: dict[str, Callable[[Debt, bool], str]] = {
    "text": render_text,
    "json": render_json,
    "markdown": render_markdown,
}
