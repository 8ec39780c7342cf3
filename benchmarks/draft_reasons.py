"""How well drafts are found in real comments beside requirements: the labelled collection beside the checkout.

A comment counts as found where it becomes a draft. Fields are scored over the comments that are reasons, as the
collection's README says: sets are equal, an exit criterion shares half of the labelled words. Nothing is learned from
the collection but what a person read in it: so the spread over its repositories is printed too, and what comes of it
where the threshold is chosen without the repository that is judged. Another file can be named as the argument.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from whypin.drafts import reason
from whypin.drafts.comments import from_requirement
from whypin.drafts.draft import Draft, Facts
from whypin.drafts.facts import facts
from whypin.model.location import Location
from whypin.model.manifest import Requirement
from whypin.syntax.constraint import as_one, to_pep440

COMMENTS = Path(__file__).resolve().parents[2] / "shared" / "comments" / "comments.json"
FIELDS = ("links", "failing_versions", "blocker", "exit_criterion")
SAMPLES = 2_000


class Judged(NamedTuple):
    """One comment: what it is by its label, what was made of it, and which fields were right."""

    repo: str
    wanted: bool
    score: int
    draft: Draft | None
    right: Mapping[str, bool]
    text: str

    @property
    def found(self) -> bool:
        return self.draft is not None


def requirement(item: Mapping[str, Any]) -> Requirement:
    """Return the requirement that a labelled comment stands beside; its `spec` is as the file has it."""
    written = item["spec"].strip()
    comment = " ".join(filter(None, (item["block"], item["inline"])))
    where = Location(item["file"], item["line"])
    if written.startswith(("@", "{")):
        return Requirement(item["name"], "", "main", where, url=written, comment=comment)
    plain = written.partition(";")[0].strip().strip('"')
    return Requirement(item["name"], as_one(to_pep440(plain)) if plain else "", "main", where, comment=comment)


def judge(item: Mapping[str, Any]) -> Judged:
    """Return what becomes of one labelled comment."""
    need = requirement(item)
    label = item["label"]
    wanted = label["kind"] == "version-reason"
    told = facts(need.comment, need.name, need.specifier)
    right = {field: is_right(field, told, label) for field in FIELDS} if wanted else {}
    score = reason.weigh(need.comment, need.name, need.specifier or need.url or "").score
    return Judged(item["repo"], wanted, score, from_requirement(need), right, need.comment)


def is_right(field: str, told: Facts, label: Mapping[str, Any]) -> bool:
    """Whether a field was read as it is labelled."""
    got, wanted = getattr(told, field), label[field]
    if field in ("links", "failing_versions"):
        return {value.strip() for value in got} == {value.strip() for value in wanted}
    if field == "blocker" or not (got and wanted):
        return (got or None) == (wanted or None)
    words = set(wanted.lower().split())
    return len(words & set(got.lower().split())) * 2 >= len(words)


def rates(judged: Iterable[Judged], threshold: int = reason.THRESHOLD) -> tuple[float, float]:
    """Return precision and recall at a threshold; what cannot be told is 1."""
    found = [(one.wanted, one.score >= threshold) for one in judged]
    right = sum(wanted and got for wanted, got in found)
    return right / (sum(got for _, got in found) or right or 1), right / (sum(wanted for wanted, _ in found) or 1)


def held_out(folds: Mapping[str, Sequence[Judged]]) -> tuple[float, float]:
    """Return precision and recall where each repository is judged by the threshold that suits all others best."""
    wanted = got = right = 0
    for repo, fold in folds.items():
        others = [one for name, rest in folds.items() if name != repo for one in rest]
        best = max(range(1, 7), key=lambda threshold: harmonic(*rates(others, threshold)))
        wanted += sum(one.wanted for one in fold)
        got += sum(one.score >= best for one in fold)
        right += sum(one.wanted and one.score >= best for one in fold)
    return right / got, right / wanted


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall or 1)


def spread(folds: Sequence[Sequence[Judged]]) -> list[tuple[float, float]]:
    """Return the 5th and 95th percentile of precision and of recall over repositories drawn with replacement."""
    chance = random.Random(7)
    drawn = [rates([one for fold in chance.choices(folds, k=len(folds)) for one in fold]) for _ in range(SAMPLES)]
    ordered = [sorted(values) for values in zip(*drawn, strict=True)]
    return [(values[SAMPLES // 20], values[-SAMPLES // 20]) for values in ordered]


def show(judged: Sequence[Judged]) -> None:
    """Print the figures, then every comment that was judged wrongly."""
    precision, recall = rates(judged)
    wanted, found = sum(one.wanted for one in judged), sum(one.found for one in judged)
    print(f"{len(judged)} comments, {wanted} reasons, {found} drafts")
    print(f"drafts            precision {precision:.1%}  recall {recall:.1%}  (asked for: 90% at 70%)")
    for sure in ("high", "medium", "low"):
        group = [one.wanted for one in judged if one.draft is not None and one.draft.sure == sure]
        print(f"  sure: {sure:10}  {sum(group):3} of {len(group):3} are reasons")
    for threshold in range(1, 7):
        precision, recall = rates(judged, threshold)
        chosen = "*" if threshold == reason.THRESHOLD else " "
        print(f"  threshold {threshold}{chosen}      {precision:.1%} at {recall:.1%}")
    fields = [one.right for one in judged if one.right]
    for field in FIELDS:
        right = sum(one[field] for one in fields)
        print(f"{field:17} {right:4} of {len(fields)} right ({right / len(fields):.1%})")


def show_by_repository(judged: Sequence[Judged]) -> None:
    """Print what the figures may be elsewhere: repository by repository, held out, and drawn at random."""
    folds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        folds[one.repo].append(one)
    precision, recall = held_out(folds)
    print(f"threshold from the other repositories: precision {precision:.1%}  recall {recall:.1%}")
    (low, high), (lowest, highest) = spread(list(folds.values()))
    print(
        f"repositories drawn at random, 90% of draws: precision {low:.1%}-{high:.1%}  recall {lowest:.1%}-{highest:.1%}"
    )
    for repo, fold in sorted(folds.items(), key=lambda pair: -len(pair[1])):
        wrong, missed = (sum(one.found is got and one.wanted is not got for one in fold) for got in (True, False))
        if wrong or missed:
            print(f"  {repo:40} {len(fold):3} comments: {wrong} wrongly drafted, {missed} missed")


def main(path: str = str(COMMENTS)) -> None:
    if not Path(path).is_file():
        print("the labelled comments are not beside the checkout")
        return
    judged = [judge(item) for item in json.loads(Path(path).read_text(encoding="utf-8"))]
    show(judged)
    show_by_repository(judged)
    for one in judged:
        if one.found is not one.wanted:
            print(f"    {'wrongly drafted' if one.found else 'missed'}: {one.text[:100]}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
