"""artifact-mismatch: a file holds another version than the decision, or the pattern finds none.

## What it does
Some versions stand in no lock file: the base image in a Dockerfile, the interpreter in `.python-version`, an action in
a workflow, the revision of a model. A record names them under `artifacts`, with the `file` and a `pattern`: the literal
text around `{version}`. Wherever that text stands in the file, the version there has to be the decided one, to the
letter or equal by PEP 440 (`3.11` is `3.11.0`, and not `3.11.4`). A pattern that stands nowhere is reported at the
record, and so is a file that is not there, that is no text, or that lies outside the project. One that steps out with
`..`, or through a link, is never read. An artifact without a file is only stated, and not checked.

## Why
CUDA decides which PyTorch works, as surely as any pin in the lock. These versions move in files that nobody connects
with the decision. And a check that finds nothing to check must not look like one that passed.

## Example
```yaml
artifacts:
  - name: cuda
    kind: image
    version: 12.1.1
    file: Dockerfile
    pattern: "FROM nvidia/cuda:{version}-"   # the Dockerfile says 12.4.1
```

## Fix
Put the decided version back into the file, or write a new record with the new version, `supersedes: [ID]` and its own
reason. If the text around the version has changed, copy it into `pattern`: every space and quotation mark counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath
from typing import TYPE_CHECKING

from whypin.model.finding import Finding, Rule
from whypin.model.location import Location
from whypin.model.project import Project
from whypin.model.record import Artifact, Record
from whypin.model.tree import Problem

if TYPE_CHECKING:
    from whypin.model.artifact import Held

#: More places than these are of no use to anybody; the file is hostile or the pattern too short.
_MOST_PLACES = 50
_LONGEST = 140


def check(project: Project) -> Iterator[Finding]:
    """Yield what is wrong with each artifact in force that names a file."""
    for record in project.records:
        for position, artifact in enumerate(record.artifacts):
            if artifact.file and project.is_active(record, f"artifact:{artifact.name}"):
                yield from _check_one(record, position, artifact, project.files.get(artifact.file))


def _check_one(record: Record, position: int, artifact: Artifact, text: str | Problem | None) -> Iterator[Finding]:
    if not isinstance(text, str):
        problem = text or Problem(1, 1, "there is no such file", "correct the path")
        yield Finding(
            record.place("artifacts", position, "file"),
            f"{artifact.name} cannot be checked: {artifact.file}: {problem.message}",
            problem.fix,
            record=record.id,
        )
        return
    from whypin.model.artifact import find, is_same

    wrong, found = 0, False
    for held in find(artifact.pattern, text, artifact.version):
        found = True
        if not is_same(artifact.version, held.version):
            wrong += 1
            yield _mismatch(record, artifact, held)
            if wrong == _MOST_PLACES:
                return
    if not found:
        yield Finding(
            record.place("artifacts", position, "pattern"),
            f"the pattern of {artifact.name} matches nothing in {artifact.file}",
            "copy the text around the version from the file, to the letter",
            record=record.id,
        )


def _mismatch(record: Record, artifact: Artifact, held: Held) -> Finding:
    version = held.version if len(held.version) <= _LONGEST else f"{held.version[:_LONGEST]}..."
    return Finding(
        Location(normpath(artifact.file), held.line, held.column),
        f"{artifact.name} is {version} here, and {record.id} decided {artifact.version}",
        f"write {artifact.version} here, or write a record that supersedes {record.id}",
        record=record.id,
    )


RULE = Rule("WHY106", "artifact-mismatch", "error", check)
