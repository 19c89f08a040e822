"""Sessions in the formats of other programs.

`export` writes one session as csv, json, parquet, trc, mot or fit; `export_all` writes
many sessions, for parquet as a data set partitioned by runner and date.

May import: realtime.session, realtime.records, config.
"""

from hipcue.realtime.session.export.exporting import FORMATS, export, export_all

__all__ = ["FORMATS", "export", "export_all"]
