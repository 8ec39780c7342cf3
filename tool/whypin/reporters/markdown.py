"""Markdown for a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whypin.model.finding import Finding, Report
from whypin.reporters.escape import cut, markdown_text
from whypin.reporters.text import count, last_line, verdict

#: GitHub refuses a comment of more than 65,536 characters.
LIMIT = 60_000
#: A text that is longer would take the place of other findings.
_TEXT_LENGTH = 1000
#: What the verdict, the fold, the note and the summary may take.
_FRAME = 1000


def render(report: Report, color: bool = False) -> str:
    """Return the verdict, the errors by file, the warnings folded, and the line that sums up: at most LIMIT characters.

    Only whole findings are left out, warnings before errors, and a note says how many.
    """
    errors = [finding for finding in report.findings if finding.severity == "error"]
    warnings = [finding for finding in report.findings if finding.severity != "error"]
    told, size = _fitting(errors, LIMIT - _FRAME)
    folded, _ = _fitting(warnings, LIMIT - _FRAME - size) if len(told) == len(errors) else ([], 0)
    blocks = [f"**whypin: {verdict(report.summary)}**", *_by_file(told)]
    if folded:
        blocks += ["<details>", f"<summary>{count(len(folded), 'warning')}</summary>", *_by_file(folded), "</details>"]
    if left_out := _left_out(len(errors) - len(told), len(warnings) - len(folded)):
        blocks.append(left_out)
    return "\n\n".join([*blocks, last_line(report.summary)]) + "\n"


def _fitting(findings: Sequence[Finding], room: int) -> tuple[Sequence[Finding], int]:
    """Return the first of the findings, as many as there is room for, and the characters that they take."""
    size, path = 0, None
    for position, finding in enumerate(findings):
        more = len(_item(finding)) + 1
        if finding.location.path != path:
            path = finding.location.path
            more += len(_heading(path)) + 4
        if size + more > room:
            return findings[:position], size
        size += more
    return findings, size


def _by_file(findings: Iterable[Finding]) -> Iterable[str]:
    """Return for each file a heading and a list."""
    path, items = None, list[str]()
    for finding in findings:
        if finding.location.path != path:
            if items:
                yield "\n".join(items)
            path, items = finding.location.path, []
            yield _heading(path)
        items.append(_item(finding))
    if items:
        yield "\n".join(items)


def _heading(path: str) -> str:
    # Stars beside a space, or with nothing between them, would mean something else.
    return f"**{_text(path).strip() or '.'}**"


def _item(finding: Finding) -> str:
    place = f"line {finding.location.line}, column {finding.location.column}"
    rule = markdown_text(f"{finding.code} {finding.slug}")
    return f"- **{rule}**, {place}: {_text(finding.message)}<br>fix: {_text(finding.fix)}"


def _text(text: str) -> str:
    return markdown_text(cut(text, _TEXT_LENGTH))


def _left_out(errors: int, warnings: int) -> str:
    parts = [count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    return f"Left out for length: {' and '.join(parts)}. `whypin check` lists them all." if parts else ""
