"""The one failure that whypin expects: bad usage, or input that cannot be read."""

from __future__ import annotations

from whypin.model.location import Location


class WhypinError(Exception):
    """Something the user has to mend; the command ends with exit code 2.

    `where` is the place in a file, where there is one; `hint` says what to type.
    """

    def __init__(self, message: str, where: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """One line: place, what is wrong, what to do."""
        place = f"{self.where}: " if self.where else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"
