"""Format 1 of a decision record, as one table: the parser, the JSON Schema and the reference page are made from it."""

from __future__ import annotations

from whypin.model.record import Artifact, Attempt, ExitCriterion, Option, Origin, Step, Waiver
from whypin.schema.fields import Field, Object
from whypin.schema.kinds import (
    Choice,
    Date,
    ListOf,
    MapOf,
    Markdown,
    Number,
    PackageName,
    Requirement,
    Schema,
    Text,
    Url,
    Version,
    Versions,
    advisory_id,
    record_id,
)

STATUSES = ("proposed", "accepted", "rejected", "deprecated")
JUSTIFICATIONS = (
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)
KINDS_OF_ARTIFACT = ("python", "image", "cuda", "driver", "model", "dataset", "action", "other")

OPTION = Object(
    [
        Field("option", Text(), "What was considered.", required=True, example="numpy 1.24.3"),
        Field("verdict", Choice("chosen", "rejected"), "Whether it was taken.", required=True, example="rejected"),
        Field("because", Markdown(), "Why.", required=True, example="Unsatisfiable with tensorflow 2.12.0."),
    ],
    Option,
    "an option",
)

STEP = Object(
    [
        Field("run", Text(), "A command that must succeed.", example="python -m pytest tests/regression -q"),
        Field(
            "check", Markdown(), "A check made by a person.", example="Validation AUC within 0.002 of the last release."
        ),
    ],
    lambda **values: Step(*next((key, value) for key, value in values.items() if value is not None)),
    "a step",
    one_key=True,
)

EXIT_CRITERION = Object(
    [
        Field(
            "locked",
            Requirement(),
            "Met when every locked entry in scope satisfies it.",
            example='"tensorflow>=2.12.1"',
        ),
        Field("unlocked", PackageName(), "Met when the package is no longer locked.", example="opencv-python-headless"),
        Field("date", Date(), "Met on that day.", example="2027-06-01"),
        Field(
            "issue",
            Url(),
            "Shown to readers; not checked offline.",
            example="https://github.com/tensorflow/tensorflow/issues/60978",
        ),
    ],
    lambda **values: ExitCriterion(*next((key, str(value)) for key, value in values.items() if value is not None)),
    "an exit criterion",
    one_key=True,
)

WAIVER = Object(
    [
        Field(
            "advisory",
            advisory_id(),
            "The advisory; any of its aliases matches.",
            required=True,
            example="CVE-2023-44271",
        ),
        Field("reason", Markdown(), "Why it is accepted.", required=True, example="We render no user-supplied fonts."),
        Field("expires", Date(), "The day on which the waiver ends.", required=True, example="2027-05-22"),
        Field(
            "justification",
            Choice(*JUSTIFICATIONS),
            'The OpenVEX justification; only where the claim is "not affected".',
            default="",
            example="vulnerable_code_not_in_execute_path",
        ),
    ],
    Waiver,
    "a waiver",
)

ATTEMPT = Object(
    [
        Field("date", Date(), "The day of the trial.", required=True, example="2026-11-20"),
        Field("package", PackageName(), "The package that was tried.", required=True, example="numpy"),
        Field("version", Version(), "The version that was tried.", required=True, example="1.24.3"),
        Field("outcome", Choice("passed", "failed"), "How it ended.", required=True, example="failed"),
        Field(
            "evidence",
            Markdown(),
            "The few lines that show it.",
            default="",
            example='"tensorflow==2.12.0 depends on numpy>=1.22,<1.24"',
        ),
        Field("commands", ListOf(Text()), "The commands that were run.", default=(), example="[uv lock]"),
        Field("duration", Text(), "How long it took.", default="", example="42 s"),
        Field("tool", Text(), "The tool that locked and installed.", default="", example="uv 0.13.9"),
        Field("python", Text(), "The version of Python.", default="", example="3.11.7"),
        Field("log", Text(), "Where the whole log is.", default="", example="logs/numpy-1.24.3.txt"),
    ],
    Attempt,
    "an attempt",
)

ARTIFACT = Object(
    [
        Field("name", Text(), "What it is called.", required=True, example="cuda"),
        Field("kind", Choice(*KINDS_OF_ARTIFACT), "What it is.", required=True, example="image"),
        Field("version", Version(), "The version that was chosen.", required=True, example="12.1.1"),
        Field(
            "file",
            Text(),
            "The file that holds the version, by its path from the root. Without one it is only stated.",
            default="",
            example="Dockerfile",
        ),
        Field(
            "pattern",
            Text(),
            "The literal text around `{version}` in that file; every place where it stands must hold the version. "
            "`{version}` alone means the file's first word. Give `file` and `pattern` together, or neither.",
            default="",
            example='"FROM nvidia/cuda:{version}-"',
        ),
    ],
    Artifact,
    "an artifact",
)

