"""One session on disk: recorded while it happens, read back exactly, exported.

A folder holds session.db, strides.csv, report.html and, on request, video.mp4. `writer`
records without holding up who runs, `reader` opens what anybody may have written, `schema`
and `migrations` know the versions, `stride_table` is the one table of a session's strides.

May import: realtime.gait, realtime.records, devices, config.
"""

from hipcue.realtime.session.folder import default_session_folder
from hipcue.realtime.session.header import SessionHeader
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.writer import SessionWriter

__all__ = ["SessionHeader", "SessionReader", "SessionWriter", "default_session_folder"]
