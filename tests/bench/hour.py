"""An hour's session: how large, how fast its report, how smoothly it scrolls.

    python -m tests.bench.hour

Records a made-up hour at 60 frames a second in blocks as small as a live run writes
them, and builds its report. Exit code 1 when a limit is missed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from hipcue.realtime.library.finish import finish
from hipcue.realtime.review import build_report
from hipcue.realtime.session import SessionWriter, pending_rows
from tests.realtime.review.chromium import Browser, find_chromium
from tests.realtime.session.sample_session import feed, header, sample_steps

# A live run commits at every stride, about every 16 frames.
LIVE_BLOCK = 16
SCROLL = """window.gaps = []; (() => {
  let n = 0, last = performance.now();
  const step = () => {
    const now = performance.now();
    gaps.push(now - last); last = now; scrollBy(0, 90);
    if (n++ < 100) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})()"""


def main() -> int:
    pending_rows.CHUNK = LIVE_BLOCK
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "hour"
        writer = SessionWriter(folder, header(), finish=finish)
        feed(writer, sample_steps(3600.0))
        writer.close()
        begin = time.monotonic()
        report = build_report(folder)
        report_s = time.monotonic() - begin
        folder_mb = sum(p.stat().st_size for p in folder.iterdir()) / 1e6
        report_mb = report.stat().st_size / 1e6
        print(f"folder {folder_mb:.1f} MB, report {report_mb:.1f} MB in {report_s:.1f} s")
        slow_ms = 0.0
        if find_chromium() is not None:
            with Browser() as browser:
                browser.open(report)
                browser.run(SCROLL)
                time.sleep(4.0)
                gaps = sorted(browser.run("gaps")[2:])
                slow_ms = gaps[int(0.95 * len(gaps))]
                print(f"scrolling: 95 % of frames within {slow_ms:.0f} ms")
    limits = folder_mb < 150 and report_mb < 15 and report_s < 10 and slow_ms < 50
    return 0 if limits else 1


if __name__ == "__main__":
    sys.exit(main())
