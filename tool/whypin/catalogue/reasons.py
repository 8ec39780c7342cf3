"""What a decision says beyond its versions: why, what else was considered, what follows, when it lapses."""

from __future__ import annotations

from collections.abc import Iterator

from whypin.catalogue.markup import Html, encode, heading, join, outward, tag, text
from whypin.catalogue.parts import chip, code, codes, day
from whypin.catalogue.view import View
from whypin.model.record import Attempt, ExitCriterion, Option, Record, Step, Waiver


def why(view: View, record: Record) -> str:
    """Return the rationale as an HTML block; nothing where there is none."""
    return f"{view.prose(record.rationale)}\n" if record.rationale else ""


def sections(view: View, record: Record, level: int) -> Iterator[str]:
    """Yield a heading of the level and a block for everything else that the record tells; what it doesn't is absent."""
    for title, body in _sections(view, record):
        if body:
            yield heading(level, title)
            yield f"{body}\n"


def _sections(view: View, record: Record) -> Iterator[tuple[str, Html | None]]:
    yield "What raised the question", view.prose(record.context) if record.context else None
    yield "Options considered", _list("options", [_option(view, option) for option in record.considered_options])
    yield "Consequences", _list("prose-list", [tag("li", view.prose(line)) for line in record.consequences])
    yield "Exit criteria", _list("criteria", _criteria(view, record))
    yield "Before another version is taken", _list("checklist", [_step(view, step) for step in record.confirmation])
    yield "Attempts", _list("attempts", [_attempt(view, attempt) for attempt in reversed(record.attempts)])
    yield "Advisories accepted", _list("waivers", [_waiver(view, waiver) for waiver in record.waivers])
    yield "Read on", _list("links", [tag("li", outward(link)) for link in record.links])


def _list(kind: str, items: list[Html]) -> Html | None:
    return tag("ul", *items, class_=f"whypin-{kind}") if items else None


def _option(view: View, option: Option) -> Html:
    head = tag("p", tag("strong", option.option), " ", chip(option.verdict), class_="whypin-item-head")
    return tag("li", head, view.prose(option.because), class_=f"whypin-is-{option.verdict}")


def _criteria(view: View, record: Record) -> list[Html]:
    """Return the exit criteria, each with whether it is met today; that is asked of decisions in force only."""
    met = view.met(record)
    judged = view.is_in_force(record)
    items = []
    for one in record.exit_criteria:
        words = tag("span", criterion(one))
        by = tag("span", met[one], class_="whypin-details") if one in met and one.kind != "date" else Html("")
        state = chip(_standing(one, one in met)) if judged else Html("")
        items.append(tag("li", state, words, by))
    return items


def _standing(one: ExitCriterion, met: bool) -> str:
    if one.kind == "issue":
        return "look-there"
    return "met" if met else "not-met"


def criterion(one: ExitCriterion) -> Html:
    """Return an exit criterion in words."""
    if one.kind == "locked":
        return join(["The lock holds ", code(one.value)])
    if one.kind == "unlocked":
        return join([code(one.value), " is no longer locked"])
    if one.kind == "date":
        return join(["From ", day(one.value), " on"])
    return join(["This is settled: ", outward(one.value)])


def _step(view: View, step: Step) -> Html:
    box = Html(f'<input type="checkbox" aria-label="{text(step.text)}">')
    return tag("li", box, code(step.text) if step.kind == "run" else view.prose(step.text))


def _attempt(view: View, attempt: Attempt) -> Html:
    head = tag(
        "p", tag("strong", attempt.package, " ", attempt.version), " ", chip(attempt.outcome), " ", day(attempt.date),
        class_="whypin-item-head",
    )  # fmt: skip
    said = {"Tool": attempt.tool, "Python": attempt.python, "Took": attempt.duration, "Log": attempt.log}
    details = [join([tag("span", term, class_="whypin-label"), " ", value]) for term, value in said.items() if value]
    if attempt.commands:
        details.append(codes(attempt.commands))
    body = [tag("p", join(details, " · "), class_="whypin-details")] if details else []
    if attempt.evidence and attempt.log:  # it is output then, line by line, and no Markdown
        lines = [line for line in attempt.evidence.splitlines() if line.strip()]
        body.append(tag("pre", tag("code", encode("\n".join(lines)))))
    elif attempt.evidence:
        body.append(view.prose(attempt.evidence))
    return tag("li", head, *body, class_=f"whypin-is-{attempt.outcome}")


def _waiver(view: View, waiver: Waiver) -> Html:
    head = tag("p", tag("strong", waiver.advisory), " until ", day(waiver.expires), class_="whypin-item-head")
    return tag(
        "li", head, view.prose(waiver.reason), *([codes([waiver.justification])] if waiver.justification else [])
    )
