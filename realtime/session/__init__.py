"""The session: kept while it happens, read back exactly, exported, repaired, removed.

`SessionWriter` records from its own thread and never holds up the run; `SessionReader`
reads. One folder per session: session.db, strides.csv, report.html, sometimes video.mp4.
"""

from realtime.session.folder import default_session_folder
from realtime.session.header import SessionHeader
from realtime.session.reader import SessionReader
from realtime.session.writer import SessionWriter

__all__ = ["SessionHeader", "SessionReader", "SessionWriter", "default_session_folder"]
