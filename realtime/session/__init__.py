"""The session: kept while it happens, read back exactly, exported, repaired, removed.

One folder per session: session.db, strides.csv, report.html, on request video.mp4 with
video_times.csv. The verbs, and where they live:

- record: `SessionWriter` (`writer`), `VideoRecorder` (`video`)
- read: `SessionReader` (`reader`), `RecordedSteps` (`results`), `VideoFile` (`video_file`)
- replay and compare: `check`, `rerun`, `compare` (`replay`)
- repair what was not closed: `find_unfinished`, `recover` (`recover`)
- list: `list_sessions` (`summary`); name: `default_session_folder` (`folder`)
- export: `export`, `export_all` (`export`); mail: `pack`, `unpack` (`packed`)
- forget: `delete_session`, `anonymise` (`privacy`)
"""

from hipcue.realtime.session.folder import default_session_folder
from hipcue.realtime.session.header import SessionHeader
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.writer import SessionWriter

__all__ = ["SessionHeader", "SessionReader", "SessionWriter", "default_session_folder"]
