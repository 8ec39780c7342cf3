"""A decision record: why a version was chosen, what was tried, when the reason lapses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day
from typing import Literal, NamedTuple

from whypin.model.location import Location
from whypin.model.names import record_key
from whypin.model.tree import Node
from whypin.model.version import Item

#: The decider in a draft: somebody has to stand for a decision, and of a comment nobody knows who did.
NOBODY = "to be named"

Status = Literal["proposed", "accepted", "rejected", "deprecated"]


class Option(NamedTuple):
    """An option that was considered, the verdict on it, and why."""

    option: str
    verdict: str
    because: str


class Step(NamedTuple):
    """One step of the test procedure: a command (`run`) or a manual check (`check`)."""

    kind: str
    text: str


class ExitCriterion(NamedTuple):
    """A condition under which the reason lapses; `kind` is locked, unlocked, date or issue."""

    kind: str
    value: str


class Waiver(NamedTuple):
    """An advisory that is knowingly accepted until it expires."""

    advisory: str
    reason: str
    expires: Day
    justification: str


class Attempt(NamedTuple):
    """One logged trial of another version."""

    date: Day
    package: str
    version: str
    outcome: str
    evidence: str
    commands: tuple[str, ...]
    duration: str
    tool: str
    python: str
    log: str


class Artifact(NamedTuple):
    """A version that no lock file holds; `file` and `pattern` say where it can be read, or both are empty."""

    name: str
    kind: str
    version: str
    file: str
    pattern: str


class Origin(NamedTuple):
    """Where a draft's words came from: a file and line, or a commit."""

    file: str
    line: int | None
    commit: str


class Record(NamedTuple):
    """One decision about one or several packages; `id` is the file's stem, `path` is relative to the root.

    `packages` maps each name in normal form to the items that its locked entries must match. `review_by` is None
    where the policy's period applies. `tree` is the document as read: it knows where everything stands.
    """

    id: str
    path: str
    title: str
    status: Status
    deciders: tuple[str, ...]
    date: Day
    packages: Mapping[str, tuple[Item, ...]]
    rationale: str
    context: str
    considered_options: tuple[Option, ...]
    consequences: tuple[str, ...]
    confirmation: tuple[Step, ...]
    exit_criteria: tuple[ExitCriterion, ...]
    review_by: Day | Literal["never"] | None
    waivers: tuple[Waiver, ...]
    attempts: tuple[Attempt, ...]
    artifacts: tuple[Artifact, ...]
    locks: tuple[str, ...]
    supersedes: tuple[str, ...]
    links: tuple[str, ...]
    tags: tuple[str, ...]
    source: Origin | None
    tree: Node

    def place(self, *path: str | int) -> Location:
        """Return where a value stands (`"packages", "numpy"`), or its nearest enclosing value that is there."""
        for end in range(len(path), -1, -1):
            node = self.tree.find(*path[:end])
            if node is not None:
                return Location(self.path, node.line, node.column)
        return Location(self.path)

    def package_place(self, name: str, item: int | None = None) -> Location:
        """Return where the versions of a package (by normal name) stand, or one item of its list."""
        packages = self.tree.find("packages")
        if packages is not None and isinstance(packages.value, dict):
            for key in packages.value:
                if record_key(key) == name:
                    return self.place("packages", key) if item is None else self.place("packages", key, item)
        return self.place("packages")
