"""The review: what sessions show, as files that open anywhere.

`build_report` writes a session's report.html; `progress_report` compares the sessions of a
runner.
"""

from hipcue.realtime.review.progress import progress_report
from hipcue.realtime.review.report import build_report

__all__ = ["build_report", "progress_report"]
