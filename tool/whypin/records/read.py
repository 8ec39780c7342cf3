"""Read one decision record: every problem is reported at once, each at its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from whypin.model.record import Record
from whypin.model.tree import Node, Problem
from whypin.records.format import RECORD, STATUSES
from whypin.schema.kinds import Report
from whypin.syntax.yaml import parse

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?:-|\Z)")


def read(text: str, path: str) -> tuple[Record | None, list[Problem]]:
    """Return the record in the text and what is wrong with it; the record is None where anything is.

    `path` is relative to the root; its stem is the record's id.
    """
    problems: list[Problem] = []
    tree, found = parse(text)
    problems += found

    def report(node: Node, message: str, fix: str) -> None:
        problems.append(Problem(node.line, node.column, message, fix))

    if tree is None:
        if not problems:
            problems.append(Problem(1, 1, "the file is empty", "whypin schema prints the fields of a record"))
        return None, problems
    values = RECORD.values(tree, report)
    stem = path.rpartition("/")[2].removesuffix(".yaml")
    if not _ID.match(stem):
        problems.append(Problem(1, 1, f"{stem!r} is not an id: lower case letters, digits and ._-", "rename the file"))
    day = _date(values, tree, stem, report)
    _check_whole(tree, report)
    if problems or values is None or day is None:
        return None, sorted(problems)
    return Record(**(values | {"date": day}), id=stem, path=path, tree=tree), []


def _date(values: dict[str, Any] | None, tree: Node, stem: str, report: Report) -> date | None:
    if values is not None and values["date"] is not None:
        return values["date"]  # type: ignore[no-any-return]
    if tree.find("date") is not None:
        return None
    match = _DATED.match(stem)
    try:
        if match:
            return date.fromisoformat(match[1])
    except ValueError:
        pass
    report(tree, "date is missing", "add date: YYYY-MM-DD, or begin the file's name with it")
    return None


def _check_whole(tree: Node, report: Report) -> None:
    """What no single field can tell."""
    if not isinstance(tree.value, dict):
        return
    status, rationale = tree.find("status"), tree.find("rationale")
    needed = status is not None and status.value in STATUSES[1:]
    if needed and (rationale is None or (isinstance(rationale.value, str) and not rationale.value.strip())):
        report(
            rationale or status or tree,
            "no rationale, which a decision that is not just proposed needs",
            "say why under rationale:",
        )
    if not _filled(tree, "packages") and not _filled(tree, "artifacts"):
        report(tree.find("packages") or tree, "neither packages nor artifacts", "add packages: {NAME: VERSION}")
    artifacts = tree.find("artifacts")
    for artifact in artifacts.value if artifacts is not None and isinstance(artifacts.value, list) else []:
        assert isinstance(artifact, Node)
        _check_artifact(artifact, report)
    source = tree.find("source")
    if source is None or not isinstance(source.value, dict):
        return
    keys = source.value.keys()
    if ("file" in keys) == ("commit" in keys) or ("line" in keys and "file" not in keys):
        report(source, "not exactly one of file and commit", "write {file: PATH, line: N} or {commit: HASH}")


def _filled(tree: Node, key: str) -> bool:
    node = tree.find(key)
    return node is not None and bool(node.value)


def _check_artifact(artifact: Node, report: Report) -> None:
    if not isinstance(artifact.value, dict):
        return
    file, pattern = artifact.value.get("file"), artifact.value.get("pattern")
    if (file is None) != (pattern is None):
        report(artifact, "only one of file and pattern", "give both, or neither")
    if pattern is not None and isinstance(pattern.value, str) and pattern.value.count("{version}") != 1:
        report(
            pattern, "the pattern does not hold {version} exactly once", 'write it like "FROM nvidia/cuda:{version}-"'
        )
