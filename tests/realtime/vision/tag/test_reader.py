"""Printed squares in pictures, turned by known angles: found, measured, hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import PelvisReading, PelvisSource, Pose
from hipcue.realtime.vision.tag.edges import rotation_of
from hipcue.realtime.vision.tag.reader import DICTIONARY, TagReader
from tests.realtime.vision.back_outline.backs import HIP, Scene, facing_of

_FINER = 5
AT = (float(HIP[0]), float(HIP[1] - 40.0))
RIBS_AT = (float(HIP[0]), float(HIP[1] - 110.0))


def stick(
    picture: NDArray[np.uint8],
    number: int,
    at: tuple[float, float],
    side_px: float,
    clockwise_deg: float,
    blur_px: float = 0.8,
    squeeze: float = 1.0,
) -> None:
    """Draw a square into a picture, with its white border, its corners between pixels."""
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    cells = cv2.aruco.generateImageMarker(dictionary, number, 6)
    paper = cv2.copyMakeBorder(cells, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    paper = np.repeat(np.repeat(paper, 40, axis=0), 40, axis=1)
    reach = int(side_px) + 8
    left, top = int(at[0]) - reach, int(at[1]) - reach
    part = picture[top : top + 2 * reach, left : left + 2 * reach]
    scale = side_px / 240.0 * _FINER
    turn = np.radians(clockwise_deg)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = spin @ np.diag([scale * squeeze, scale])
    middle = (np.array(at) - np.array([left, top]) + 0.5) * _FINER - 0.5
    whole = np.column_stack([matrix, middle - matrix @ np.array([159.5, 159.5])])
    size = (2 * reach * _FINER, 2 * reach * _FINER)
    ink, cover = (
        cv2.resize(
            cv2.warpAffine(a, whole, size, flags=cv2.INTER_LINEAR),
            (2 * reach, 2 * reach),
            interpolation=cv2.INTER_AREA,
        ).astype(float)
        for a in (paper, np.full_like(paper, 255))
    )
    share = (cover / 255.0)[..., None]
    mixed = part * (1 - share) + np.minimum(ink, cover)[..., None] * 0.85 + 15.0 * share
    part[:] = np.clip(cv2.GaussianBlur(mixed, (0, 0), blur_px), 0, 255).astype(np.uint8)


def worn(
    pelvis_deg: float | None,
    *,
    ribs_deg: float | None = None,
    facing: int = 1,
    side_px: float = 24.0,
    index: int = 0,
    at: tuple[float, float] = AT,
    blur_px: float = 0.8,
    squeeze: float = 1.0,
) -> tuple[NDArray[np.uint8], Pose]:
    """A runner with squares that are turned forward by so much; None wears none."""
    picture, _, pose = Scene(facing=facing).shot(index)
    if pelvis_deg is not None:
        stick(picture, 0, at, side_px, facing * pelvis_deg, blur_px, squeeze)
    if ribs_deg is not None:
        stick(picture, 1, RIBS_AT, side_px, facing * ribs_deg, blur_px)
    rng = np.random.default_rng(index)
    noisy = picture + rng.normal(0.0, 2.0, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), pose


def read(*args: object, **options: object) -> PelvisReading | None:
    return look(TagReader(), *worn(*args, **options))  # type: ignore[arg-type]


def look(reader: TagReader, picture: NDArray[np.uint8], pose: Pose) -> PelvisReading | None:
    return reader.read(picture, pose, facing_of(pose))


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("tilt_deg", [-12.0, 0.0, 3.7, 11.0, 25.0])
def test_forward_is_positive_whichever_way_the_runner_faces(tilt_deg: float, facing: int) -> None:
    reading = read(tilt_deg, facing=facing)
    assert reading is not None
    assert reading.source is PelvisSource.TAG
    assert reading.angle_deg == pytest.approx(tilt_deg, abs=0.5)


@pytest.mark.parametrize("side_px", [16.0, 22.0, 40.0, 60.0])
def test_small_and_large_squares_are_measured_without_bias(side_px: float) -> None:
    turns = np.linspace(-8.0, 16.0, 9)
    # Between pixels everywhere.
    places = [(AT[0] + 0.37 * k, AT[1] + 0.61 * k) for k in range(len(turns))]
    errors, sigmas = [], []
    for k, (turn, at) in enumerate(zip(turns, places, strict=True)):
        # 60 mm are 24 pixels of this runner's trunk.
        seen = worn(float(turn), side_px=side_px, index=12 * k, at=at)
        reading = look(TagReader(0.06 * side_px / 24.0), *seen)
        if reading is not None and reading.angle_deg is not None:
            errors.append(reading.angle_deg - turn)
            sigmas.append(reading.sigma_deg or 0.0)
    assert len(errors) >= len(turns) - (side_px < 20.0)
    assert abs(np.mean(errors)) < 0.25
    assert np.std(errors) < 0.5
    assert np.mean(np.abs(errors) <= 1.65 * np.array(sigmas)) >= 0.75


def test_the_square_on_the_ribs_is_read_beside_it() -> None:
    reading = read(9.0, ribs_deg=-4.0)
    assert reading is not None
    assert reading.angle_deg == pytest.approx(9.0, abs=0.5)
    assert reading.thorax_deg == pytest.approx(-4.0, abs=0.5)
    assert reading.thorax_sigma_deg is not None
    # Both for the screen, the pelvis's first, each where it was stuck on.
    middles = [corners.mean(axis=0) for corners in reading.paths_px]
    assert np.array(middles) == pytest.approx(np.array([AT, RIBS_AT]), abs=1.0)


def test_a_square_turned_out_of_the_picture_keeps_its_turn() -> None:
    """Seen from 25 degrees aside it is narrower by a tenth, and sheared once it turns."""
    turned = read(12.0, squeeze=0.9, side_px=40.0)
    still = read(0.0, squeeze=0.9, side_px=40.0)
    assert turned is not None and still is not None
    assert turned.angle_deg is not None and still.angle_deg is not None
    assert turned.angle_deg - still.angle_deg == pytest.approx(12.0, abs=0.5)


def test_a_runner_without_squares_has_no_tag_source() -> None:
    reader = TagReader()
    for k in range(14):
        assert look(reader, *worn(None, index=k)) is None


def test_where_an_arm_hides_it_there_is_no_angle_and_afterwards_there_is() -> None:
    reader = TagReader()
    for k in range(12):
        first = look(reader, *worn(5.0, index=k))
    assert first is not None and first.angle_deg is not None
    for k in range(12, 18):
        picture, pose = worn(5.0, index=k)
        cv2.line(picture, (int(AT[0]) - 40, int(AT[1])), (int(AT[0]) + 40, int(AT[1])), 90, 18)
        hidden = look(reader, picture, pose)
        assert hidden is not None
        assert hidden.angle_deg is None
        assert hidden.reason == Reason(ReasonCode.TAG_HIDDEN)
    again = look(reader, *worn(5.0, index=18))
    assert again is not None
    assert again.angle_deg == pytest.approx(5.0, abs=0.5)


def test_a_square_that_jumped_away_is_found_again_around_the_hips() -> None:
    reader = TagReader()
    assert look(reader, *worn(5.0)) is not None
    far = (AT[0] - 45.0, AT[1] - 60.0)
    later = [look(reader, *worn(5.0, index=k, at=far)) for k in range(1, 20)]
    assert any(reading is not None and reading.angle_deg is not None for reading in later)


def test_looked_at_before_the_pose_is_known_a_square_reads_the_same() -> None:
    waits, ahead = TagReader(), TagReader()
    for k in range(30):
        # Twelve pictures without it in the middle: it is lost, and searched for afresh.
        picture, pose = worn(None if 10 <= k < 22 else 0.5 * k, index=k)
        ahead.search_ahead(picture)
        one, other = look(waits, picture, pose), look(ahead, picture, pose)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.angle_deg, one.reason) == (other.angle_deg, other.reason)
            assert np.array_equal(one.paths_px, other.paths_px)


@pytest.mark.parametrize("side_px", [7.0, 100.0])
def test_squares_of_another_size_are_not_ours(side_px: float) -> None:
    reader = TagReader(0.06)
    for k in range(13):
        picture, pose = worn(5.0, side_px=side_px, index=k)
        assert look(reader, picture, pose) is None


def test_a_smeared_square_is_given_up_or_doubted() -> None:
    sharp, smeared = read(5.0), read(5.0, blur_px=2.2)
    assert sharp is not None and sharp.sigma_deg is not None
    if smeared is not None and smeared.angle_deg is not None:
        assert abs(smeared.angle_deg - 5.0) < 2.0


def test_no_turn_is_made_up_where_there_is_no_square() -> None:
    grey = np.full((100, 100), 128, np.uint8)
    corners = np.array([[40.0, 40.0], [60.0, 40.0], [60.0, 60.0], [40.0, 60.0]])
    found = rotation_of(grey, corners)
    assert found is None
