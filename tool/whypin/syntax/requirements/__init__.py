"""Requirements files, read as pip reads them; nothing is fetched, no variable is expanded, no credential is kept.

Lines as people and tools write them are read with a few expressions; only the odd ones pay for the packaging library.
Expressions that few files need are kept as text, and compiled by their first use: start-up time is a feature.
Sources: pip's own requirements file reader and its documentation; PEP 508 and PEP 440.
"""

from __future__ import annotations

from whypin.syntax.requirements.encoding import decode_requirements
from whypin.syntax.requirements.filenames import group_of
from whypin.syntax.requirements.naming import name_of, named
from whypin.syntax.requirements.parsed import Option, ParsedRequirement, RequirementsFile
from whypin.syntax.requirements.read import Load, parse
from whypin.syntax.requirements.refusal import MAX_DEPTH

__all__ = [
    "MAX_DEPTH",
    "Load",
    "Option",
    "ParsedRequirement",
    "RequirementsFile",
    "decode_requirements",
    "group_of",
    "name_of",
    "named",
    "parse",
]
