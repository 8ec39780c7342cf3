"""Small projects on disk: files written from text, locks as uv writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

RECORD = """\
title: Hold {name} where the pipeline works
status: accepted
deciders: [data-platform]
packages:
  {name}: {versions}
rationale: The feature pipeline was validated with this release and breaks with the next one.
"""


def record(name: str = "numpy", versions: str = "1.26.4", review: str = "never") -> str:
    """Return the text of a valid record about one package; it falls due on no day that a machine may have."""
    return RECORD.format(name=name, versions=versions) + (f"review_by: {review}\n" if review else "")


def uv_lock(**versions: str) -> str:
    """Return a uv.lock of a project `app` that needs each of the packages directly."""
    edges = "".join(f'    {{ name = "{name}" }},\n' for name in versions)
    head = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    root = f'\n[[package]]\nname = "app"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\ndependencies = [\n{edges}]\n'
    source = 'source = { registry = "https://index.example/simple" }'
    sdist = 'sdist = { url = "https://files.index.example/a.tar.gz", hash = "sha256:00" }'
    entries = (
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n{source}\n{sdist}\n'
        for name, version in versions.items()
    )
    return head + root + "".join(entries)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
