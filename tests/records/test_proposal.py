"""The draft of a decision: what it speaks of, what it replaces, and what it tells."""

from __future__ import annotations

import pytest

from tests.build import TODAY, entry, lock, manifest, override, project, record, requirement
from whypin.model.change import Change, Commit
from whypin.model.lock import Edge, Entry
from whypin.model.project import Project
from whypin.model.record import Step
from whypin.records.proposal import draft, literal, locked_versions, slug_of, subject
from whypin.records.scaffold import Draft

A, B = "a/uv.lock", "b/uv.lock"
ONE, TWO = "https://one.example/simple", "https://two.example/simple"


def drafted(held: Project, *names: str, within: tuple[str, ...] = ()) -> Draft:
    return draft(held, subject(held, names, within), ["me"])


@pytest.mark.parametrize(
    ("entries", "versions"),
    [
        ([("1.26.4", None)], ("1.26.4",)),
        ([("2.10.0", ONE), ("2.10.0+cu128", TWO)], ("2.10.0", "2.10.0+cu128")),
        ([("2.10.0", ONE), ("2.10.0", TWO)], (("2.10.0", ONE), ("2.10.0", TWO))),
        ([("2.10.0", ONE), ("2.10.0", f"{ONE}/")], ("2.10.0",)),
        ([("2.10.0", ONE), ("2.10.0", TWO), ("2.10.0", None)], ("2.10.0",)),
        ([("1.1.1w", None)], ("===1.1.1w",)),
        ([(None, None)], ()),
    ],
)
def test_versions_are_told_with_their_index_only_where_that_tells_them_apart(
    entries: list[tuple[str | None, str | None]], versions: tuple[object, ...]
) -> None:
    assert locked_versions([entry("torch", version, index=index) for version, index in entries]) == versions


def test_a_record_that_insists_on_an_index_keeps_doing_so() -> None:
    found = [entry("torch", "2.10.0", index=ONE), entry("torch", "2.9.0")]
    assert locked_versions(found, insists=True) == (("2.10.0", ONE), "2.9.0")


def two_locks(one: str, other: str, *records: str, **more: object) -> Project:
    locks = [lock(entry("numpy", one), path=A), lock(entry("numpy", other), path=B)]
    return project(*[record(f"2026-01-0{at}-numpy", packages=text) for at, text in enumerate(records, 1)], locks=locks)


def test_a_scope_is_written_only_where_other_locks_hold_other_versions() -> None:
    assert drafted(two_locks("1.26.4", "1.26.4"), "numpy").locks == ()
    differing = drafted(two_locks("1.26.4", "2.0.0"), "numpy")
    assert (differing.locks, dict(differing.packages)) == ((A,), {"numpy": ("1.26.4",)})


def test_the_lock_with_most_to_decide_comes_first_and_one_that_is_named_before_it() -> None:
    scoped = record(packages="{numpy: 1.26.4}", locks=f"[{A}]")
    locks = [lock(entry("numpy"), path=A), lock(entry("numpy", "2.0.0"), path=B)]
    held = project(scoped, locks=locks)
    found = drafted(held, "numpy")
    assert (found.locks, found.supersedes) == ((B,), ())
    named = drafted(held, "numpy", within=(A,))
    assert (named.locks, named.supersedes) == ((A,), (scoped.id,))


def test_a_lock_that_agrees_with_the_named_one_is_spoken_of_too() -> None:
    assert drafted(two_locks("1.26.4", "1.26.4"), "numpy", within=(B,)).locks == ()


def test_no_lock_of_a_decision_that_is_replaced_is_left_without_one() -> None:
    """The old record accepts one lock and rejects the other: its successor speaks of both."""
    found = drafted(two_locks("1.26.4", "2.0.0", "{numpy: 1.26.4}"), "numpy")
    assert (found.locks, dict(found.packages)) == ((), {"numpy": ("1.26.4", "2.0.0")})


def test_packages_that_no_lock_holds_together_are_refused() -> None:
    locks = [lock(entry("numpy"), entry("torch", "1"), path=A), lock(entry("numpy", "2"), entry("rich"), path=B)]
    with pytest.raises(ValueError, match="rich: no lock holds it beside the others"):
        subject(project(locks=locks), ["numpy", "torch", "rich"])


def test_what_decided_before_is_superseded_and_a_floor_stays_beside_it() -> None:
    bounded, floor = record("2026-01-01-numpy", packages='{numpy: "<2"}'), record(packages='{numpy: ">=1.20"}')
    assert drafted(project(bounded, floor, locks=[lock(entry("numpy"))]), "numpy").supersedes == (bounded.id,)
    gone = record("2026-01-02-numpy", packages='{numpy: ">=2"}')
    assert drafted(project(gone, locks=[lock(entry("numpy"))]), "numpy").supersedes == (gone.id,)