SOURCE = Object(
    [
        Field("file", Text(), "The file the words came from.", default="", example="requirements.in"),
        Field("line", Number(1), "The line in that file.", example="12"),
        Field("commit", Text(), "The commit the words came from.", default="", example="3f1b272"),
    ],
    Origin,
    "a source",
)

RECORD = Object(
    [
        Field(
            "title",
            Text(),
            "The decision in one line.",
            required=True,
            example="Hold NumPy at 1.23 until TensorFlow lifts its cap",
        ),
        Field("status", Choice(*STATUSES), "Where the decision stands.", required=True, example="accepted"),
        Field("deciders", ListOf(Text(), 1), "Who decided: people or teams.", required=True, example="[data-platform]"),
        Field(
            "packages",
            MapOf(PackageName(), Versions()),
            "The packages and the versions that the decision accepts. A bare version means `==`; a specifier is "
            "quoted; a list names several locked versions. At least one package or artifact.",
            default={},
            example="{numpy: 1.23.5}",
        ),
        Field(
            "rationale",
            Markdown(empty_allowed=True),
            "Why. Required once the decision is accepted.",
            default="",
            example="TensorFlow 2.12.0 declares numpy>=1.22,<1.24.",
        ),
        Field(
            "date",
            Date(),
            "The day of the decision; optional where the file name begins with it.",
            example="2026-11-22",
        ),
        Field(
            "context",
            Markdown(),
            "What raised the question.",
            default="",
            example="The feature pipeline asked for NumPy 1.24.",
        ),
        Field("considered_options", ListOf(OPTION), "What else was considered.", default=()),
        Field("consequences", ListOf(Markdown()), "What follows from the decision.", default=()),
        Field("confirmation", ListOf(STEP), "The steps that must pass before another version is taken.", default=()),
        Field("exit_criteria", ListOf(EXIT_CRITERION), "The conditions under which the reason lapses.", default=()),
        Field(
            "review_by",
            Date("never"),
            "When to look at it again; by default the date and the policy's `review_after_days`.",
            example="2027-05-22",
        ),
        Field("waivers", ListOf(WAIVER), "Advisories that are knowingly accepted.", default=()),
        Field("attempts", ListOf(ATTEMPT), "Trials of other versions, oldest first. Append only.", default=()),
        Field("artifacts", ListOf(ARTIFACT), "Versions that no lock file holds.", default=()),
        Field(
            "locks",
            ListOf(Text()),
            "The locks it speaks of, as globs; by default every lock.",
            default=(),
            example='["services/api/*"]',
        ),
        Field(
            "supersedes",
            ListOf(record_id()),
            "The ids of records it replaces, for the packages it names.",
            default=(),
            example="[2025-06-01-numpy]",
        ),
        Field("links", ListOf(Url()), "Where to read on.", default=()),
        Field("tags", ListOf(Text()), "Words to find it by.", default=(), example="[numerics]"),
        Field("source", SOURCE, "Where a draft's words came from."),
    ],
    words="a decision record",
)


def json_schema() -> Schema:
    """Return the JSON Schema (draft 7, which every editor knows) of a decision record."""
    schema = RECORD.schema()
    properties = schema["properties"]
    artifact = properties["artifacts"]["items"]
    artifact["dependencies"] = {"file": ["pattern"], "pattern": ["file"]}
    artifact["properties"]["pattern"] |= {"pattern": r"^(?!.*\{version\}.*\{version\}).*\{version\}"}
    one_origin = [{"required": ["file"]}, {"required": ["commit"]}]
    properties["source"] |= {"oneOf": one_origin, "dependencies": {"line": ["file"]}}
    reasoned = {"properties": {"rationale": {"type": "string", "pattern": r"\S"}}, "required": ["rationale"]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "whypin decision record, format 1",
        **schema,
        "anyOf": [
            {"required": ["packages"], "properties": {"packages": {"minProperties": 1}}},
            {"required": ["artifacts"], "properties": {"artifacts": {"minItems": 1}}},
        ],
        "if": {"properties": {"status": {"const": "proposed"}}},
        "else": reasoned,
    }
