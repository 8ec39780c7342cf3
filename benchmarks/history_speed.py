"""How long `whypin history --all` takes over 1,000 commits of a uv.lock of 300 packages, as a whole process.

Beside it, in the same run: git alone, which has to take the same locks out of the repository, and tomllib on the text
of every one of them, which says what they hold and not yet what moved. The repository is made in a temporary folder by
`git fast-import`; each commit moves three packages, and every fiftieth all of them.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

COMMITS, PACKAGES, ROUNDS = 1000, 300, 5
BIN = Path(sys.executable).parent
PYPROJECT = '[project]\nname = "bench"\nversion = "0.1.0"\ndependencies = []\n'
HEAD = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
SOURCE = 'source = { registry = "https://index.example/simple" }'


def entry(number: int, version: int) -> str:
    """Return one package as uv writes it, with four wheels."""
    name, text = f"package-{number:03}", f"{version // 100}.{version // 10 % 10}.{version % 10}"
    digest = hashlib.sha256(f"{name} {text}".encode()).hexdigest()
    url = f"https://files.index.example/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{name}-{text}"
    facts = f'hash = "sha256:{digest}", size = 104311, upload-time = "2026-03-01T10:12:13.456Z"'
    needs = "".join(f'    {{ name = "package-{number * step % PACKAGES:03}" }},\n' for step in (7, 13))
    wheels = "".join(
        f'    {{ url = "{url}-cp3{minor}-cp3{minor}-manylinux_2_28_x86_64.whl", {facts} }},\n'
        for minor in range(11, 15)
    )
    return (
        f'\n[[package]]\nname = "{name}"\nversion = "{text}"\n{SOURCE}\ndependencies = [\n{needs}]\n'
        f'sdist = {{ url = "{url}.tar.gz", {facts} }}\nwheels = [\n{wheels}]\n'
    )


def locks() -> Iterator[str]:
    """Yield the lock of each commit, the oldest first; always the same ones."""
    chance = random.Random(85)
    versions = [chance.randrange(100, 900) for _ in range(PACKAGES)]
    edges = "".join(f'    {{ name = "package-{number:03}" }},\n' for number in range(PACKAGES))
    root = (
        f'\n[[package]]\nname = "bench"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\ndependencies = [\n{edges}]\n'
    )
    entries = [entry(number, version) for number, version in enumerate(versions)]
    for commit in range(COMMITS):
        for number in range(PACKAGES) if commit % 50 == 49 else chance.sample(range(PACKAGES), 3):
            versions[number] += 1
            entries[number] = entry(number, versions[number])
        yield HEAD + root + "".join(entries)


def make(folder: Path) -> None:
    """Make the repository."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for number, text in enumerate(locks()):
            data, subject = text.encode(), f"Lock {number}"
            process.stdin.write(
                f"commit refs/heads/main\ncommitter Ada <ada@index.example> {1_700_000_000 + number * 3600} +0000\n"
                f"data {len(subject)}\n{subject}\nM 100644 inline uv.lock\ndata {len(data)}\n".encode()
            )
            process.stdin.write(data + b"\n")
    subprocess.run(["git", "-C", str(folder), "reset", "-q", "--hard"], check=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)


def seconds(command: list[str]) -> float:
    """Return the wall time of a process."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)[:120]} ended with {done.returncode}:\n{done.stderr[-800:]}")
    return took


def git_alone(folder: Path) -> float:
    """Return how long git takes to hand out every lock."""
    names = subprocess.run(
        ["git", "-C", str(folder), "log", "--format=%H:uv.lock"], capture_output=True, check=True
    ).stdout
    start = time.perf_counter()
    command = ["git", "-C", str(folder), "cat-file", "--batch", "--buffer"]
    subprocess.run(command, input=names, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def every_lock_by_tomllib() -> float:
    """Return how long tomllib takes for all locks, which are in memory one by one: git's time is not in it."""
    took = 0.0
    for text in locks():
        start = time.perf_counter()
        held = {(package["name"], package["version"]) for package in tomllib.loads(text)["package"]}
        took += time.perf_counter() - start
        assert len(held) == PACKAGES + 1
    return took


def main() -> None:
    """Measure, and print what took how long."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bench"
        make(folder)
        size = sum(len(text) for text in locks())
        command = [sys.executable, "-m", "whypin", "history", "--all", "--root", str(folder), "--format", "json"]
        ours = [seconds(command) for _ in range(ROUNDS)]
        alone = [git_alone(folder) for _ in range(ROUNDS)]
    whole = every_lock_by_tomllib()
    median = statistics.median(ours)
    print(
        f"{COMMITS:,} commits of a uv.lock of {PACKAGES} packages, {size / 1e6:.0f} MB of locks, {os.cpu_count()} cores"
    )
    print(f"whypin history --all, whole process, median of {ROUNDS}  {median:7.2f} s (worst {max(ours):.2f})")
    print(f"git cat-file alone, median of {ROUNDS}                   {statistics.median(alone):7.2f} s")
    print(f"tomllib on every lock                           {whole:7.2f} s: {whole / median:.1f} times as long")


if __name__ == "__main__":
    main()
