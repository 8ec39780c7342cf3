"""What advisories say of a project's locks, with what the project has decided about each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from whypin.model.advisory import Alerts, Hit, Unchecked
from whypin.model.alert import RATINGS, Standing, State, standings
from whypin.model.project import Project, entry_key

_STATES: tuple[State, ...] = ("open", "blocked", "waived", "ignored")
_MOST_FIXED = 3
#: The worst first; what nobody has rated may be the worst.
_RANKS = {rating: rank for rank, rating in enumerate(("critical", "unknown", *reversed(RATINGS[:-1])))}


class Audit(NamedTuple):
    """The alerts, what is to be done first before the rest, and what was not checked.

    `checked` counts the packages, one for each name in each lock, that could be held against the data; `unchecked`
    those that could not, or not against all of it. The project's own members are in neither.
    """

    alerts: Alerts
    rows: tuple[Standing, ...]
    checked: int
    unchecked: int
    unchecked_entries: tuple[Unchecked, ...]

    @property
    def errors(self) -> int:
        """How many alerts are errors."""
        return sum(row.level == "error" for row in self.rows)

    def having(self, state: State) -> int:
        """How many alerts are in a state."""
        return sum(row.state == state for row in self.rows)


def audit(project: Project, alerts: Alerts) -> Audit:
    """Return what the advisories come to; the same alert for several files of one version is told once."""
    packages = {(lock.path, entry_key(entry)) for lock in project.locks for entry in lock.entries if not entry.member}
    open_ends = {(one.lock, entry_key(one.entry)) for one in alerts.unchecked}
    missing = {(one.lock, entry_key(one.entry), one.entry.version, one.why): one for one in alerts.unchecked}
    rows = ordered(standings(project))
    return Audit(alerts, rows, len(packages - open_ends), len(open_ends), tuple(missing.values()))


def ordered(found: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return what is to be done before the rest, errors before warnings, the worst before the others, each once."""
    return tuple(sorted({_identity(row): row for row in reversed(list(found))}.values(), key=_order))


def _identity(row: Standing) -> tuple[object, ...]:
    entry = row.hit.entry
    return row.hit.lock, entry_key(entry), entry.version, row.hit.advisory.name, row.state, row.level


def _order(row: Standing) -> tuple[object, ...]:
    hit = row.hit
    settled = row.state in ("waived", "ignored")
    rank = _RANKS.get(hit.advisory.severity.rating, len(_RANKS))
    entry = hit.entry
    return settled, row.level != "error", rank, entry.name, hit.lock, entry.location.line, hit.advisory.name, row.state


def verdict(audit: Audit) -> str:
    """Return what it comes to; that nothing matches says something of this data, and of nothing else."""
    rest = f"{audit.unchecked} could not be checked"
    packages = _count(audit.checked, "checked package")
    if not audit.rows:
        return f"no advisory of this data matches {packages}; {rest}"
    states = [f"{number} {state}" for state in _STATES if (number := audit.having(state))]
    return (
        f"{_count(len(audit.rows), 'alert')}: {', '.join(states)}; {_count(audit.errors, 'error')}; {packages}, {rest}"
    )


def severity(hit: Hit) -> str:
    """Return the word with the score; where nobody has rated it, the vector, so that a person can."""
    rating, vector, score = hit.advisory.severity
    if score is not None:
        return f"{rating} {score:.1f}"
    return f"{rating} ({vector})" if rating == "unknown" and vector else rating


def fixed(hit: Hit) -> str:
    """Return the nearest versions that end it."""
    more = ", …" if len(hit.fixed) > _MOST_FIXED else ""
    return ", ".join(hit.fixed[:_MOST_FIXED]) + more or ("none to rely on" if hit.doubtful else "none named")


def state(row: Standing) -> str:
    """Return what the project makes of an alert, in words."""
    if row.state == "waived" and row.waiver is not None:
        return f"waived until {row.waiver.waiver.expires} by {row.waiver.record.id}"
    if row.state == "ignored":
        return f"ignored: {row.reason}"
    blocked = ", ".join(record.id for record in row.way.blocking)
    words = f"blocked by {blocked}" if row.state == "blocked" else "open"
    return f"{words} (a warning)" if row.level == "warning" else words


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
