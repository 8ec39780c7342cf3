"""A trial of other versions: what is to be done, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from whypin.model.difference import Difference
from whypin.model.lifecycle import Due
from whypin.model.location import Location
from whypin.model.record import Record
from whypin.model.version import Item, accepts

Outcome = Literal["passed", "failed", "locked"]
DueOutcome = Literal["passed", "failed", "locked", "nothing to try", "not tried"]
StepOutcome = Literal["passed", "failed", "open", "not reached"]


class Wanted(NamedTuple):
    """A package, by its normal name, and the version that is tried.

    Where the version is "", the newest is meant that fits the specifier set `allowed` ("" for any).
    """

    name: str
    version: str
    allowed: str = ""

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.name}=={self.version}" if self.version else f"{self.name}{self.allowed}"

    def is_met_by(self, version: str | None) -> bool:
        """Whether a locked or installed version is the one that is tried, however it is spelt."""
        return accepts(Item(self.version, self.version), version, None)


class Change(NamedTuple):
    """A constraint in a manifest that has to give way, what it says, and what it says in the scratch copy.

    One that is `passing` is there only to tell the tool which version is meant, and is taken back.
    """

    at: Location
    name: str
    before: str
    after: str
    passing: bool = False


class TrialStep(NamedTuple):
    """One confirmation step, and the ids of the records that ask for it; a trusted one stands in the base as well."""

    kind: str
    text: str
    records: tuple[str, ...]
    trusted: bool


class Taken(NamedTuple):
    """A step and what came of it; `said` are the last lines of its output, where it failed."""

    step: TrialStep
    outcome: StepOutcome
    seconds: float = 0.0
    said: tuple[str, ...] = ()


class Plan(NamedTuple):
    """What a trial will do: the locks that it makes anew, with which tool and commands, and the steps known so far.

    `records` are the ids of those that the attempt is logged in: they are in force or proposed and name a package that
    is tried. `changes` are the edits of manifests, `chosen` the locks that were named with --lock.
    """

    wanted: tuple[Wanted, ...]
    locks: tuple[str, ...]
    tool: str
    commands: tuple[str, ...]
    changes: tuple[Change, ...]
    records: tuple[str, ...]
    steps: tuple[TrialStep, ...]
    chosen: tuple[str, ...] = ()


class Trial(NamedTuple):
    """A trial that is over: `locked` where it was to stop after locking.

    `difference` is what moved, None where no lock was found. `logged` are the paths of the records that have got the
    attempt, `known` of those that have such a result of late and did not get it again. `written` are the paths of the
    files that were changed in place, `next_ids` the records that reject the new versions; for those of them that are to
    be superseded already, `begun` has the id and that of the proposal. `scratch` is the folder that was kept, or empty.
    """

    plan: Plan
    outcome: Outcome
    difference: Difference | None
    steps: tuple[Taken, ...]
    evidence: str
    commands: tuple[str, ...]
    seconds: float
    tool: str
    python: str
    log: str = ""
    logged: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    next_ids: tuple[str, ...] = ()
    scratch: str = ""
    patch: str = ""
    successors: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    begun: tuple[tuple[str, str], ...] = ()

    @property
    def unbegun(self) -> tuple[str, ...]:
        """The ids of the records that reject the new versions and that nothing is proposed to supersede."""
        return tuple(each for each in self.next_ids if each not in dict(self.begun))


class Occasion(NamedTuple):
    """Records that have come due and are tried together, since they share packages; `causes` are what came due.

    `locks` are the paths of the locks that one command makes, and `packages` maps what can be tried to the versions
    that these hold. Where nothing can be tried, both are empty, and `unfit` says why.
    """

    records: tuple[Record, ...]
    causes: tuple[Due, ...]
    locks: tuple[str, ...]
    packages: Mapping[str, tuple[str, ...]]
    unfit: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What has come due, in words."""
        return tuple(
            f"{due.record}: its review was due on {due.day}"
            if due.kind == "review"
            else f"{due.record}: exit criterion met: {due.what}"
            for due in self.causes
        )


class DueTrial(NamedTuple):
    """What came of an occasion: the versions that were tried, or `said`, why nothing was.

    `nothing to try` is as it should be; `not tried` means that something is in the way.
    """

    occasion: Occasion
    outcome: DueOutcome
    newest: tuple[Wanted, ...] = ()
    trial: Trial | None = None
    said: str = ""
