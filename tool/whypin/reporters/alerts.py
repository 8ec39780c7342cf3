"""What is always said of the advisories that a check used: their date, and what they could not be held against."""

from __future__ import annotations

from collections.abc import Iterator

from whypin.model.advisory import Alerts
from whypin.reporters.escape import cut, one_line

_MOST_NAMES = 5


def render(alerts: Alerts) -> Iterator[str]:
    """Yield lines for stderr. Nothing here ever says that there is no vulnerability."""
    left_out = f"; {alerts.left_out} files of the export could not be read" if alerts.left_out > 1 else ""
    left_out = "; 1 file of the export could not be read" if alerts.left_out == 1 else left_out
    yield f"advisories of {alerts.date}: {alerts.count}{left_out}"
    reasons: dict[str, dict[str, None]] = {}
    for one in alerts.unchecked:
        reasons.setdefault(one.why, {})[one.entry.name] = None
    for why, names in reasons.items():
        shown = ", ".join([*list(names)[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])])
        yield one_line(cut(f"not checkable, {why}: {len(names)} ({shown})", 300))