def test_open_waivers_steps_and_tags_go_on() -> None:
    waivers = "[{advisory: CVE-1, reason: x, expires: 2026-11-22}, {advisory: CVE-2, reason: y, expires: 2027-01-01}]"
    old = record(waivers=waivers, confirmation="[{run: pytest -q}]", tags="[numerics]")
    found = drafted(project(old, locks=[lock(entry("numpy"))]), "numpy")
    assert [waiver.advisory for waiver in found.waivers] == ["CVE-2"]
    assert (found.confirmation, found.tags) == ((Step("run", "pytest -q"),), ("numerics",))
    assert TODAY.isoformat() == "2026-11-22", "the first waiver has expired"


def test_the_context_tells_who_declares_and_needs_it_and_how_it_moved() -> None:
    held = lock(
        entry("numpy", uploaded="2024-02-05"),
        entry("scipy", "1.14.1", edges=(Edge("numpy", (0,)),)),
        entry("pandas", "2.2.3", edges=(Edge("numpy", (0,)),)),
        roots=tuple(Edge(name, (at,)) for at, name in enumerate(("numpy", "scipy", "pandas"))),
    )
    declared = manifest(
        requirement("numpy", "<2", 12, comment="pickles of 1.x"), override("override", "numpy", "==1.*")
    )
    old = record("2025-01-01-numpy", packages="{numpy: 1.25.2}", title="Hold NumPy at 1.25")
    commit = Commit("3f1b2728" + "0" * 32, "2026-03-04T10:00:00+00:00", "x", "Bump\x1b numpy")
    everything = project(old, locks=[held], manifests=[declared])
    changes = [Change("numpy", ("1.25.2",), ("1.26.4",), "uv.lock", commit)]
    found = draft(everything, subject(everything, ["numpy"]), ["me"], changes)
    assert found.context.splitlines() == [
        '- numpy is declared in pyproject.toml:12 as `<2`: "pickles of 1.x"',
        "- pyproject.toml:1 has the override `numpy ==1.*`",
        "- pandas and scipy need numpy",
        "- numpy 1.26.4 was published on 2024-02-05",
        '- numpy moved from 1.25.2 to 1.26.4 on 2026-03-04: 3f1b2728 "Bump numpy"',
        '- 2025-01-01-numpy accepted numpy `1.25.2`: "Hold NumPy at 1.25"',
    ]
    assert found.source is not None
    assert (found.source.file, found.source.line) == ("pyproject.toml", 12)


def test_words_from_several_places_have_no_one_source() -> None:
    declared = manifest(requirement("numpy", "<2", 12), requirement("pandas", "<3", 13))
    held = project(locks=[lock(entry("numpy"), entry("pandas", "2.2.3"))], manifests=[declared])
    assert drafted(held, "numpy", "pandas").source is None
    assert drafted(held, "pandas").source is not None


def test_pinned_requirements_say_of_themselves_only_what_their_comments_do() -> None:
    held = lock(entry("numpy"), path="requirements.txt", format="requirements")
    for comment, context in (
        ("", ""),
        ("pickles", '- numpy is declared in requirements.txt:1 as `==1.26.4`: "pickles"'),
    ):
        need = requirement("numpy", "==1.26.4", comment=comment)
        own = manifest(need, path="requirements.txt", locks=["requirements.txt"])
        assert drafted(project(locks=[held], manifests=[own]), "numpy").context == context


def entries(*names: str) -> list[Entry]:
    return [entry(name, "1.0") for name in names]


@pytest.mark.parametrize(
    ("names", "title", "slug"),
    [
        (["numpy"], "Keep numpy 1.0", "numpy"),
        (["numpy", "scipy"], "Keep numpy 1.0 and scipy 1.0", "numpy-scipy"),
        (["conda:openssl"], "Keep conda:openssl 1.0", "conda-openssl"),
        (["a", "b", "c", "d"], "Keep a 1.0 and 3 other packages as they are locked", "a-b-and-2-more"),
    ],
)
def test_the_title_and_the_id_name_the_packages(names: list[str], title: str, slug: str) -> None:
    found = [entry(name.removeprefix("conda:"), "1.0", source="conda" if ":" in name else "registry") for name in names]
    held = project(locks=[lock(*found)])
    about = subject(held, names)
    assert (draft(held, about, ["me"]).title, slug_of(about)) == (title, slug)


def test_the_id_names_the_folder_where_the_record_speaks_of_some_locks_only() -> None:
    assert slug_of(subject(two_locks("1.26.4", "2.0.0"), ["numpy"])) == "numpy-a"


def test_a_scope_means_just_this_lock_whatever_its_name() -> None:
    assert literal("ser[v]ices/*/uv.lock") == "ser[[]v]ices/[*]/uv.lock"
