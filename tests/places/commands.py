"""whypin as a command on the PATH, as an installation puts it there."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def installed(folder: Path) -> Path:
    """Write a command `whypin` of this interpreter's whypin into a folder, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / "whypin"
    command.write_text(f"#!{sys.executable}\nfrom whypin.cli import main\n\nmain()\n")
    command.chmod(0o755)
    return folder


def environment(commands: Path, **more: str) -> dict[str, str]:
    """Return an environment with little more in it than a PATH that begins with a folder of commands."""
    return {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **more}
