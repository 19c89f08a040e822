from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.fits import fit_parabola
from hipcue.realtime.gait.pose_buffer import PoseBuffer, joint
from hipcue.realtime.gait.segment_angles import ankle_angle_deg, inclination_deg, knee_flexion_deg
from hipcue.realtime.records import Side
from tests.realtime.gait.making import pose


@pytest.mark.parametrize(
    ("knee", "extension_deg"),
    [((0.0, 100.0), 0.0), ((-100.0, 100.0), 45.0), ((100.0, 100.0), -45.0), ((-100.0, 0.0), 90.0)],
)
def test_a_thigh_behind_the_vertical_is_extension(
    knee: tuple[float, float], extension_deg: float
) -> None:
    memory = PoseBuffer()
    memory.add_pose(pose(0.0, L_HIP=(0.0, 0.0), L_KNEE=knee), facing=1)
    xy = memory.stretch(-1.0).xy
    angle = inclination_deg(joint(xy, Side.L, "hip"), joint(xy, Side.L, "knee"))
    assert angle[0] == pytest.approx(extension_deg)


def test_the_same_thigh_seen_from_the_other_side_has_the_same_angle() -> None:
    memory = PoseBuffer()
    memory.add_pose(pose(0.0, L_HIP=(0.0, 0.0), L_KNEE=(30.0, 100.0)), facing=-1)
    xy = memory.stretch(-1.0).xy
    angle = inclination_deg(joint(xy, Side.L, "hip"), joint(xy, Side.L, "knee"))
    assert angle[0] == pytest.approx(np.degrees(np.arctan2(30, 100)))


def test_a_right_angle_at_the_knee() -> None:
    memory = PoseBuffer()
    memory.add_pose(
        pose(0.0, R_HIP=(0.0, 0.0), R_KNEE=(0.0, 100.0), R_ANKLE=(-100.0, 100.0)), facing=1
    )
    xy = memory.stretch(-1.0).xy
    assert knee_flexion_deg(xy, Side.R)[0] == pytest.approx(90.0)


def test_toes_up_is_dorsiflexion() -> None:
    memory = PoseBuffer()
    memory.add_pose(
        pose(
            0.0,
            R_KNEE=(0.0, 0.0),
            R_ANKLE=(0.0, 100.0),
            R_HEEL=(-10.0, 110.0),
            R_TOE=(90.0, 110.0 - 100 * np.tan(np.radians(20))),
        ),
        facing=1,
    )
    xy = memory.stretch(-1.0).xy
    assert ankle_angle_deg(xy, Side.R)[0] == pytest.approx(20.0, abs=0.01)


def test_a_hidden_knee_gives_no_angle() -> None:
    memory = PoseBuffer()
    memory.add_pose(pose(0.0, L_HIP=(0.0, 0.0)), facing=1)
    xy = memory.stretch(-1.0).xy
    assert np.isnan(knee_flexion_deg(xy, Side.L)[0])


def test_the_memory_is_a_ring_that_reads_in_order() -> None:
    memory = PoseBuffer(seconds=1.0, fps_at_most=10.0)
    for k in range(27):
        memory.add_pose(pose(0.1 * k, L_HIP=(float(k), 0.0)), facing=1)
    t, xy, _ = memory.stretch(2.0)
    assert list(np.round(t, 1)) == [2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6]
    assert list(joint(xy, Side.L, "hip")[:, 0]) == [20, 21, 22, 23, 24, 25, 26]


def test_a_parabola_through_its_own_points() -> None:
    x = np.array([-0.05, -0.02, 0.0, 0.03, 0.04])
    curve, slope, level = fit_parabola(x, 40.0 * x**2 - 3.0 * x + 7.0)
    assert (curve, slope, level) == pytest.approx((40.0, -3.0, 7.0))


def test_a_parabola_among_noise_is_the_one_of_least_squares() -> None:
    chance = np.random.default_rng(4)
    for count in (3, 5, 9):
        x = np.sort(chance.uniform(-0.05, 0.05, count))
        y = chance.normal(size=count)
        assert fit_parabola(x, y) == pytest.approx(tuple(np.polyfit(x, y, 2)), rel=1e-6, abs=1e-6)


def test_two_places_make_no_parabola() -> None:
    assert fit_parabola(np.array([0.0, 0.0, 1.0]), np.array([1.0, 3.0, 5.0]))[0] == 0.0
    assert fit_parabola(np.array([]), np.array([])) == (0.0, 0.0, 0.0)
