"""The questions of `whypin new --interactive`: one at a time, each answer checked as the record will be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from whypin.records.answer import read, read_item
from whypin.reporters.escape import one_line

if TYPE_CHECKING:
    from whypin.records.scaffold import Draft


def asked(draft: Draft, review_by: date | None) -> Draft:
    """Ask for what only a person knows, and return the draft with it; accepted where a reason was given.

    `review_by` is the day on which the policy has it reviewed where nobody says another. Raises click.Abort where the
    answers end early.
    """
    title = _value("Title", "title", draft.title)
    rationale = _rationale(draft)
    deciders = _deciders(draft)
    lapses = "When does the reason lapse? date DAY, locked SPECIFIER, unlocked PACKAGE or issue URL"
    criteria = tuple(_several(lapses, "exit_criteria"))
    review = _value("Review by (a day, or never)", "review_by", str(review_by or "never"))
    if draft.confirmation:
        _tell("Tests from the decision before stay: " + "; ".join(step.text for step in draft.confirmation))
    tests = "What has to pass before another version is taken? run COMMAND, or check WORDS"
    steps = tuple(_several(tests, "confirmation"))
    return draft._replace(
        title=title,
        rationale=rationale,
        status="accepted" if rationale else "proposed",
        deciders=deciders,
        exit_criteria=(*draft.exit_criteria, *criteria),
        review_by="" if review == review_by else str(review),
        confirmation=(*draft.confirmation, *steps),
    )


def _rationale(draft: Draft) -> str:
    """Ask for the reason, line by line up to an empty one; without any, it stays open."""
    while True:
        _tell("Why? What breaks with another version, or what was needed; an empty line ends it:")
        lines: list[str] = []
        while line := _line("> ").rstrip():
            lines.append(line)
        text = "\n".join(lines) or draft.rationale
        if _told(read("rationale", text)) is not None:
            return text


def _deciders(draft: Draft) -> tuple[str, ...]:
    while True:
        given = _line(_with_default("Who decides? Names with commas between", ", ".join(draft.deciders)))
        names = [name.strip() for name in given.split(",") if name.strip()] or list(draft.deciders)
        value = _told(read("deciders", names))
        if value:
            return tuple(value)


def _several(question: str, field: str) -> Iterator[Any]:
    """Ask for items of a list, each a key and its value, until nothing is answered."""
    while answer := _line(f"{question} (nothing: go on): ").strip():
        value = _told(read_item(field, answer))
        if value is not None:
            yield value


def _value(question: str, field: str, default: str) -> Any:
    while True:
        value = _told(read(field, _line(_with_default(question, default)).strip() or default))
        if value is not None:
            return value


def _with_default(question: str, default: str) -> str:
    return f"{question} [{default}]: " if default else f"{question}: "


def _told(found: tuple[Any, list[str]]) -> Any:
    """Return the value of an answer, or None after saying what is wrong with it."""
    value, problems = found
    for problem in problems:
        _tell(f"  {problem}")
    return None if problems else value


def _tell(text: str) -> None:
    click.echo(one_line(text), err=True)


def _line(question: str) -> str:
    """Return one line of stdin; the question goes to stderr, unless a terminal is to help with the editing."""
    shown = one_line(question.rstrip()) + " "
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            return input(shown)
        click.echo(shown, err=True, nl=False)
        return input()
    except EOFError:
        raise click.Abort from None
