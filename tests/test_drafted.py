"""Comments as records: one for each block, with the words and their source, and nothing that nobody said."""

from __future__ import annotations

from tests.build import entry, lock, manifest, project, record, requirement
from whypin.drafted import NOBODY, Drafted, from_comments
from whypin.model.project import Project

BREAKS = "2.0 breaks our extension, see https://git.example/app/issues/7"


def drafted(subject: Project) -> list[Drafted]:
    return list(from_comments(subject, "decisions"))


def one(*requirements: object, **more: object) -> Project:
    return project(locks=[lock(entry("numpy"), entry("scipy", "1.11.0"))], manifests=[manifest(*requirements)], **more)  # type: ignore[arg-type]


def test_the_words_and_their_source_are_kept_and_no_reason_is_made_of_them() -> None:
    (found,) = drafted(one(requirement("numpy", "<2", 7, comment=BREAKS)))
    said = found.record
    assert (said.id, said.status, said.rationale, said.deciders) == ("2026-11-22-numpy", "proposed", "", (NOBODY,))
    assert [item.text for item in said.packages["numpy"]] == ["<2"]
    assert f"> {BREAKS}" in said.context and "pyproject.toml, line 7" in said.context
    assert said.links == ("https://git.example/app/issues/7",)
    assert said.source is not None and (said.source.file, said.source.line) == ("pyproject.toml", 7)
    assert found.where == "pyproject.toml:7"


def test_a_comment_above_several_lines_is_one_draft_for_all_of_them() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS), requirement("scipy", "<1.12", 8, comment=BREAKS))
    (found,) = drafted(subject)
    assert {name: items[0].text for name, items in found.record.packages.items()} == {"numpy": "<2", "scipy": "<1.12"}
    assert found.record.title == "Hold numpy and scipy where they are"


def test_an_exact_pin_is_a_version_and_what_another_line_adds_is_seen_in_the_lock() -> None:
    subject = project(
        locks=[lock(entry("numpy", "1.26.4"), entry("torch", "2.1.0"), entry("torch", "2.2.0"))],
        manifests=[
            manifest(
                requirement("numpy", "==1.26.4", 3, comment=BREAKS),
                requirement("torch", "==2.1.0", 5, comment=f"torch {BREAKS}", marker="sys_platform == 'win32'"),
            )
        ],
    )
    held = {name: [i.text for i in items] for each in drafted(subject) for name, items in each.record.packages.items()}
    assert held == {"numpy": ["1.26.4"], "torch": ["2.1.0", "2.2.0"]}


def test_a_repository_is_held_at_its_locked_version() -> None:
    url = "git+https://git.example/numpy@main"
    (found,) = drafted(one(requirement("numpy", "", 7, url=url, comment=BREAKS)))
    assert [item.text for item in found.record.packages["numpy"]] == ["1.26.4"]


def test_what_a_record_names_already_is_left_out_whatever_became_of_it() -> None:
    subject = one(requirement("numpy", "<2", 7, comment=BREAKS))
    rejected = record(status="rejected")
    assert drafted(project(rejected, locks=subject.locks, manifests=subject.manifests)) == []


def test_names_of_files_are_free_and_plain() -> None:
    noted = [
        requirement("numpy", "<2", 7, comment=BREAKS),
        requirement("numpy", "!=1.25.1", 9, comment="1.25.1 crashes on import, https://git.example/app/issues/8"),
        requirement("_lib_x", "<2", 11, conda=True, comment=f"lib-x {BREAKS}"),
    ]
    assert [each.record.path for each in drafted(one(*noted))] == [
        "decisions/2026-11-22-numpy.yaml",
        "decisions/2026-11-22-numpy-2.yaml",
        "decisions/2026-11-22-conda-_lib_x.yaml",
    ]


def test_with_several_locks_it_speaks_of_those_of_its_manifest() -> None:
    subject = project(
        locks=[lock(entry("numpy")), lock(entry("numpy", "2.1.0"), path="b/uv.lock")],
        manifests=[manifest(requirement("numpy", "<2", 7, comment=BREAKS))],
    )
    (found,) = drafted(subject)
    assert found.record.locks == ("uv.lock",)


def test_a_comment_that_gives_no_reason_makes_no_record() -> None:
    assert drafted(one(requirement("numpy", "<2", 7, comment="numerics"), requirement("scipy", "<2", 8))) == []


def test_an_owner_decides_where_the_settings_name_one() -> None:
    (found,) = drafted(one(requirement("numpy", "<2", 7, comment=BREAKS), owners={"num*": ("numerics",)}))
    assert found.record.deciders == ("numerics",)
