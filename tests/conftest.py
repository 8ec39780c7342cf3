"""What all tests share: property tests are not timed, and in CI they try the same examples every time."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("whypin", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("whypin")
