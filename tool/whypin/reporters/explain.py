"""What is known about one package, for a person: who decided what, what the policy asks, why it is locked at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from whypin.model.audit import fixed, severity, state
from whypin.model.explanation import AskedVersion, Decision, Explanation, Holding, Stated
from whypin.model.lock import Entry, abridged
from whypin.model.manifest import Requirement
from whypin.model.record import Attempt, ExitCriterion, Record
from whypin.reporters.audit import data
from whypin.reporters.explain_paths import blocks as path_blocks
from whypin.reporters.explain_paths import some
from whypin.reporters.layout import Line, Part, block, laid_out, shortened

_RATIONALE = 400
_EVIDENCE = 200
#: So many lines of a trial's evidence are shown; its log has the rest.
_LINES = 4
_STATES = {"decided": "clean", "undecided": "error", "exempt": "warning", "not-required": ""}


def render_text(explanation: Explanation, color: bool = False, everything: bool = False) -> str:
    """Return one section a subject, with the places as editors can open them; `everything` leaves out nothing."""
    sections = [
        _head(explanation),
        _about_version(explanation, explanation.about_version),
        _decisions(explanation),
        _advisories(explanation),
        _artifacts(explanation.artifacts),
        _attempts(explanation, everything),
        _others(explanation),
        *(_holding(holding, everything) for holding in explanation.holdings),
    ]
    return "\n".join(laid_out(lines, color) for section in sections if (lines := list(section)))


def _head(explanation: Explanation) -> Iterator[Line]:
    name, version = explanation.question
    yield Line(0, (Part(f"{name}=={version}" if version else name, "path"),))
    for holding in explanation.holdings:
        package = holding.package
        state = Part(package.state.replace("-", " "), _STATES[package.state])
        yield Line(1, (Part(f"{package.location}: "), Part(", ".join(package.versions), "path"), Part(", "), state))
    if explanation.in_conda:
        yield Line(1, (Part(f"conda:{name} is locked too: "), Part(f"whypin explain conda:{name}", "fix")))
    if not explanation.holdings and not explanation.artifacts:
        yield Line(1, (Part("not locked", "warning"),))


def _about_version(explanation: Explanation, about: AskedVersion | None) -> Iterator[Line]:
    if about is None:
        return
    yield Line(0, (Part(f"Version {about.version}", "path"),))
    yield from block(1, f"locked in {some(about.locked, 4)}" if about.locked else "not locked")
    for record, answer in about.answers:
        kind = "clean" if answer == "accepts" else "error"
        words = "" if answer == "accepts" else f": it accepts {_accepted(record, explanation)}"
        yield Line(1, (Part(f"{record.id} "), Part(f"{answer} it", kind), Part(words)))
    if not about.answers:
        yield Line(1, (Part("no decision in force speaks of it"),))
    for record, option in about.options:
        yield from block(1, f"considered in {record.id}: {option.option}: {option.verdict}, because {option.because}")
    for record, attempt in about.attempts:
        yield from _attempt(record, attempt)
    if not about.attempts:
        yield Line(1, (Part("no attempt is logged"),))


def _decisions(explanation: Explanation) -> Iterator[Line]:
    if not explanation.decisions and not explanation.holdings:
        return
    yield Line(0, (Part("Decisions in force", "path"),))
    for number, decision in enumerate(explanation.decisions):
        if number:
            yield Line(0, ())
        yield from _decision(decision, explanation)
    if not explanation.decisions:
        yield Line(1, (Part("none"),))


def _decision(decision: Decision, explanation: Explanation) -> Iterator[Line]:
    record = decision.record
    yield from block(1, f"{record.id}: {record.title}", "path")
    yield Line(2, (Part(str(record.package_place(explanation.question.name))),))
    yield Line(2, tuple(_status(decision, explanation)))
    yield from _fit(decision, explanation)
    for paragraph in _first_words(record.rationale):
        yield Line(0, ())
        yield from block(2, paragraph, hang=False)
    if record.exit_criteria or record.waivers:
        yield Line(0, ())
    for criterion in record.exit_criteria:
        yield from block(2, f"lapses {_lapse(criterion)}")
    for waiver in record.waivers:
        until = "was accepted until" if waiver.expires <= explanation.project.today else "is accepted until"
        yield from block(2, f"{waiver.advisory} {until} {waiver.expires}: {waiver.reason}")


def _status(decision: Decision, explanation: Explanation) -> Iterator[Part]:
    record, due = decision.record, decision.review_by
    yield Part(f"{record.status} on {record.date} by {', '.join(record.deciders)}; ")
    if due is None:
        yield Part("never reviewed")
    elif due <= explanation.project.today:
        yield Part(f"review due since {due}", "warning")
    else:
        yield Part(f"review by {due}")


def _fit(decision: Decision, explanation: Explanation) -> Iterator[Line]:
    """Yield what the record accepts, and how the locks stand to that."""
    yield from block(2, f"accepts {_accepted(decision.record, explanation)}")
    kinds = (
        ("decides it in", decision.decides, "clean"),
        ("has no upper bound, and so does not decide it, in", decision.accepts, "warning"),
        ("rejects what is locked in", decision.rejects, "error"),
    )
    for words, locks, kind in kinds:
        if locks:
            yield from block(2, f"{words} {some(locks, 4)}", kind)
    if explanation.holdings and not any(locks for _, locks, _ in kinds):
        yield from block(2, f"speaks of other locks only: {', '.join(decision.record.locks)}", "warning")


def _accepted(record: Record, explanation: Explanation) -> str:
    items = record.packages[explanation.question.name]
    return " or ".join(item.text + (f" from {item.index}" if item.index else "") for item in items)


def _first_words(text: str) -> list[str]:
    """Return the first paragraphs of a text, as many as can be read at a glance."""
    found: list[str] = []
    left = _RATIONALE
    for paragraph in filter(str.strip, text.split("\n\n")):
        if left < _RATIONALE // 4:
            found[-1] = found[-1].removesuffix(" ...") + " ..."
            break
        found.append(shortened(paragraph, left))
        left -= len(found[-1])
    return found


def _lapse(criterion: ExitCriterion) -> str:
    if criterion.kind == "locked":
        return f"when the lock holds {criterion.value}"
    if criterion.kind == "unlocked":
        return f"when {criterion.value} is no longer locked"
    return f"on {criterion.value}" if criterion.kind == "date" else f"when this is settled: {criterion.value}"


def _advisories(explanation: Explanation) -> Iterator[Line]:
    """Yield what the advisories say of a locked package; where they say nothing, of which day that is."""
    alerts = explanation.project.advisories
    if alerts is None or not explanation.holdings:
        return
    yield Line(0, (Part("Advisories", "path"),))
    for row in explanation.alerts:
        ids, summary = row.hit.advisory.ids, row.hit.advisory.summary
        others = f" ({', '.join(ids[1:4])})" if len(ids) > 1 else ""
        yield from block(1, f"{ids[0]}{others}{f': {summary}' if summary else ''}", row.level or "")
        about = f"{row.hit.entry.version}, severity {severity(row.hit)}, fixed in {fixed(row.hit)}"
        yield from block(2, f"{row.hit.entry.location}: {about}; {state(row)}")
    for why in dict.fromkeys(one.why for one in explanation.unchecked):
        yield from block(1, f"not checkable: {why}", "warning")
    rest = "nothing else of this data matches: " if explanation.alerts else "nothing of this data matches: "
    yield from block(1, f"{'' if explanation.unchecked else rest}{data(alerts)}")


def _artifacts(artifacts: Sequence[Stated]) -> Iterator[Line]:
    if artifacts:
        yield Line(0, (Part("Artifacts", "path"),))
    for stated in artifacts:
        record, artifact = stated.record, stated.artifact
        standing = "" if stated.active else f", not in force: {record.status}"
        yield from block(1, f"{artifact.name} {artifact.version} ({artifact.kind}{standing}): {record.title}", "path")
        yield Line(2, (Part(str(record.place("artifacts", record.artifacts.index(artifact)))),))
        if not stated.active:
            continue
        for place, version, good in stated.places:
            yield Line(2, (Part(f"{place}: "), Part(version if good else f"{version} is another", _good(good))))
        if not artifact.file:
            yield Line(2, (Part("unverified: the record names no file that holds it", "warning"),))
        elif stated.problem:
            yield from block(2, f"{artifact.file}: {stated.problem}", "error")
        for paragraph in _first_words(record.rationale):
            yield from block(2, paragraph, hang=False)


def _good(good: bool) -> str:
    return "clean" if good else "error"


def _attempts(explanation: Explanation, everything: bool) -> Iterator[Line]:
    told = explanation.about_version.attempts if explanation.about_version else ()
    attempts = [pair for pair in explanation.attempts if pair not in told]
    if attempts:
        yield Line(0, (Part("Other attempts" if told else "Attempts", "path"),))
    shown = attempts if everything else attempts[:5]
    for record, attempt in shown:
        yield from _attempt(record, attempt)
    if len(shown) < len(attempts):
        yield Line(1, (Part(f"and {len(attempts) - len(shown)} more: --all", "fix"),))


def _attempt(record: Record, attempt: Attempt) -> Iterator[Line]:
    outcome = Part(attempt.outcome, _good(attempt.outcome == "passed"))
    yield Line(1, (Part(f"{attempt.date}: {attempt.version} "), outcome, Part(f", logged in {record.id}")))
    # What a trial has logged is output, line by line; what a person has written is prose.
    said = [line for line in attempt.evidence.splitlines() if line.strip()] if attempt.log else [attempt.evidence]
    for line in said[:_LINES]:
        yield from block(2, shortened(line, _EVIDENCE), hang=False)
    if len(said) > _LINES:
        yield from block(2, f"and more in {attempt.log}")


def _others(explanation: Explanation) -> Iterator[Line]:
    if explanation.others:
        yield Line(0, (Part("Not in force", "path"),))
    for record in explanation.others:
        successor = explanation.replaced_by(record) if record.status == "accepted" else None
        standing = f"superseded by {successor}" if successor else record.status
        place = record.package_place(explanation.question.name)
        yield from block(1, f"{place}: {standing}: {shortened(record.title, 80)}")


def _holding(holding: Holding, everything: bool) -> Iterator[Line]:
    package = holding.package
    yield Line(0, (Part(f"In {package.lock.path}", "path"),))
    yield from _policy(holding)
    yield from _entries(holding)
    yield from _declared(holding)
    yield from path_blocks(holding, everything)


def _policy(holding: Holding) -> Iterator[Line]:
    place = f" ({holding.asked_at})" if holding.asked_at else ""
    asked = "a decision is required" if holding.demand.required else "no decision is required"
    yield from block(1, f"{asked}: {holding.demand.reason}{place}")
    if holding.package.state == "exempt":
        yield Line(1, (Part(f"exempt at exactly {', '.join(holding.package.versions)}", "warning"),))


def _entries(holding: Holding) -> Iterator[Line]:
    entries = holding.package.entries
    if len(entries) == 1:
        yield from _entry(entries[0], 1)
        return
    yield Line(1, (Part(f"locked {len(entries)} times:"),))
    needed_by = [_names(positions, holding) for positions in holding.ancestry.parents]
    by_all = set(needed_by[0]).intersection(*needed_by)
    for entry, names in zip(entries, needed_by, strict=True):
        yield from _entry(entry, 2)
        own = [name for name in names if name not in by_all]
        if own:
            yield from block(3, f"needed by {some(own, 8)}")
    if by_all:
        names = [name for name in needed_by[0] if name in by_all]
        yield from block(2, f"any of them may be meant by {some(names, 8)}")


def _names(positions: Iterable[int], holding: Holding) -> list[str]:
    return list(dict.fromkeys(holding.package.lock.entries[position].name for position in positions))


def _entry(entry: Entry, depth: int) -> Iterator[Line]:
    marker = f" for {abridged(entry.marker)}" if entry.marker else ""
    yield from block(depth, f"{entry.location}: {entry.version or 'no version'}{marker}")
    where = f" {entry.index or entry.ref}" if entry.index or entry.ref else ""
    groups = f", in {some(entry.groups, 4)}" if entry.groups else ""
    yield from block(depth + 1, f"from {entry.source}{where}{groups}")


def _declared(holding: Holding) -> Iterator[Line]:
    groups: dict[Requirement, list[str]] = {}
    for requirement in holding.declared:
        groups.setdefault(requirement._replace(group=""), []).append(requirement.group)
    for requirement, found in groups.items():
        words = _written(requirement._replace(group=some(sorted(found), 4)))
        yield from block(1, f"{requirement.location}: declared as {words}")
    for override in holding.overrides:
        behind = f", among what {override.parent} needs" if override.parent else ""
        yield from block(
            1, f"{override.requirement.location}: {override.kind} {_written(override.requirement)}{behind}"
        )
    if not holding.declared and holding.package.direct:
        lock = holding.package.lock
        parents = [at for found in holding.ancestry.parents for at in found if lock.entries[at].member]
        yield from block(1, f"declared by {some(_names(parents, holding), 8) or 'the project itself'}")


def _written(requirement: Requirement) -> str:
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    wanted = requirement.written or requirement.specifier or requirement.url or ""
    marker = f"; {abridged(requirement.marker)}" if requirement.marker else ""
    comment = f"  # {shortened(requirement.comment, 80)}" if requirement.comment else ""
    return f"{requirement.name}{extras} {wanted}".rstrip() + f"{marker}, in {requirement.group}{comment}"


def renderer(name: str) -> Callable[[Explanation, bool, bool], str]:
    """Return the renderer of a format; it takes what is known, whether to colour it, and whether to tell all of it."""
    if name == "json":
        from whypin.reporters.explain_json import render_json

        return render_json
    return render_text
