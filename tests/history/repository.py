"""Real git repositories, built by git: every commit an hour after the one before, all by one author."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.folders import write

_FIRST = 1_767_225_600  # 2026-01-01T00:00:00Z
_HOUR = 3600
PLAIN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": os.devnull}


class Repository:
    """A repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commits = 0
        self.author = "Ada Lovelace"
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, check: bool = True) -> str:
        """Run git, and return what it prints."""
        time = f"{_FIRST + self.commits * _HOUR} +0000"
        person = {
            f"GIT_{role}_{field}": value
            for role in ("AUTHOR", "COMMITTER")
            for field, value in (("NAME", self.author), ("EMAIL", "ada@index.example"), ("DATE", time))
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            capture_output=True,
            check=False,
            env={**os.environ, **PLAIN, **person},
        )
        assert done.returncode == 0 or not check, done.stderr.decode()
        return done.stdout.decode("utf-8", "replace")

    def commit(self, subject: str, files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Write files (None: delete it), commit everything, and return the hash."""
        given = files or {}
        write(self.folder, {path: text for path, text in given.items() if text is not None})
        for path in (path for path, text in given.items() if text is None):
            (self.folder / path).unlink()
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        self.commits += 1
        return self.head()

    def head(self) -> str:
        """Return the hash of the commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()

    def merge(self, branch: str) -> str:
        """Merge a branch with a commit of its own, and return its hash."""
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        self.commits += 1
        return self.head()

    def revert(self, commit: str) -> str:
        """Revert a commit, and return the new one."""
        self.git("revert", "--no-edit", commit)
        self.commits += 1
        return self.head()


def poetry_lock(**versions: str) -> str:
    """Return a poetry.lock as Poetry 1.1 wrote it: keys in alphabetical order, files at the end."""
    entries = "".join(
        f'[[package]]\ncategory = "main"\ndescription = "A package"\nname = "{name}"\noptional = false\n'
        f'python-versions = ">=3.8"\nversion = "{version}"\n\n'
        for name, version in versions.items()
    )
    files = "".join(f"{name} = []\n" for name in versions)
    metadata = '[metadata]\ncontent-hash = "00"\nlock-version = "1.1"\npython-versions = "^3.9"\n'
    return f"{entries}{metadata}\n[metadata.files]\n{files}"


def pipfile_lock(**versions: str) -> str:
    """Return a Pipfile.lock."""
    entries = ", ".join(f'"{name}": {{"version": "=={version}"}}' for name, version in versions.items())
    return f'{{"_meta": {{"pipfile-spec": 6, "sources": []}}, "default": {{{entries}}}, "develop": {{}}}}\n'


def pins(**versions: str) -> str:
    """Return a requirements.txt that pins everything."""
    return "".join(f"{name}=={version}\n" for name, version in versions.items())


def forked(name: str, versions: Sequence[str]) -> str:
    """Return a uv.lock in which one package has several versions."""
    source = 'source = { registry = "https://index.example/simple" }'
    edges = "".join(f'    {{ name = "{name}", version = "{version}", {source} }},\n' for version in versions)
    head = 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n'
    entries = "".join(f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n{source}\n' for version in versions)
    return f'{head}source = {{ virtual = "." }}\ndependencies = [\n{edges}]\n{entries}'
