"""What can be told of the debt over time, drawn: from the days of the decisions and, if known, the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from whypin.catalogue import charts
from whypin.catalogue.charts import Share
from whypin.catalogue.markup import Html, heading, tag
from whypin.catalogue.timeline import months_until
from whypin.catalogue.view import Subject, View

#: A year, with the same month at both ends.
_MONTHS = 13


def section(view: View) -> Iterator[str]:
    """Yield the heading and the drawings; nothing where there is nothing to draw."""
    drawn = [chart for chart in _charts(view) if chart]
    if drawn:
        yield heading(2, "Over time")
        yield f"{tag('div', *map(Html, drawn), class_='whypin-charts')}\n"


def _charts(view: View) -> Iterator[str]:
    yield _decided(view)
    if view.past is not None:
        today = view.project.today.isoformat()[:7]
        points = view.past.locked_by_month
        if points and points[-1][0] < today:
            points = [*points, (today, points[-1][1])]
        yield charts.line("locked", "Locked packages", points)
        months = months_until(view.project.today, _MONTHS)
        moved = [Share(charts.short_month(month), view.past.moves_by_month[month]) for month in months]
        yield charts.columns("moved", "Locked versions that moved in the last year", moved)


def _decided(view: View) -> str:
    """Draw how old the decisions are that decide what is required today; what was required once is not known."""
    decided = [one for one in view.subjects.values() if one.required and one.state == "decided"]
    today = view.project.today.isoformat()[:7]
    months = sorted(min(month, today) for one in decided if (month := _since(one)))
    if not months:
        return ""
    number = Counter(months)
    by_month = {month: number[month] for month in (*number, today)}
    points = list(zip(by_month, accumulate(by_month.values()), strict=True))
    return charts.line("since", "Required packages, by the day of the decision in force", points)


def _since(subject: Subject) -> str:
    """Return the month of the oldest decision in force that alone would decide the package."""
    bounded = (one for one in subject.records if all(item.bounded for item in one.packages[subject.name]))
    return min((record.date.isoformat()[:7] for record in bounded), default="")
