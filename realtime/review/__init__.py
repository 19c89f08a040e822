"""The review: what a session shows, as one file that opens anywhere.

`build_report` writes a session's report.html.
"""

from realtime.review.report import build_report

__all__ = ["build_report"]
