"""What pip would refuse: the failure before its place is known, and how a message quotes the file."""

from __future__ import annotations

from whypin.syntax.url import redact

#: How deep anything may be nested: files that include files, parentheses in markers.
MAX_DEPTH = 50


class Refusal(Exception):
    """Something in one statement that the user has to mend: the reader turns it into a WhypinError with a place.

    `token` is the text to point at, `""` for the start of the statement; `hint` says what to type.
    """

    def __init__(self, message: str, token: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.token = token
        self.hint = hint


def show(text: str) -> str:
    """Return a piece of the file as a message can quote it: short, printable, without credentials."""
    safe = redact(text[:2000])
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in safe)
    return f"'{text}'" if len(text) <= 80 else f"'{text[:79]}…'"
