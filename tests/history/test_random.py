"""Histories made at random: the events are those that a slow reading of every commit finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folders import uv_lock
from tests.history.naive import events
from tests.history.repository import Repository, forked, pins, pipfile_lock, poetry_lock
from whypin.app import past

WRITERS: dict[str, Callable[..., str]] = {
    "uv.lock": uv_lock,
    "poetry.lock": poetry_lock,
    "Pipfile.lock": pipfile_lock,
    "requirements.txt": pins,
}
NAMES = [f"package-{letter}" for letter in "abcdefgh"]


class _Life:
    """A project that its people change in every way that a history has to follow."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.repository = Repository(folder)
        self.versions = dict.fromkeys(NAMES[:5], "1.0.0")
        self.lock = "requirements.txt"
        self.side = 0
        self.write("Begin")

    def write(self, subject: str, **others: str | None) -> str:
        files: dict[str, str | bytes | None] = {self.lock: WRITERS[self.lock](**self.versions)}
        return self.repository.commit(subject, {**files, **others})

    def bump(self) -> str:
        for name in self.chance.sample(NAMES, self.chance.randint(1, 3)):
            if name in self.versions and self.chance.random() < 0.2:
                del self.versions[name]
            else:
                self.versions[name] = f"{self.chance.randint(0, 3)}.{self.chance.randint(0, 9)}.0"
        return self.write("Bump")

    def migrate(self) -> None:
        old, self.lock = self.lock, self.chance.choice([path for path in WRITERS if path != self.lock])
        exists = (self.repository.folder / old).exists()
        gone = self.chance.random() < 0.7 and exists
        self.write("Migrate", **({old: None} if gone else {}))

    def damage(self) -> None:
        text = (self.repository.folder / self.lock).read_text()
        cut = text[: len(text) // 2] + "\n<<<<<<< HEAD\n"
        self.repository.commit("Damage", {self.lock: cut})

    def fork(self) -> None:
        if self.lock == "uv.lock":
            self.repository.commit("Fork", {"uv.lock": forked("package-a", ["1.0.0", "2.0.0"])})

    def merge(self) -> None:
        self.side += 1
        self.repository.git("checkout", "-q", "-b", f"side-{self.side}")
        self.bump()
        self.bump()
        self.repository.git("checkout", "-q", "main")
        self.repository.merge(f"side-{self.side}")

    def revert(self) -> None:
        self.repository.revert(self.bump())

    def drop(self) -> None:
        others = [path for path in WRITERS if path != self.lock and (self.repository.folder / path).exists()]
        if others:
            self.repository.commit("Drop", {self.chance.choice(others): None})

    def live(self, days: int) -> Repository:
        ways = (self.bump, self.bump, self.migrate, self.damage, self.fork, self.merge, self.revert, self.drop)
        for _ in range(days):
            self.chance.choice(ways)()
        self.write("End")
        return self.repository


@pytest.mark.parametrize("seed", range(4))
def test_the_events_are_those_of_a_slow_reading(tmp_path: Path, seed: int) -> None:
    repository = _Life(tmp_path, seed).live(25)
    found, _ = past.history(str(tmp_path))
    ours = {
        (change.commit.hash, change.package, frozenset(change.old), frozenset(change.new)) for change in found.changes
    }
    assert len(ours) > 25
    assert ours == events(repository)
