from __future__ import annotations

import os
import sys
from subprocess import run

import pytest

from whypin.syntax.pep508 import Parsed, parse

EITHER = "os_name == 'b' or os_name == \"nt\""
URL = "https://files.index.example/torch-2.0.whl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numpy", Parsed("numpy")),
        ("  Jaraco.Text >= 3 ", Parsed("jaraco-text", ">=3")),
        ("numpy>=1.26,<2", Parsed("numpy", ">=1.26,<2")),
        ("numpy==1.26.*", Parsed("numpy", "==1.26.*")),
        ("torch==2.1.0+cu118", Parsed("torch", "==2.1.0+cu118")),
        ("requests[Socks, use_chardet]~=2.1", Parsed("requests", "~=2.1", ("socks", "use-chardet"))),
        ("a; python_version < '3.10'", Parsed("a", marker="python_version < '3.10'")),
        (f"a>=1 ; {EITHER}", Parsed("a", ">=1", (), EITHER)),
        ("a (>=1)", Parsed("a", ">=1")),
        ("a===1.0-odd", Parsed("a", "===1.0-odd")),
        (f"torch @ {URL}", Parsed("torch", url=URL)),
        (f"torch @ {URL} ; extra == 'gpu'", Parsed("torch", marker='extra == "gpu"', url=URL)),
    ],
)  # fmt: skip
def test_a_requirement_is_read(text: str, expected: Parsed) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "numpy ^1.2", "numpy>=1 foo", "a[b", "-e .", "a;python_version<", "a; nothing == 'x'", "a>=1.x", "a~=1",
        "a\x1b",
        "a" * 300, "a" * 20_000, "a==1." + "9" * 5000, "a;" + "(" * 4000 + "os_name=='x'" + ")" * 4000, "a-", "../a",
    ],
)  # fmt: skip
def test_what_is_no_requirement_is_refused_in_a_short_line(text: str) -> None:
    with pytest.raises(ValueError, match="is not a") as caught:
        parse(text)
    assert len(str(caught.value)) < 250 and "\n" not in str(caught.value)


def test_an_ordinary_requirement_does_not_pay_for_the_packaging_library() -> None:
    code = (
        "import sys; from whypin.syntax.pep508 import parse;"
        "parse('numpy[x]>=1.26,<2; python_version < \"3.12\"'); print('packaging' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "False\n"
