"""The report in a real browser: it draws, it moves, it asks nobody for anything."""

from __future__ import annotations

import re
import shutil

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, Frame, LinkState
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import Mark
from hipcue.realtime.review import build_report
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.video import VideoRecorder
from tests.realtime.review.chromium import Browser, find_chromium
from tests.realtime.session.sample_session import feed, header, record, sample_steps
from tests.realtime.session.test_video import picture

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")

CHART = """(() => {
  const chart = document.querySelectorAll("svg.time")[%d];
  chart.scrollIntoView({block: "start"});
  const r = chart.getBoundingClientRect();
  return [r.x, r.y, r.width, r.height];
})()"""
CURSORS = "[...document.querySelectorAll('.cursor')].map(c => Number(c.getAttribute('x1')))"
FIGURE = "document.getElementById('dock-pictures').innerHTML"
TITLE = "document.getElementById('dock-title').textContent"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return record(tmp_path_factory.mktemp("browser") / "s", 60.0)


def click_on_chart(browser, number, share):
    x, y, width, height = browser.run(CHART % number)
    browser.click(x + width * share, y + height * 0.4)


def test_a_click_on_a_stride_moves_the_picture(folder):
    with Browser() as browser:
        browser.open(folder / "report.html")
        assert browser.run("document.querySelectorAll('svg.time path').length") > 60
        assert browser.run("document.getElementById('dock').hidden") is True
        click_on_chart(browser, 0, 0.40)
        first, figure, cursors = browser.run(TITLE), browser.run(FIGURE), browser.run(CURSORS)
        assert first.startswith("Stride ")
        assert figure.count("<svg") == 4
        assert figure.count("<line") > 40
        assert len(set(cursors)) == 1
        click_on_chart(browser, 0, 0.80)
        assert browser.run(TITLE) != first
        assert browser.run(FIGURE) != figure
        assert min(browser.run(CURSORS)) > max(cursors)
        before = browser.run("Number(document.getElementById('dock').dataset.row)")
        browser.press("ArrowLeft")
        assert browser.run("Number(document.getElementById('dock').dataset.row)") == before - 2
        browser.press("Escape")
        assert browser.run("document.getElementById('dock').hidden") is True
        browser.run("document.querySelector('.strip').click()")
        assert browser.run("document.getElementById('dock').hidden") is False
        assert browser.complaints == []
        assert browser.requests == [(folder / "report.html").as_uri()]


def test_without_a_mouse_single_strides_can_be_seen_too(folder):
    with Browser() as browser:
        browser.open(folder / "report.html")
        browser.run("document.querySelector('button.open').focus()")
        browser.press("Enter")
        assert browser.run(TITLE).startswith("Stride 0,")
        browser.press("ArrowRight")
        assert browser.run(TITLE).startswith("Stride 2,")


def test_the_browser_would_have_told(tmp_path):
    page = tmp_path / "chatty.html"
    page.write_text(
        "<script>console.error('oh'); fetch('http://127.0.0.1:9/x').catch(() => 0);"
        "setTimeout(() => { throw new Error('late') }, 0)</script><p>x</p>"
    )
    with Browser() as browser:
        browser.open(page)
        browser.run("new Promise(done => setTimeout(done, 200)).then(() => 1)")
        assert any("oh" in line for line in browser.complaints)
        assert any("late" in line for line in browser.complaints)
        assert "http://127.0.0.1:9/x" in browser.requests


def test_hostile_words_move_nothing_and_ask_nobody(tmp_path):
    name = '\u202e<img src=http://127.0.0.1:9/n onerror=alert(1)>\u05d0\u05d1" ' + "W" * 300
    note = "</td><script src=http://127.0.0.1:9/s></script>" + "M" * 300
    hostile = Reason(ReasonCode.BELT_REMARK, name=note, why="'\"><svg onload=x>")
    writer = SessionWriter(tmp_path / "s", header(runner=name), finish=finish)
    feed(writer, sample_steps(20.0))
    writer.mark(Mark(1010.0, note))
    writer.device(1005.0, DeviceStatus("<b>cam</b>", LinkState.LOST, hostile))
    writer.close()
    with Browser(390, 800) as browser:
        browser.open(tmp_path / "s" / "report.html")
        assert browser.run("document.documentElement.scrollWidth") <= 390
        assert browser.run("document.querySelectorAll('img, main script, main b b').length") == 0
        assert note in browser.run("document.body.textContent")
        assert browser.complaints == []
        assert browser.requests == [(tmp_path / "s" / "report.html").as_uri()]


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_nothing_is_wider_than_the_screen_and_labels_stay_readable(folder, width):
    with Browser(width, 800, dark=width < 500) as browser:
        browser.open(folder / "report.html")
        assert browser.run("document.documentElement.scrollWidth") <= width
        tick = "document.querySelector('svg.time .tick').getBoundingClientRect().height"
        assert browser.run(tick) >= 9
        background = browser.run("getComputedStyle(document.body).backgroundColor")
        assert background == ("rgb(14, 19, 24)" if width < 500 else "rgb(243, 245, 247)")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_numbers_of_a_stride_fit_on_a_phone_in_every_language(folder, tmp_path, language):
    copy = shutil.copytree(folder, tmp_path / "s")
    with Browser(390, 800) as browser:
        browser.open(build_report(copy, language))
        browser.run("document.querySelector('.strip').click()")
        assert browser.run(TITLE).startswith({"en": "Stride ", "de": "Doppelschritt "}[language])
        spilt = "[...document.querySelectorAll('#dock-values span')].filter(s => %s).length"
        assert browser.run(spilt % "true") == 8
        assert browser.run(spilt % "s.scrollWidth > s.clientWidth") == 0
        assert browser.run(spilt % "s.getBoundingClientRect().right > 390") == 0
        assert browser.run("document.documentElement.scrollWidth") <= 390
        assert browser.complaints == []


def test_with_a_film_the_click_shows_the_film(tmp_path):
    copy = record(tmp_path / "s", 24.0)
    recorder = VideoRecorder(copy, (320, 180), 15.0)
    for n, step in enumerate(list(sample_steps(24.0, pictures=False))[::4]):
        while recorder._queue.full():
            pass
        recorder.add(Frame(step.result.t_s, n, picture(n % 60)))
    recorder.close()
    build_report(copy)
    with Browser() as browser:
        browser.open(copy / "report.html")
        browser.run("document.querySelector('.strip').click()")
        shown = "[...document.querySelectorAll('#dock-pictures img')].map(i => i.src)"
        images = browser.run(shown)
        assert len(images) == 4
        assert all(i.startswith("data:image/jpeg;base64,") for i in images)
        loaded = "[...document.querySelectorAll('.strip img')].every(i => i.naturalWidth > 100)"
        assert browser.run(loaded) is True
        assert browser.complaints == []
        assert all(r.startswith(("file:", "data:")) for r in browser.requests)


def test_it_prints_on_a4(folder, tmp_path):
    with Browser() as browser:
        browser.open(folder / "report.html")
        browser.pdf(tmp_path / "report.pdf")
    data = (tmp_path / "report.pdf").read_bytes()
    boxes = set(re.findall(rb"/MediaBox \[([^\]]*)\]", data))
    assert len(boxes) == 1
    width, height = (float(v) for v in boxes.pop().split()[2:])
    # A4 in points, 210 x 297 mm.
    assert (width, height) == pytest.approx((595.3, 841.9), abs=1.0)
