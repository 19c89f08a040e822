"""The back's outline against formulas: how it leans, and when there is no reading."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import PelvisReading, PelvisSource
from hipcue.realtime.vision.back_outline.reader import BackOutlineReader
from hipcue.realtime.vision.mask import Silhouette
from tests.realtime.vision.back_outline.backs import (
    HIP,
    TRUNK_PX,
    Scene,
    facing_of,
    hollow,
    steepest_deg,
    tipped,
)


def read(scene: Scene, frames: int = 1, **shot: object) -> PelvisReading:
    reader = BackOutlineReader()
    for k in range(frames):
        picture, silhouette, pose = scene.shot(k, **shot)  # type: ignore[arg-type]
        reading = reader.read(picture, silhouette, pose, facing_of(pose))
    return reading


def angle(scene: Scene, **shot: object) -> float:
    reading = read(scene, **shot)
    assert reading.angle_deg is not None, reading.reason
    return reading.angle_deg


@pytest.mark.parametrize("lean_deg", [10.0, 20.0, 32.0])
def test_the_steepest_lean_of_a_hollow_back_is_read(lean_deg: float) -> None:
    reading = read(Scene(hollow(lean_deg)))
    assert reading.source is PelvisSource.CONTOUR
    assert reading.angle_deg == pytest.approx(steepest_deg(hollow(lean_deg)), abs=0.4)
    assert reading.sigma_deg is not None
    assert 0.2 < reading.sigma_deg < 1.0


def test_a_runner_who_faces_left_reads_the_same() -> None:
    assert angle(Scene(facing=-1)) == pytest.approx(angle(Scene(facing=1)), abs=0.3)


@pytest.mark.parametrize("by_deg", [-6.0, 3.0, 8.0])
def test_a_back_that_turns_as_a_whole_reads_as_much_more(by_deg: float) -> None:
    still, turned = angle(Scene()), angle(Scene(tipped(hollow(), by_deg)))
    assert turned - still == pytest.approx(by_deg, abs=0.5)


@pytest.mark.parametrize("off_px", [-3.0, 4.0])
def test_a_silhouette_that_is_off_is_mended_by_the_picture(off_px: float) -> None:
    assert angle(Scene(mask_off_px=off_px)) == pytest.approx(angle(Scene()), abs=0.3)


@pytest.mark.parametrize("share", [-0.05, 0.05])
def test_a_hip_put_too_high_or_low_hardly_matters(share: float) -> None:
    wrong = (float(HIP[0]), float(HIP[1] - share * TRUNK_PX))
    scene = Scene(joints={"L_HIP": wrong, "R_HIP": wrong})
    assert angle(scene) == pytest.approx(angle(Scene()), abs=0.6)


def test_the_trunk_that_leans_is_handed_on() -> None:
    upright = read(Scene()).thorax_deg
    # 200 px above the hip; the line begins at the steepest place, 36 px above it.
    ahead = (float(HIP[0] + 20.0), 220.0)
    leaning = read(Scene(joints={"L_SHOULDER": ahead, "R_SHOULDER": ahead})).thorax_deg
    assert upright is not None and leaning is not None
    assert leaning - upright == pytest.approx(np.degrees(20.0 / 164.0), abs=1.2)


@pytest.mark.parametrize("facing", [1, -1])
def test_the_outline_for_the_screen_lies_on_the_back(facing: int) -> None:
    paths = read(Scene(facing=facing)).paths_px
    points = np.concatenate(paths)
    assert len(points) > 40
    share = (HIP[1] - points[:, 1]) / TRUNK_PX
    assert share.max() - share.min() > 0.4
    back_px = HIP[0] + facing * hollow()(share)
    assert np.abs(points[:, 0] - back_px).max() < 2.0


def test_rows_under_a_forearm_are_left_out() -> None:
    """The hand rests on the back between hip and waist."""
    back = HIP[0] - 0.22 * TRUNK_PX
    scene = Scene(joints={"R_ELBOW": (back - 30, 330), "R_WRIST": (back + 5, 400)})
    reading = read(scene)
    assert reading.angle_deg is None
    assert reading.reason == Reason(ReasonCode.ARM_BEFORE_BACK)


def test_an_elbow_behind_the_ribs_is_no_trouble() -> None:
    back = HIP[0] - 0.22 * TRUNK_PX
    scene = Scene(joints={"R_ELBOW": (back - 10, 290), "R_WRIST": (back + 90, 330)})
    assert angle(scene) == pytest.approx(angle(Scene()), abs=0.5)


def test_a_shirt_like_the_wall_is_not_guessed() -> None:
    reading = read(Scene(shirt=(146, 156, 147), noise=4.0))
    assert reading.angle_deg is None
    assert reading.reason == Reason(ReasonCode.BACK_LIKE_BACKGROUND)


def test_a_dim_but_visible_edge_is_read_with_more_doubt() -> None:
    clear, dim = read(Scene()), read(Scene(shirt=(135, 145, 135), noise=8.0))
    assert dim.angle_deg == pytest.approx(clear.angle_deg, abs=1.5)
    assert dim.sigma_deg is not None and clear.sigma_deg is not None
    assert dim.sigma_deg > 1.2 * clear.sigma_deg


def test_a_shirt_that_hangs_straight_is_called_loose() -> None:
    reading = read(Scene(hollow(2.0)))
    assert reading.angle_deg is None
    assert reading.reason == Reason(ReasonCode.LOOSE_SHIRT)


def test_a_post_behind_the_runner_is_learned_and_taken_off() -> None:
    """A dark post whose edge shows right behind the back pulls at the outline."""
    back = HIP[0] - 0.22 * TRUNK_PX
    scene = Scene(post=(int(back) - 40, int(back) - 12), shirt=(90, 90, 170), noise=1.0)
    expected = steepest_deg(scene.outline)
    assert abs(angle(scene) - expected) > 3.0
    reader, read_deg = BackOutlineReader(), []
    for k in range(20):
        # The runner drifts: what was hidden is seen now and then.
        picture, silhouette, pose = scene.shot(k, (30.0 * (k % 10 < 5), 0.0))
        read_deg.append(reader.read(picture, silhouette, pose, facing_of(pose)).angle_deg)
    assert read_deg[-5:] == pytest.approx([expected] * 5, abs=0.5)


def test_without_silhouette_or_trunk_there_is_a_reason() -> None:
    picture, silhouette, pose = Scene().shot()
    assert BackOutlineReader().read(picture, None, pose, facing_of(pose)).reason == Reason(
        ReasonCode.NO_SILHOUETTE
    )
    nobody = Scene(joints={"L_HIP": (np.nan, np.nan)}).shot()[2]
    assert BackOutlineReader().read(
        picture, silhouette, nobody, facing_of(nobody)
    ).reason == Reason(ReasonCode.TRUNK_NOT_SEEN)
    far = Scene(joints=dict.fromkeys(("L_SHOULDER", "R_SHOULDER"), (270.0, 370.0))).shot()[2]
    assert BackOutlineReader().read(picture, silhouette, far, facing_of(far)).reason == Reason(
        ReasonCode.RUNNER_TOO_SMALL
    )


def test_a_runner_turned_to_the_camera_is_not_side_on() -> None:
    turned = {"L_SHOULDER": (225.0, 220.0), "R_SHOULDER": (315.0, 220.0)}
    assert read(Scene(joints=turned)).reason == Reason(ReasonCode.NOT_SIDE_ON)


def test_half_a_silhouette_is_not_clear() -> None:
    picture, silhouette, pose = Scene().shot()
    silhouette.cells[:130] = 0.0
    assert BackOutlineReader().read(picture, silhouette, pose, facing_of(pose)).reason == Reason(
        ReasonCode.BACK_NOT_CLEAR
    )
    silhouette.cells[:] = 0.0
    assert BackOutlineReader().read(picture, silhouette, pose, facing_of(pose)).angle_deg is None


def test_a_silhouette_of_a_part_of_the_picture_is_the_same() -> None:
    picture, silhouette, pose = Scene().shot()
    whole = BackOutlineReader().read(picture, silhouette, pose, facing_of(pose)).angle_deg
    to_picture = silhouette.to_picture + np.array([[0.0, 0.0, 99.0], [0.0, 0.0, 150.0]])
    cells = np.ascontiguousarray(silhouette.cells[50:200, 33:150])
    part = Silhouette(cells, to_picture, (99, 150, 450, 600))
    assert BackOutlineReader().read(
        picture, part, pose, facing_of(pose)
    ).angle_deg == pytest.approx(whole)
