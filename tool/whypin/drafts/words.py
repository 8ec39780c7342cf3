"""Common words of talk about software: where a name of a package could stand, these are none."""

from __future__ import annotations

_SMALL = """
    a about above across after again all already also alongside although an and another any anything are as at be
    because been before being below between both but by can cannot could did do does doing don't doesn't due during
    each either else every everything few first for from further had has have he hence here high higher how however i
    if in inside instead into is isn't it it's its itself last later latter least less like likely low lower many may
    maybe might more most much must my near need needs neither never next no none nor not nothing now of off often on
    once one only onto or other others otherwise our out over own past per please previous prior rather same second
    see several shall she should since so some someone something soon still such than that the their them then there
    therefore these they third this those though through throughout thus till to together too two under unless until
    up upon us usually very via was we were what when where whether which while who whose why will with within without
    won't would yet you your
"""
_DOING = """
    add adds aligned allow allows apply apps ask asks avoid avoids become behave break breaks bring build builds bump
    bundle call calls can cap caps catch cause causes change changes come comes conflict conflicts contain contains
    crash crashes declare depend depends drop drops emit exclude excludes expect expects fail fails fix fixed fixes get
    gets give gives go goes hang hangs happen hold holds import imports include includes install installs introduce
    introduces keep keeps lack lacks lead leads let lets limit limits lock locks make makes match matches miss move
    moves moved pass patch pin pinned pins prevent prevents produce pull pulls put raise raises read release released
    releases remain remove removed removes rename renamed render renders require requires resolve resolves restore
    restores return returns run runs seem seems set ship ships show stay stays stick stop stops support supports switch
    take takes test tests throw throws todo try turn update updates upgrade upgrades use used uses using want wants work
    works write
"""
_THINGS = """
    api apis app application applications apps base behavior behaviour binaries binary branch breakage bug bugs build
    bundle case cases ci class classes client cluster code codebase command commit compatibility compile compiler
    config configuration constraint constraints container core data default dependencies dependency dependabot deps
    deployment dev development docs documentation driver drivers environment environments error errors example exception
    extension extra extras feature features file files format framework function functions group hardware hook hooks
    image images import index install installation installer integration interface interpreter issue issues job kernel
    layer libraries library line linter linux lock lockfile mac machine macos main maintainer maintainers metadata
    method methods minor major model models module modules name names object objects option optional order os package
    packages packaging part parts patch path people pipeline platform platforms plugin plugins point policy problem
    problems process production program project projects proxy pypi range reason regression release releases
    renovate repo repository requirement requirements resolver runner runtime script scripts sdk section security server
    service services setup snyk something source sources stack standard stdlib step suite support syntax system table
    target team test tester testing tests tool tooling toolchain tools tree type types typing upstream user users value
    version versions warning warnings wheel wheels windows workaround workflow
"""
_KINDS = """
    abstract additional available backward backwards bad best big blanket breaking broken clean compatible compiled
    correct critical current currently different direct downstream early earlier earliest empty entire exact exactly
    existing explicit external forward full future general good great greater incompatible internal invalid large last
    late latest legacy local long main manual max maximum min minimal minimum modern multiple native new newer newest
    official old older oldest only optional original possible pre private proper public real recent related runtime safe
    separate silent similar simple small specific stable standalone static strict temporary third-party transitive
    unknown unrelated unstable upper useful valid various whole wrong
"""

COMMON = frozenset(f"{_SMALL} {_DOING} {_THINGS} {_KINDS}".split())


def is_common(word: str) -> bool:
    """Whether a word is one of everyday talk, by itself or by its ending."""
    lower = word.lower()
    return lower in COMMON or ("-" not in lower and lower.endswith(("ed", "ing", "ly")))
