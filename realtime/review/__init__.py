"""The review: what sessions show, as pages that open anywhere without a connection.

`build_report` writes a session's report.html, `progress_report` compares the sessions of a
runner. Facts are worked out in Python, templates draw them, in English and German.

May import: realtime.review.charts, realtime.review.sections, realtime.session,
realtime.metrics, realtime.records, config.
"""

from hipcue.realtime.review.progress import progress_report
from hipcue.realtime.review.report import build_report

__all__ = ["build_report", "progress_report"]
