"""The layout of the frames in session.db, as NumPy reads it.

A row of the table ``frames`` is a chunk: the steps from `first` on, `count` of them, about a
second. A step is one frame that the engine took. Each of the four blobs of a chunk is

- a byte with the format, `FORMAT`,
- a byte of flags: with `WIDE` the positions and confidences of ``pose`` are float64; with
  `FOLLOWED` it has the field ``followed``, which sessions of before lack,
- zlib of one record in which every field holds the whole chunk, the frame in the last axis.

Columns compress better than frame after frame, and one call reads them, with `layout`::

    np.frombuffer(zlib.decompress(blob[2:]), layout(POSE, count), 1)[0]["xy_px"]

Row i of all four blobs is about the same frame. Little-endian, no padding; NaN is missing.
Texts are numbers of the table ``word``, 0 for none. A reason is a text.

``pose``: what the engine was given, bit for bit.

============== ========== ================================================================
t_s            f8         capture time on the session's clock
index          i8         running number of the picture; numbers that were left out lack
px_per_m       f8         scale, where the source knows it
xy_px          f4 (19, 2) joints in the order of `hipcue.realtime.records.Joint`; x to the
                          right, y down, in pixels; f8 with the flag `WIDE`
confidence     f4 (19,)   0 to 1; f8 with the flag `WIDE`
size_px        u4 (2,)    width and height of the picture
reason         u2         why there is no pose
followed       u1         1: followed from the picture before, not looked for in this one
============== ========== ================================================================

``pelvis``: what the sources of the pelvis saw, given to the engine with a frame. The last
axis is the reading, not the frame; a frame has none, one or several.

============== ========== ================================================================
t_s            f8         time of the reading
angle_deg      f8         the source's own angle, anterior +
sigma_deg      f8         its standard uncertainty
thorax_deg     f8         forward rotation of the lower ribs
thorax_sigma_deg f8       its standard uncertainty
frame          u2         row of the chunk that it belongs to
source         u2         text: tag, imu, contour, markers
reason         u2         why the angle is missing
============== ========== ================================================================

``settled``: the frame once its legs were told apart, which happens a few steps later.

============== ========== ================================================================
value_deg      f4 (9,)    angles in the order of `ANGLES`
sigma_deg      f4 (9,)    their standard uncertainties
reason         u2 (9,)    why one is missing
pelvis_source  u2         text: where the tilt of the pelvis comes from
settled_after  i2         so many steps later the legs were told apart; -1: never
swapped        u1         1: left and right leg of ``pose`` were exchanged for that
rejected       u1         joints that count as not seen, a bit each from the lowest on, in
                          the order of `hipcue.realtime.gait.leg_hypotheses.FOLLOWED`
known          u1         1: there are angles
near           u1         leg on the camera's side: 0 left, 1 right
facing         i1         1 to the right of the picture, -1 to the left
============== ========== ================================================================

``state``: what was known at the step that took the frame.

==================== ==== ================================================================
t_s                  f8   capture time of the frame
belt_speed_mps       f8   speed of the belt
belt_speed_sigma_mps f8   its standard uncertainty
grade_percent        f8   grade of the belt
grade_sigma_percent  f8   its standard uncertainty
distance_m           f8   run since the start
neutral_progress     f8   0 to 1 while a standing neutral is taken
planted_px_per_s     f8   speed of a planted foot in the picture
strides_in_state     i8   strides since the state began
swaps                i8   leg swaps undone so far
state                u2   text: where the runner is
state_reason         u2   why
belt_source          u2   text: who says how fast the belt is
belt_speed_reason    u2   why the speed is missing
grade_reason         u2   why the grade is missing
preview_swapped      u1   1: the screen showed the legs of ``pose`` exchanged
neutral_measured     u1   1: the zero of the angles is the runner's own standing
==================== ==== ================================================================
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hipcue.realtime.records import JOINT_COUNT

FORMAT = 2
WIDE, FOLLOWED = 1, 2

# Order of the angles of a frame.
ANGLES = (
    "thigh_extension_deg.L",
    "thigh_extension_deg.R",
    "knee_flexion_deg.L",
    "knee_flexion_deg.R",
    "ankle_dorsiflexion_deg.L",
    "ankle_dorsiflexion_deg.R",
    "trunk_lean_deg",
    "pelvic_tilt_deg",
    "lumbar_extension_deg",
)

Field = tuple[str, str, tuple[int, ...]]
"""Name, NumPy type, and shape in front of the frames; the type "real" is f4, or f8 if wide."""

_K = len(ANGLES)
# The larger a type the earlier, so that every array is aligned.
POSE: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("index", "<i8", ()),
    ("px_per_m", "<f8", ()),
    ("xy_px", "real", (JOINT_COUNT, 2)),
    ("confidence", "real", (JOINT_COUNT,)),
    ("size_px", "<u4", (2,)),
    ("reason", "<u2", ()),
    ("followed", "u1", ()),
)
PELVIS: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("angle_deg", "<f8", ()),
    ("sigma_deg", "<f8", ()),
    ("thorax_deg", "<f8", ()),
    ("thorax_sigma_deg", "<f8", ()),
    ("frame", "<u2", ()),
    ("source", "<u2", ()),
    ("reason", "<u2", ()),
)
SETTLED: tuple[Field, ...] = (
    ("value_deg", "<f4", (_K,)),
    ("sigma_deg", "<f4", (_K,)),
    ("reason", "<u2", (_K,)),
    ("pelvis_source", "<u2", ()),
    ("settled_after", "<i2", ()),
    ("swapped", "u1", ()),
    ("rejected", "u1", ()),
    ("known", "u1", ()),
    ("near", "u1", ()),
    ("facing", "i1", ()),
)
STATE: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("belt_speed_mps", "<f8", ()),
    ("belt_speed_sigma_mps", "<f8", ()),
    ("grade_percent", "<f8", ()),
    ("grade_sigma_percent", "<f8", ()),
    ("distance_m", "<f8", ()),
    ("neutral_progress", "<f8", ()),
    ("planted_px_per_s", "<f8", ()),
    ("strides_in_state", "<i8", ()),
    ("swaps", "<i8", ()),
    ("state", "<u2", ()),
    ("state_reason", "<u2", ()),
    ("belt_source", "<u2", ()),
    ("belt_speed_reason", "<u2", ()),
    ("grade_reason", "<u2", ()),
    ("preview_swapped", "u1", ()),
    ("neutral_measured", "u1", ()),
)


# Chunks of a live run have the same few lengths, and there are thousands of them.
@lru_cache(maxsize=512)
def layout(fields: tuple[Field, ...], n: int, *, wide: bool = False) -> np.dtype[np.void]:
    """Return the NumPy type of a record that holds `n` frames, or readings."""
    real = "<f8" if wide else "<f4"
    return np.dtype(
        [(name, real if kind == "real" else kind, (*shape, n)) for name, kind, shape in fields]
    )
