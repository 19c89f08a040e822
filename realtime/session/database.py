"""The database of a recorded session, opened for reading only."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

from hipcue.realtime.session.codec import damaged
from hipcue.realtime.session.open_readonly import open_reading
from hipcue.realtime.session.rows import Row, from_json
from hipcue.realtime.session.schema import version_of

# Ten hours at 240 steps per minute; more would only be meant to fill the memory.
MAX_ROWS = 500_000


class SessionDatabase:
    """Answers queries about one session.

    Parameters
    ----------
    folder : Path
        The session's folder.

    Attributes
    ----------
    version : int
        Of its tables.

    Raises
    ------
    UserError
        Here and from everything below: it is not a session, or it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._db = open_reading(folder)
        self.version = version_of(self._db)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def select(self, sql: str, *values: object, most: int = MAX_ROWS) -> list[Row]:
        """Return the rows of a query; too many of them are refused."""
        try:
            found = self._db.execute(sql, values).fetchmany(most + 1)
        except (sqlite3.Error, OverflowError) as error:
            raise damaged(str(error)) from error
        if len(found) > most:
            raise damaged("more rows than any session has")
        return found

    @cached_property
    def header(self) -> dict[str, Any]:
        """Everything the header holds, also what was learnt during the session."""
        return {str(k): from_json(v) for k, v in self.select("SELECT * FROM header")}
