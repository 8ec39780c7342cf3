"""The table of settings: the parser and the reference page are made from it."""

from __future__ import annotations

from whypin.model.settings import IgnoredFinding, Policy, Scope
from whypin.schema.fields import Field, Object
from whypin.schema.kinds import Choice, Date, ListOf, MapOf, NameGlob, Number, PackageName, Text

DEFAULTS = Policy()
REQUIRE = Choice("critical", "production", "direct", "all")

POLICY = Object(
    [
        Field(
            "require",
            REQUIRE,
            "Who must have a decision: the `critical`, the direct ones of production, all direct ones, or all.",
            default=DEFAULTS.require,
            example='"critical"',
        ),
        Field(
            "critical",
            ListOf(NameGlob()),
            "Names, as globs, that always need a decision.",
            default=(),
            example='["numpy", "torch*"]',
        ),
        Field("ignore", ListOf(NameGlob()), "Names, as globs, that never need one.", default=(), example='["types-*"]'),
        Field(
            "development",
            ListOf(Text()),
            "Extras and groups that do not go to production.",
            default=DEFAULTS.development,
            example='["dev", "test", "tests", "docs", "lint", "typing"]',
        ),
        Field(
            "review_after_days",
            Number(1),
            "When a decision falls due for review, counted from its date.",
            default=DEFAULTS.review_after_days,
            example="180",
        ),
        Field(
            "grace_days",
            Number(),
            "What falls due warns on its day and fails this many days later.",
            default=DEFAULTS.grace_days,
            example="14",
        ),
        Field("advisories", Text(), "The path of the advisory data.", default="", example='"osv/PyPI.zip"'),
        Field(
            "fail_on_severity",
            Choice("any", "low", "medium", "high", "critical"),
            "The least severity at which an advisory is an error; below it warns. What nobody has rated is an error.",
            default=DEFAULTS.fail_on_severity,
            example='"medium"',
        ),
        Field(
            "development_alerts",
            Choice("error", "warning", "off"),
            "What the advisory counts for where only `development` groups reach the package.",
            default=DEFAULTS.development_alerts,
            example='"warning"',
        ),
    ],
    Policy,
    "a policy",
)

SCOPE = Object(
    [
        Field(
            "locks",
            ListOf(Text()),
            "The locks it is for, as globs; by default all.",
            default=(),
            example='["services/*/uv.lock"]',
        ),
        Field(
            "groups",
            ListOf(Text()),
            "The groups it is for, as globs; by default all.",
            default=(),
            example='["group:train"]',
        ),
        Field("require", REQUIRE, "As in the policy.", example='"production"'),
        Field("critical", ListOf(NameGlob()), "Further critical names.", default=(), example='["grpcio"]'),
        Field("ignore", ListOf(NameGlob()), "Further ignored names.", default=(), example='["boto3-stubs"]'),
    ],
    Scope,
    "a scope",
)

IGNORED = Object(
    [
        Field("rule", Text(), "The code of the rule.", required=True, example='"WHY103"'),
        Field("package", PackageName(), "The package; by default any.", example='"protobuf"'),
        Field(
            "reason",
            Text(),
            "Why it is not reported.",
            required=True,
            example='"In the GPU image only, which has no lock yet."',
        ),
        Field("expires", Date(), "The day on which it is reported again.", example="2027-01-01"),
    ],
    IgnoredFinding,
    "an ignored finding",
)

SETTINGS = Object(
    [
        Field("records", Text(), "The folder of the decision records.", default="decisions", example='"decisions"'),
        Field(
            "locks",
            ListOf(Text()),
            "The lock files; by default those found below the root.",
            default=(),
            example='["uv.lock"]',
        ),
        Field(
            "exclude",
            ListOf(Text()),
            "Paths, as globs, that are never looked into. What git ignores and virtual environments never are.",
            default=(),
            example='["tests/data/**"]',
        ),
        Field("policy", POLICY, "Which packages are required to have a decision.", default=DEFAULTS),
        Field(
            "owners",
            MapOf(NameGlob(), ListOf(Text(), 1)),
            "From a glob of names to the deciders, one of whom must stand in a record.",
            default={},
            example='"torch*" = ["ml-platform"]',
        ),
        Field("scope", ListOf(SCOPE), "Policy for some locks or groups; the last one that matches counts.", default=()),
        Field(
            "rules",
            MapOf(Text(), Choice("error", "warning", "off")),
            "The severity of a rule, where it is not the rule's own.",
            default={},
            example='WHY103 = "off"',
        ),
        Field("ignore_findings", ListOf(IGNORED), "Findings that are knowingly not reported.", default=()),
    ],
    words="a table of settings",
)
