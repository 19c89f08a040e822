"""Progress over sessions: what is compared, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from hipcue.realtime.review import progress
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.summary import SessionSummary


def test_progress_compares_only_what_was_measured_alike():
    def one(day, source, hip):
        row = {"hip_extension_deg": (hip, 1.0, 40), "thigh_extension_deg": (22.0, 1.0, 40)}
        return SessionSummary(Path(day), "Anna", f"2026-03-{day}T10:00:00+01:00", 20.0, 400, 300,
                              pelvis_source=source, by_speed={"3.00": row})  # fmt: skip

    english = Texts("en")
    kept = [one("01", "contour", 15.0), one("05", "tag", 21.0), one("09", "contour", 15.5)]
    assert [p.value for p in progress.points(kept, "3.00", "hip_extension_deg", english)] == [
        15.0,
        15.5,
    ]
    assert len(progress.points(kept, "3.00", "thigh_extension_deg", english)) == 3
    said = " ".join(progress.progress_sentences(kept, "3.00", english))
    assert "15.0° to 15.5°: too little to be sure" in said
    assert "by contour in most sessions and by tag in others" in said


def test_progress_is_safe_for_any_name_and_goes_without_a_speed():
    bad = "<script>alert(1)</script>"
    kept = [SessionSummary(Path("x"), bad, bad, 1.0, 10, schedule=bad, pelvis_source=bad)]
    page = progress.progress_page(kept, Texts("de"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Keine Sitzung hat ein Bandtempo" in page
