"""A file of joint angles: each cycle's extension budget, into a folder of two tables.

It makes no session: a session is strides on a belt with the joints of every frame, which can be
run through the engine again. Here are neither feet nor joints, so `angles.csv` has every row
with hipcue's names and signs, `cycles.csv` what each cycle of a leg comes to, and that is all
that is known.
"""

from __future__ import annotations

import csv
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.config.settings import Settings
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.session.folder import create_folder
from hipcue.realtime.vision.joint_angles.coordinates import JointAngles, joint_angles
from hipcue.realtime.vision.joint_angles.cycles import Cycle, cycles_of, usual_cycle_s
from hipcue.realtime.vision.joint_angles.human_angles import PER_RADIAN
from hipcue.realtime.vision.joint_angles.motion_file import read_motion

_SIDES = {"L": "left", "R": "right"}
# Thighs of whoever walks or runs swing by more, degrees; our choice.
_SWINGS_DEG = 30.0
_BUDGET = ("thigh_extension_deg", "hip_extension_deg", "pelvic_tilt_deg")


@dataclass(frozen=True, slots=True)
class AngleResult:
    """What came out of a file of joint angles.

    Attributes
    ----------
    rows, cycles : int
        Rows of the file, and cycles of both legs.
    remarks : tuple of Reason
        What they should be read with.
    lines : tuple of str
        The extension budget of each leg, and what it counts from.
    """

    rows: int
    cycles: int
    remarks: tuple[Reason, ...]
    lines: tuple[str, ...]


def measure_angles(path: Path, settings: Settings, folder: Path) -> AngleResult:
    """Measure a file of joint angles and write its folder.

    Raises
    ------
    UserError
        When it has no angles of pelvis and hips, or nobody moves in it; nothing is written then.
    """
    standing = settings.files.static_file
    if standing is not None and kind_of(standing) is not FileKind.ANGLES:
        failed = f"cannot use {standing} for {path}"
        raise UserError(failed, "it holds no joint angles", "a standing trial as MOT")
    file = read_motion(path)
    angles = joint_angles(file, None if standing is None else read_motion(standing))
    cycles = cycles_of(angles)
    if not cycles:
        lasted_s = float(angles.t_s[-1] - angles.t_s[0])
        ways = [angles.deg[f"thigh_extension_deg.{side}"] for side in _SIDES]
        swing = max(float(np.nanmax(way) - np.nanmin(way)) for way in ways)
        seen = f"the thighs move by {swing:.0f} degrees in {lasted_s:.1f} s"
        advice = "a run of several strides; a standing trial goes to --static"
        cycle_s = usual_cycle_s(angles)
        if cycle_s is not None:
            seen = f"a leg's cycle lasts {cycle_s:.3g} s, no runner's does: its times are wrong"
            advice = "a file with its times in seconds"
        elif file.in_degrees and swing < _SWINGS_DEG < swing * PER_RADIAN:
            seen += "; its header says degrees"
            advice = "inDegrees=no in its header, if its angles are radians"
        raise UserError(f"no cycle in {path}", seen, advice)
    create_folder(folder)
    rows: dict[str, Sequence[object]] = {"t_s": angles.t_s.tolist()}
    rows |= {name: values.tolist() for name, values in angles.deg.items()}
    try:
        _write(folder / "angles.csv", rows)
        _write(folder / "cycles.csv", _columns(cycles))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        failed, why = f"cannot keep all of {path} in {folder}", error.strerror or str(error)
        raise UserError(failed, why, "make room on the disk, or choose another folder") from error
    lines = (*_budget_lines(cycles), *_read_with(angles))
    return AngleResult(len(angles.t_s), len(cycles), angles.remarks, lines)


def _budget_lines(cycles: Sequence[Cycle]) -> tuple[str, ...]:
    """Say the extension budget of each leg, and what they differ by."""
    of = {side: [cycle for cycle in cycles if cycle.side == side] for side in _SIDES}
    mean = {side: _means(some) for side, some in of.items() if some}
    lines = [_line(side, len(of[side]), mean.get(side)) for side in _SIDES]
    if len(mean) == 2:
        thigh, hip, tilt = (mean["L"][name] - mean["R"][name] for name in _BUDGET)
        lines.append(f"left less right: thigh {thigh:+.1f}, hip {hip:+.1f}, tilt {tilt:+.1f} deg")
    return tuple(lines)


def _means(cycles: Sequence[Cycle]) -> dict[str, float]:
    return {
        name: float(np.nanmean([cycle.values[name] for cycle in cycles]))
        for name in ("cadence_spm", *_BUDGET)
    }


def _line(side: str, cycles: int, mean: Mapping[str, float] | None) -> str:
    if mean is None:
        return f"{_SIDES[side]}: no cycle"
    return (
        f"{_SIDES[side]}: {cycles} cycles at {mean['cadence_spm']:.0f} steps/min; at the peak "
        f"the thigh is {mean['thigh_extension_deg']:.1f} deg back: hip extension "
        f"{mean['hip_extension_deg']:.1f} + anterior tilt {mean['pelvic_tilt_deg']:.1f}"
    )


def _read_with(angles: JointAngles) -> tuple[str, ...]:
    """Say what the angles count from, and what is not known."""
    zero = (
        "angles count from the standing trial"
        if angles.against_standing
        else "angles count from the model's own zero; a standing trial, --static FILE.mot, makes "
        "them the runner's"
    )
    unknown = "as the file gives them, with no uncertainty; no contacts, lengths or verdicts"
    return (f"{zero}; {unknown}",)


def _columns(cycles: Sequence[Cycle]) -> dict[str, Sequence[object]]:
    columns: dict[str, Sequence[object]] = {
        "cycle": list(range(1, len(cycles) + 1)),
        "side": [cycle.side for cycle in cycles],
        "peak_s": [cycle.peak_s for cycle in cycles],
        "end_s": [cycle.end_s for cycle in cycles],
    }
    names = cycles[0].values
    return {**columns, **{name: [cycle.values[name] for cycle in cycles] for name in names}}


def _write(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """Write a table; missing values are empty cells."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(name.replace(".", "_") for name in columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(_cell(value) for value in row)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if math.isfinite(value) else ""
    return str(value)
