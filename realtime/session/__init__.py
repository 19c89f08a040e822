"""One session on disk: kept while it happens, read back exactly, exported.

One folder per session: session.db, strides.csv, report.html, on request video.mp4 with
video_times.csv. The verbs, and where they live:

- record: `SessionWriter` (`writer`), `VideoRecorder` (`video`)
- read: `SessionReader` (`reader`), `RecordedSteps` (`recorded_steps`), `VideoFile`
  (`video_file`); sessions of version 1 too (`version1`)
- tabulate: `stride_table`; strides.csv: `strides_csv`; export: `export`, `export_all`
- list: `list_sessions` (`summary`); name: `default_session_folder` (`folder`)

The layout of the frames is in `frame_layout`, the tables are in `schema`; docs/session-files.md
says it all for other programs. What is done with sessions as a collection is in
`hipcue.realtime.library`.
"""

from hipcue.realtime.session.folder import default_session_folder
from hipcue.realtime.session.header import SessionHeader
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.writer import SessionWriter

__all__ = ["SessionHeader", "SessionReader", "SessionWriter", "default_session_folder"]
