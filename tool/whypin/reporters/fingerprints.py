"""Fingerprints, by which a service knows a finding again after the file around it has changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from whypin.model.finding import Finding

_NUMBERS = re.compile(r"\d+")


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return 32 hexadecimal digits for each finding, no two alike.

    They depend on rule, path, package, record and message, but neither on lines nor on numbers in the message: a
    version that moves on, or a day that passes, is no new finding. Those that are alike in all are told apart by order.
    """
    seen: Counter[str] = Counter()
    made: list[str] = []
    for finding in findings:
        identity = _identity(finding)
        made.append(_digest(f"{identity}\0{seen[identity]}"))
        seen[identity] += 1
    return made


def _identity(finding: Finding) -> str:
    message = _NUMBERS.sub("0", " ".join(finding.message.split()))
    parts = (finding.code, finding.location.path, finding.package or "", finding.record or "", message)
    return "\0".join(part.replace("\0", "\\0") for part in parts)


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
