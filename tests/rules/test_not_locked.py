"""WHY103: a record of something that is not there."""

from tests.build import TODAY, entry, found, lock, manifest, override, project, record
from whypin.model.project import Project
from whypin.rules.not_locked import RULE

TORCH = lock(entry("torch", "2.10.0+cu128"), entry("torch", "2.10.0", line=5))


def test_a_package_that_no_lock_holds_is_reported_at_the_record() -> None:
    (finding,) = found(RULE, project(record(), locks=[TORCH]))
    assert (finding.message, finding.package) == ("numpy is not locked", "numpy")
    assert str(finding.location) == "decisions/2026-11-22-numpy.yaml:4:19"


def test_an_item_that_no_entry_matches_is_reported_at_the_item() -> None:
    versions = "{torch: [2.10.0, 2.10.0+cu128, 2.10.0+cu130]}"
    (finding,) = found(RULE, project(record(packages=versions), locks=[TORCH]))
    assert finding.message == "no locked entry of torch matches 2.10.0+cu130"
    assert finding.location.column == 42


def test_beside_local_versions_the_plain_version_stands_for_itself_only() -> None:
    only_local = lock(entry("torch", "2.10.0+cu128"))
    (finding,) = found(RULE, project(record(packages="{torch: [2.10.0, 2.10.0+cu128]}"), locks=[only_local]))
    assert finding.message.endswith("matches 2.10.0")


def test_items_may_match_in_different_locks() -> None:
    locks = [lock(entry("torch", "1.0"), path="a/uv.lock"), lock(entry("torch", "2.0"), path="b/uv.lock")]
    assert found(RULE, project(record(packages="{torch: [1.0, 2.0]}"), locks=locks)) == []


def test_a_scope_that_matches_no_lock_is_named() -> None:
    (finding,) = found(RULE, project(record(locks="[services/*]"), locks=[lock(entry("numpy"))]))
    assert finding.message == "no lock matches the scope services/*"


def test_where_nothing_matches_the_mismatch_says_it_all() -> None:
    assert found(RULE, project(record(packages="{torch: [1.0, 3.0]}"), locks=[TORCH])) == []


def test_an_unused_item_is_reported_beside_an_uncovered_fork() -> None:
    (finding,) = found(RULE, project(record(packages="{torch: [2.10.0, 3.0]}"), locks=[TORCH]))
    assert finding.message == "no locked entry of torch matches 3.0"


def test_an_item_that_only_its_index_keeps_from_matching_names_it() -> None:
    items = "[2.10.0, {version: 2.10.0, index: https://mirror.example/simple}]"
    torch = lock(entry("torch", "2.10.0", index="https://index.example/simple"))
    (finding,) = found(RULE, project(record(packages=f"{{torch: {items}}}"), locks=[torch]))
    assert finding.message == "no locked entry of torch matches 2.10.0 from https://mirror.example/simple"


def test_a_package_locked_outside_the_scope_is_told_so() -> None:
    locks = [lock(entry("torch"), path="a/uv.lock"), lock(entry("numpy"), path="b/uv.lock")]
    (finding,) = found(RULE, project(record(locks="[a/*]"), locks=locks))
    assert finding.message == "numpy is not locked in a/*"


def test_records_out_of_force_are_quiet() -> None:
    assert found(RULE, project(record(status="deprecated"), locks=[TORCH])) == []


def test_a_record_that_explains_an_exclusion_speaks_of_what_is_not_locked() -> None:
    without = manifest(override("exclude", "numpy"))
    assert found(RULE, project(record(), locks=[lock(entry("pandas"))], manifests=[without])) == []


def test_with_some_locks_only_nothing_is_known_of_the_others() -> None:
    subject = Project(today=TODAY, records=[record()], locks=[lock(entry("pandas"))], partial=True)
    assert found(RULE, subject) == []
