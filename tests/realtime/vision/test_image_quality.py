"""Advice on the picture: a good one passes, a spoilt one is named with what to do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hipcue.config.reason_words import advice_on
from hipcue.config.reasons import ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose
from hipcue.realtime.vision.image_quality import ImageQualityMonitor, advice, picture_facts

WIDTH, HEIGHT = 1280, 720

# A runner from the right side, in pixels.
POINTS = {
    "NOSE": (700, 120),
    "L_EAR": (672, 112),
    "R_EAR": (670, 112),
    "L_SHOULDER": (662, 200),
    "R_SHOULDER": (650, 202),
    "L_HIP": (652, 372),
    "R_HIP": (646, 374),
    "L_KNEE": (720, 470),
    "R_KNEE": (640, 500),
    "L_ANKLE": (720, 590),
    "R_ANKLE": (540, 590),
    "L_HEEL": (705, 620),
    "R_HEEL": (510, 590),
    "L_TOE": (770, 630),
    "R_TOE": (530, 650),
}


def pose_of(points, size=(WIDTH, HEIGHT)):
    xy_px = np.full((JOINT_COUNT, 2), np.nan)
    confidence = np.zeros(JOINT_COUNT)
    for name, point in points.items():
        xy_px[Joint[name]] = point
        confidence[Joint[name]] = 0.6 if name.startswith("L") else 0.9
    return Pose(0.0, 0, xy_px, confidence, size)


def room():
    """A wall with shelves and a door, a treadmill, and a runner with folds and sharp edges."""
    rng = np.random.default_rng(4)
    image = np.full((HEIGHT, WIDTH, 3), 170, np.uint8)
    for left, top, right, bottom, grey in (
        (60, 80, 260, 400, 110),
        (330, 60, 560, 250, 200),
        (820, 90, 1010, 330, 90),
        (1080, 60, 1200, 640, 140),
        (150, 660, 1150, 719, 50),
    ):
        cv2.rectangle(image, (left, top), (right, bottom), (grey, grey, grey), -1)
    body = np.zeros((HEIGHT, WIDTH), np.uint8)
    for side in "LR":
        chain = [POINTS[f"{side}_{name}"] for name in ("HIP", "KNEE", "ANKLE", "HEEL", "TOE")]
        cv2.polylines(body, [np.array(chain)], False, 255, 40)
        cv2.line(body, POINTS[f"{side}_SHOULDER"], POINTS[f"{side}_HIP"], 255, 90)
    cv2.circle(body, POINTS["L_EAR"], 45, 255, -1)
    folds = rng.integers(70, 110, (HEIGHT // 8, WIDTH // 8), dtype=np.uint8)
    skin = cv2.resize(folds, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    texture = skin[:, :, None].repeat(3, axis=2)
    return np.where(body[:, :, None] > 0, texture, image).astype(np.uint8)


def codes(image, points=POINTS, size=(WIDTH, HEIGHT)):
    return [
        notice.code
        for notice in advice([picture_facts(Frame(0.0, 0, image), pose_of(points, size))])
    ]


def turned_by(degrees):
    """The camera leans: picture and runner turn together."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -degrees, 1.0)
    image = cv2.warpAffine(room(), matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    points = {
        name: tuple(matrix[:, :2] @ np.array(point) + matrix[:, 2])
        for name, point in POINTS.items()
    }
    return image, points


def test_a_good_picture_needs_no_advice():
    assert codes(room()) == []


def test_a_dark_picture_needs_light():
    dark = (room() * 0.2).astype(np.uint8)
    notices = advice([picture_facts(Frame(0.0, 0, dark), pose_of(POINTS))])
    assert [notice.code for notice in notices] == [ReasonCode.PICTURE_DARK]
    assert "light" in advice_on(notices[0])


@pytest.mark.parametrize("kernel", [(15, 1), (1, 15), (9, 9)], ids=["level", "upright", "focus"])
def test_blurred_legs_are_seen_whichever_way_they_blur(kernel):
    assert codes(cv2.blur(room(), kernel)) == [ReasonCode.PICTURE_BLURRED]


@pytest.mark.parametrize("degrees", [-6.0, -4.0, 4.0, 8.0])
def test_a_leaning_camera_is_measured(degrees):
    image, points = turned_by(degrees)
    facts = picture_facts(Frame(0.0, 0, image), pose_of(points))
    assert facts.roll_deg == pytest.approx(degrees, abs=0.5)
    assert ReasonCode.PICTURE_TILTED in codes(image, points)


def test_lines_that_contradict_each_other_tell_nothing():
    # Seen from an angle the shelves run down while the door stays upright.
    shear = np.array([[1.0, 0.0, 0.0], [0.12, 1.0, -60.0]])
    image = cv2.warpAffine(room(), shear, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    assert picture_facts(Frame(0.0, 0, image), pose_of(POINTS)).roll_deg is None


def test_a_bare_wall_tells_nothing_about_the_camera():
    image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    facts = picture_facts(Frame(0.0, 0, image), pose_of(POINTS))
    assert facts.roll_deg is None
    assert facts.blur is None
    assert facts.brightness == 128.0


@pytest.mark.parametrize(
    ("shift", "word"), [((0, 100), "lower"), ((0, -130), "raise"), ((560, 0), "back")]
)
def test_a_runner_who_leaves_the_picture_is_named_with_the_way_out(shift, word):
    moved = {name: (x + shift[0], y + shift[1]) for name, (x, y) in POINTS.items()}
    image = np.roll(room(), shift, axis=(1, 0))
    cropped = [
        notice
        for notice in advice([picture_facts(Frame(0.0, 0, image), pose_of(moved))])
        if notice.code in (ReasonCode.FEET_OUT_OF_PICTURE, ReasonCode.HEAD_OUT_OF_PICTURE)
    ]
    assert len(cropped) == 1
    assert word in advice_on(cropped[0])


def test_a_runner_far_away_is_too_small():
    small = {name: (x * 0.4 + 300, y * 0.4 + 200) for name, (x, y) in POINTS.items()}
    assert ReasonCode.PICTURE_SMALL in codes(room(), small)


def test_a_runner_seen_from_half_in_front_is_not_side_on():
    oblique = {**POINTS, "L_SHOULDER": (700, 200), "R_SHOULDER": (600, 202)}
    assert codes(room(), oblique) == [ReasonCode.PICTURE_TURNED]
    # Shoulders swing against the hips while running; that much is side-on.
    swinging = {**POINTS, "L_SHOULDER": (672, 200), "R_SHOULDER": (640, 202)}
    assert codes(room(), swinging) == []


def test_nothing_is_said_of_what_cannot_be_seen():
    nobody = pose_of({})
    facts = picture_facts(Frame(0.0, 0, room()), nobody)
    assert facts.brightness is facts.blur is facts.height_px is facts.turned is None
    assert facts.cropped == ""
    assert advice([picture_facts(Frame(0.0, 0, room()), nobody)]) == []


def test_the_watch_pools_pictures_so_that_one_bad_one_says_nothing():
    watch = ImageQualityMonitor(every_s=0.5, pool=5)
    good, bad = room(), cv2.blur(room(), (15, 15))
    keys = []
    for number, image in enumerate([good, good, bad, good, good, bad, bad, bad, good, good, good]):
        notices = watch.add_frame(Frame(0.5 * number, number, image), pose_of(POINTS))
        keys.append([notice.code for notice in notices])
    blurred = [ReasonCode.PICTURE_BLURRED]
    assert keys == [[], [], [], [], [], [], blurred, blurred, blurred, blurred, []]


def test_the_watch_does_not_look_at_every_picture():
    watch = ImageQualityMonitor(every_s=0.5, pool=1)
    assert watch.add_frame(Frame(0.0, 0, room()), pose_of(POINTS)) == ()
    dark = (room() * 0.2).astype(np.uint8)
    assert watch.add_frame(Frame(0.4, 1, dark), pose_of(POINTS)) == ()
    assert [n.code for n in watch.add_frame(Frame(0.6, 2, dark), pose_of(POINTS))] == [
        ReasonCode.PICTURE_DARK
    ]
