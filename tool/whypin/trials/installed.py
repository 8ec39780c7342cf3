"""What an environment holds, by the names of the folders that installers leave beside what they install."""

from __future__ import annotations

import glob
import os
import re

from whypin.model.names import normalise


def installed(environment: str) -> dict[str, str]:
    """Return the version of each package in an environment, by its normal name."""
    places = [("lib*", "python*"), ("lib*", "pypy*"), ("Lib",)]
    found = {}
    for place in places:
        pattern = os.path.join(glob.escape(environment), *place, "site-packages", "*.*-info")
        for path in glob.glob(pattern):
            match = re.fullmatch(r"([^-]+)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info", os.path.basename(path))
            if match is not None:
                found[normalise(match[1])] = match[2]
    return found
