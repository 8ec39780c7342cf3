"""How bad an advisory is, by its CVSS vector where it has no word for that.

The score comes from the library `cvss` (the extra `whypin[audit]`), which is imported only where something is affected.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from whypin.model.advisory import Severity

#: The longest that any version of CVSS has, with every metric in it, is shorter.
_LONGEST = 400


def rated(severity: Severity) -> Severity:
    """Return the severity with the score of its vector; the advisory's own word counts before the score's.

    Without the library, or with a vector that it can't read, it is as it was: what nobody has rated stays unknown.
    """
    found = _scored(severity.vector) if severity.vector else None
    if found is None:
        return severity
    score, word = found
    return severity._replace(rating=word if severity.rating == "unknown" else severity.rating, score=score)


@lru_cache(maxsize=4096)
def _scored(vector: str) -> tuple[float, str] | None:
    """Return the base score of a vector and its word for it: none, low, medium, high or critical."""
    if len(vector) > _LONGEST:
        return None
    try:
        from cvss.cvss2 import CVSS2
        from cvss.cvss3 import CVSS3
        from cvss.cvss4 import CVSS4
        from cvss.exceptions import CVSSError
    except ImportError:
        return None
    kind: Any = CVSS4 if vector.startswith("CVSS:4") else CVSS3 if vector.startswith("CVSS:3") else CVSS2
    try:
        read = kind(vector)
        score, word = float(read.scores()[0]), str(read.severities()[0]).lower()
    # The library raises the plain errors too where a vector is broken in a way that it did not think of.
    except (CVSSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return (score, word) if word in ("none", "low", "medium", "high", "critical") else None
