"""Other tools' own schemas, asked by check-jsonschema, which carries them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def complaint(folder: Path, schema: str, name: str, text: str) -> str:
    """Return what a schema has to say against a file; nothing where it is valid."""
    (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
