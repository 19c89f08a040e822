"""What stands on the coach's and the runner's screen, and what never does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from hipcue.devices.readings import Frame
from hipcue.realtime.hud import View
from hipcue.realtime.hud.draw.theme import ACT, HIP, TEXT, WATCH
from hipcue.realtime.records import Joint, RunnerState, Side
from tests.realtime.hud.opened import LoggedScreen, opened, settle, words_on
from tests.realtime.hud.sample_snapshots import NOW_S, joints, snapshot, statuses


def one_text(screen: LoggedScreen, words: str) -> pygame.Rect:
    return next(pygame.Rect(item.box) for item in screen.placed if item.words == words)


def plain(words: list[str]) -> list[str]:
    return [word.replace("\u200a", "") for word in words]


def test_the_numbers_of_the_newest_strides_stand_in_their_tiles() -> None:
    shown = snapshot("compensating")
    newest = shown.last_stride[Side.L]
    tilt = newest.values["pelvic_tilt_deg"].value
    cadence = newest.values["cadence_spm"].value
    assert tilt is not None and cadence is not None
    with opened() as screen:
        screen.show(shown)
        words = words_on(screen)
        assert f"+{round(tilt)}" in words
        assert f"{round(cadence)}" in words
        assert {"12.4", "1.0", "18:42", "3.86"} <= set(words)


def test_a_missing_value_is_a_dash_with_its_reason_never_the_last_number() -> None:
    with opened() as screen:
        screen.show(snapshot("good"))
        assert any(word.startswith("+3") for word in words_on(screen))
        screen.show(snapshot("unknown"))
        words = words_on(screen)
        assert "loose clothing" in words
        assert "–" in words
        assert not any(word.startswith("+3") and "°" not in word for word in words if len(word) < 4)


def test_numbers_of_a_runner_who_left_are_not_kept() -> None:
    shown = snapshot("good")
    with opened() as screen:
        screen.show(replace(shown, t_s=NOW_S + 3.5, frame=replace_time(shown.frame, NOW_S + 3.4)))
        assert "no stride seen" in words_on(screen)
        assert "168" not in words_on(screen)


def replace_time(frame: Frame | None, t_s: float) -> Frame:
    assert frame is not None
    return Frame(t_s, frame.index, frame.image_bgr)


def test_a_lost_camera_says_what_to_do_and_shows_no_number() -> None:
    with opened() as screen:
        screen.show(snapshot("camera lost"))
        words = words_on(screen)
        assert "check cable and power; it goes on by itself" in words
        assert not any("°" in word for word in words)


@pytest.mark.parametrize("view", View)
def test_with_the_camera_lost_no_number_but_the_time_is_left(view: View) -> None:
    """Belt, grade and distance are worked out with the pictures: theirs are old too."""
    shown = snapshot("camera lost")
    with opened(view=view) as screen:
        settle(screen, snapshot("good"))
        settle(screen, shown)
        words = set(words_on(screen))
        assert not {"12.4", "1.0", "3.86", "metres at 12.4 km/h"} & words
        if view is not View.RUNNER:
            assert {"–", "camera lost", "18:42"} <= words


def test_before_the_first_picture_the_belt_is_a_dash_with_its_reason() -> None:
    with opened(view=View.COACH) as screen:
        settle(screen, replace(snapshot("waiting"), frame=None, result=None))
        words = words_on(screen)
        assert words[words.index("–") + 1] == "no picture yet"


def test_lesser_values_that_all_lack_say_why_once() -> None:
    with opened(view=View.COACH) as screen:
        settle(screen, snapshot("waiting"))
        row = one_text(screen, "Bounce")
        below = [
            item.words
            for item in screen.placed
            if row.top < item.box[1] < row.top + 60 and item.words == "waiting for strides"
        ]
        assert len(below) == 1


def test_a_picture_that_stopped_is_lost_even_when_its_status_is_live() -> None:
    shown = replace(snapshot("good"), t_s=NOW_S + 2.6, devices=statuses())
    with opened() as screen:
        screen.show(shown)
        assert "camera lost" in words_on(screen)


def test_a_stopped_picture_is_too_dark_to_be_taken_for_a_live_one() -> None:
    with opened() as screen:
        screen.show(snapshot("camera lost"))
        wall = pixel(screen, (60, 150))
        screen.show(snapshot("good"))
        assert sum(wall) < 0.4 * sum(pixel(screen, (60, 150)))


def test_a_silent_belt_leaves_a_dash_and_its_reason() -> None:
    with opened() as screen:
        screen.show(snapshot("belt lost"))
        assert "belt silent 6 s" in words_on(screen)
        assert "12.4" not in words_on(screen)
        assert "2.45" not in words_on(screen)


def pixel(screen: LoggedScreen, at: tuple[int, int]) -> tuple[int, int, int]:
    surface = pygame.display.get_surface()
    red, green, blue, _ = surface.get_at(at)
    return red, green, blue


def in_window(screen: LoggedScreen, shown_joint: Joint, size: tuple[int, int]) -> tuple[int, int]:
    """Where a joint of the sample pose lies in a window of 1280x720."""
    shown = snapshot("good")
    assert shown.result is not None
    x, y = shown.result.preview_pose.xy_px[shown_joint]
    return round(16 + x * 768 / size[0]), round(59 + y * 432 / size[1])


def test_the_picture_is_the_cameras() -> None:
    image = np.zeros((720, 1280, 3), np.uint8)
    image[:, :, 0] = 200  # blue, as cameras order it
    shown = replace(snapshot("waiting"), frame=Frame(NOW_S, 1, image))
    with opened() as screen:
        screen.show(shown)
        assert pixel(screen, (60, 150)) == (0, 0, 200)


def test_the_skeleton_lies_on_the_body() -> None:
    with opened() as screen:
        screen.show(snapshot("good"))
        for joint in (Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE, Joint.L_SHOULDER):
            assert pixel(screen, in_window(screen, joint, (1280, 720))) == TEXT, joint.name
        hip, knee = (joints((1280, 720))[name] for name in ("hip", "near_knee"))
        middle = ((hip[0] + knee[0]) / 2, (hip[1] + knee[1]) / 2)
        at = round(16 + middle[0] * 0.6), round(59 + middle[1] * 0.6)
        assert pixel(screen, at) == HIP


def test_a_hidden_joint_is_not_drawn() -> None:
    shown = snapshot("good")
    assert shown.result is not None
    xy = shown.result.preview_pose.xy_px.copy()
    xy[Joint.L_ANKLE] = np.nan
    pose = replace(shown.result.preview_pose, xy_px=xy)
    hidden = replace(shown, result=replace(shown.result, preview_pose=pose))
    with opened() as screen:
        screen.show(shown)
        before = pixel(screen, in_window(screen, Joint.L_ANKLE, (1280, 720)))
        screen.show(hidden)
        assert before == TEXT
        assert pixel(screen, in_window(screen, Joint.L_ANKLE, (1280, 720))) != TEXT


def test_the_last_cue_comes_with_its_latency_and_what_came_of_it() -> None:
    with opened((1920, 1080)) as screen:
        screen.show(snapshot("compensating"))
        assert "“Push the belt back”" in words_on(screen)
        detail = next(word for word in words_on(screen) if word.startswith("cue 3"))
        assert "41 ms" in detail
        assert "tilt since then −1.2°" in detail


def test_all_is_well_is_nearly_grey() -> None:
    """No watch, no act, and little colour at all outside of the picture."""
    with opened((1920, 1080)) as screen:
        screen.show(replace(snapshot("good"), recording=False))
        colours = [item.colour for item in screen.placed]
        assert WATCH not in colours
        assert ACT not in colours
        pixels = pygame.surfarray.array3d(pygame.display.get_surface()).astype(int)
        outside = np.concatenate((pixels[1200:].reshape(-1, 3), pixels[:, :80].reshape(-1, 3)))
        coloured = (outside.max(axis=1) - outside.min(axis=1)) > 60
        assert coloured.mean() < 0.05


@pytest.mark.parametrize(
    ("state", "word", "icon"),
    [("good", "as usual", "check"), ("compensating", "compensating for 11 strides", "triangle_up")],
)
def test_the_state_is_a_word_and_a_shape(state: str, word: str, icon: str) -> None:
    with opened() as screen:
        screen.show(snapshot(state))
        at = one_text(screen, word)
        signs = [item for item in screen.placed if item.sign and item.words == icon]
        assert any(abs(pygame.Rect(s.box).centery - at.centery) < 12 for s in signs)


def test_the_runner_sees_one_number_one_word_and_the_band() -> None:
    with opened((1280, 720), view=View.RUNNER) as screen:
        screen.show(snapshot("good"))
        words = plain(words_on(screen))
        hints = {"1–4", "number", "F2", "view", "F11", "full screen", "?", "help", "Q", "end"}
        assert [w for w in words if w not in hints][:1] == ["HIP EXTENSION"]
        assert len([w for w in words if w not in hints]) == 5  # name, number, °, word, band


def test_the_runners_number_is_a_third_of_the_screen_high() -> None:
    with opened((1280, 720), view=View.RUNNER) as screen:
        screen.show(snapshot("compensating"))
        number = max((item for item in screen.placed if not item.sign), key=lambda i: i.size_px)
        assert abs(number.box[3] - 240) < 8
        assert number.colour == ACT


def test_the_keys_leave_the_runners_screen_after_a_moment() -> None:
    shown = snapshot("good")
    with opened(view=View.RUNNER) as screen:
        screen.show(shown)
        assert "full screen" in words_on(screen)
        later = replace(shown, t_s=NOW_S + 6.0, frame=replace_time(shown.frame, NOW_S + 6.0))
        screen.show(later)
        assert "full screen" not in words_on(screen)


def test_edges_of_the_runners_screen_speak_to_the_corner_of_the_eye() -> None:
    compensating = snapshot("compensating")
    assert compensating.result is not None
    watch = replace(compensating, result=replace(compensating.result, state=RunnerState.WATCH))
    with opened(view=View.RUNNER) as screen:
        screen.show(compensating)
        assert pixel(screen, (640, 4)) == ACT
        assert pixel(screen, (640, 715)) == ACT
    with opened(view=View.RUNNER) as screen:
        screen.show(watch)
        assert pixel(screen, (640, 4)) == WATCH
        assert pixel(screen, (640, 715)) != WATCH


def test_a_state_change_fades_in() -> None:
    with opened(view=View.RUNNER) as screen:
        shown = snapshot("compensating")
        assert shown.result is not None
        calm = replace(shown, result=replace(shown.result, state=RunnerState.OK))
        screen.show(calm)

        def number_colour(t_s: float) -> tuple[int, int, int]:
            screen.show(replace(shown, t_s=t_s))
            return max((i for i in screen.placed if not i.sign), key=lambda i: i.size_px).colour

        assert number_colour(NOW_S + 0.01) == TEXT
        half = number_colour(NOW_S + 0.085)
        assert ACT != half != TEXT
        assert number_colour(NOW_S + 0.2) == ACT


def test_a_picture_of_the_screen_is_kept(tmp_path: Path) -> None:
    with opened() as screen:
        screen.show(snapshot("good"))
        screen.screenshot(tmp_path / "screen.png")
        kept = pygame.surfarray.array3d(pygame.image.load(str(tmp_path / "screen.png")))
        assert kept.shape == (1280, 720, 3)
        assert (kept == pygame.surfarray.array3d(pygame.display.get_surface())).all()


def test_a_picture_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    with opened() as screen:
        screen.show(snapshot("good"))
        with pytest.raises(OSError, match=r"screen\.png"):
            screen.screenshot(tmp_path / "no such folder" / "screen.png")


def test_a_cue_of_another_version_is_shown_by_its_name() -> None:
    """A recording may hold cues and metrics that this version has no words for."""
    shown = snapshot("compensating")
    cues = tuple(replace(cue, event="new_tone", text="") for cue in shown.cues)
    responses = {
        number: replace(response, metric="new_metric")
        for number, response in shown.responses.items()
    }
    with opened() as screen:
        settle(screen, replace(shown, cues=cues, responses=responses))
        words = words_on(screen)
    assert "new_tone" in words
    assert any("new_metric since then" in word for word in words)
