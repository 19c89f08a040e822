"""A slow machine: the screen gives way first, then the film, then every second outline."""

from __future__ import annotations

import numpy as np

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.settings import PelvisSettings
from hipcue.devices.readings import Frame
from hipcue.realtime.records import PelvisSource
from hipcue.realtime.run.load_shedding import LoadShedder, Relief
from hipcue.realtime.vision.pelvis_sources import PelvisSources
from tests.realtime.vision.back_outline.backs import Scene

FPS = 60
PICTURE = np.zeros((2, 2, 3), np.uint8)


class Machine:
    """Looks at a camera's pictures, and misses a share of them."""

    def __init__(self, *, filming: bool = True) -> None:
        self.load = LoadShedder(filming=filming)
        self.t_s = self.owed = 0.0
        self.index = self.dropped = 0
        self.changes: list[tuple[float, Relief]] = []

    def run(self, seconds: float, missing: float, followed: float = 0.0) -> None:
        """Go on for a while."""
        until = self.t_s + seconds
        follows = 0.0
        while self.t_s < until:
            self.t_s += 1 / FPS
            self.index += 1
            self.owed += missing
            if self.owed >= 1.0:
                self.owed -= 1.0
                self.dropped += 1
                continue
            follows += followed
            frame = Frame(self.t_s, self.index, PICTURE, self.dropped)
            if self.load.step(frame, followed=follows >= 1.0):
                self.changes.append((self.t_s, self.load.relief))
            follows %= 1.0

    @property
    def reliefs(self) -> list[Relief]:
        """What gave way and came back, in order."""
        return [relief for _, relief in self.changes]


def test_a_machine_that_follows_lets_nothing_go() -> None:
    machine = Machine()
    machine.run(120.0, 0.01)
    assert machine.changes == []
    assert machine.load.notice is None
    assert machine.load.films
    assert machine.load.outline_every == 1
    assert machine.load.screen_share == 1.0


def test_every_second_picture_followed_is_well_and_three_of_four_are_too_many() -> None:
    machine = Machine()
    machine.run(60.0, 0.0, followed=0.5)
    assert machine.changes == []
    machine.run(10.0, 0.0, followed=0.75)
    assert machine.reliefs[:1] == [Relief.SCREEN]
    machine.run(120.0, 0.0, followed=0.5)
    assert machine.load.relief is Relief.NONE


def test_what_gives_way_does_so_in_order_and_one_thing_at_a_time() -> None:
    machine = Machine()
    machine.run(30.0, 0.3)
    assert machine.reliefs == [Relief.SCREEN, Relief.FILM, Relief.OUTLINE]
    times = [t_s for t_s, _ in machine.changes]
    assert min(np.diff(times)) > 2.9, "each gets the time to show whether it was enough"
    assert not machine.load.films
    assert machine.load.outline_every == 2
    assert machine.load.screen_share < 0.5


def test_where_no_film_is_kept_there_is_none_to_leave_out() -> None:
    machine = Machine(filming=False)
    machine.run(30.0, 0.3)
    assert machine.reliefs == [Relief.SCREEN, Relief.OUTLINE]
    notice = machine.load.notice
    assert notice is not None
    assert "film" not in advice_on(notice)
    machine.run(60.0, 0.0)
    assert machine.reliefs[2:] == [Relief.SCREEN, Relief.NONE]


def test_the_coach_reads_what_gave_way_and_how_far_the_machine_follows() -> None:
    machine = Machine()
    machine.run(10.0, 0.25)
    notice = machine.load.notice
    assert notice is not None
    assert "45 of 60 pictures a second" in in_words(notice)
    assert "drawn less often, no film is kept, the outline" in advice_on(notice)
    assert "45 von 60" in in_words(notice, "de")
    assert "Kontur" in advice_on(notice, "de")


def test_all_comes_back_one_by_one_when_the_machine_is_free_again() -> None:
    machine = Machine()
    machine.run(12.0, 0.3)
    machine.run(90.0, 0.0)
    assert machine.reliefs[3:] == [Relief.FILM, Relief.SCREEN, Relief.NONE]
    assert machine.load.notice is None


def test_a_machine_that_is_slow_whenever_it_draws_does_not_see_saw() -> None:
    machine = Machine()
    for _ in range(1200):  # An hour in pieces of three seconds.
        machine.run(3.0, 0.1 if machine.load.relief is Relief.NONE else 0.0)
    assert len(machine.changes) < 30
    assert max(np.diff([t_s for t_s, _ in machine.changes])) > 600.0


def test_a_camera_that_was_away_says_nothing_about_the_machine() -> None:
    machine = Machine()
    machine.run(10.0, 0.0)
    machine.t_s += 30.0
    machine.dropped += 900
    machine.run(10.0, 0.0)
    assert machine.changes == []


def test_pictures_without_the_outline_bring_the_squares_only() -> None:
    sources = PelvisSources(PelvisSettings(source="auto"))
    scene = Scene()
    for index in range(30):
        image, silhouette, pose = scene.shot(index)
        seen = sources.read(image, silhouette, pose)
    assert [reading.source for reading in seen] == [PelvisSource.CONTOUR]
    assert sources.read(image, silhouette, pose, outline=False) == ()
