"""Files of other people through the real command: what comes out of each, and what is right.

``python -m tests.bench.field_files`` analyzes what lies in ../shared/field and
../shared/marker_sets (with their standing trials) and prints a table; where a force plate
stands beside the markers, strides are compared with it.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from tests.bench.honesty.other_labs import plate_contacts
from tests.bench.samples import SHARED

# The columns of vertical force in a plate's file, by foot: one plate, or one under each.
_RIGHT = {"R": "ground_force_vy"}
_BOTH = {"R": "R_ground_force_vy", "L": "L_ground_force_vy"}
FIELD, SETS = SHARED / "field", SHARED / "marker_sets"
_NEAR_S = 0.08
_SHOWN = (
    ("stride_time_s", "stride", ".3f"),
    ("stride_length_m", "length", ".2f"),
    ("contact_time_s", "contact", ".3f"),
    ("thigh_extension_deg", "thigh", ".1f"),
    ("knee_contact_deg", "knee", ".1f"),
    ("vertical_oscillation_m", "bounce", ".3f"),
)


@dataclass(frozen=True)
class Case:
    """A file, the words after it, and what is right in words."""

    path: Path
    options: tuple[str, ...]
    right: str
    plate: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def _cases() -> list[Case]:
    trc = [
        ("trc_plain", "9.0", "doubt: no length, or a marked one"),
        ("trc_plain", "2.5", "20 strides, 0.77 s, 1.92 m, 0.28 s"),
        ("trc_double_tabs_in_header", "2.5", "12 strides"),
        ("trc_overground", "2.5", "20 strides, over ground"),
        ("trc_time_column_not_its_rate", "2.5", "DataRate and Time disagree"),
        ("trc_names_epicondyle_malleolus", "2.5", "12 strides"),
        ("trc_clock_starts_at_600s", "2.5", "contacts from 600.75 s"),
    ]
    films = [
        ("film_plain", ("--speed", "12.6"), "8.8 m is nobody's"),
        ("film_plain", ("--speed", "12.6", "--set", "runner.height_m=1.8951"), "goes 3.5"),
        ("film_plain", ("--speed", "3.5"), "0.700 s, 2.45 m, 0.23 s"),
        ("film_slow_motion_2x", ("--speed", "3.5"), "doubt, names --slow-motion"),
        ("film_slow_motion_2x", ("--speed", "3.5", "--slow-motion", "2"), "0.700 s, 2.45 m"),
        ("film_pixels_4to3", ("--speed", "3.5"), "thigh 28, knee 9, bounce 0.10"),
        ("film_mirrored", ("--speed", "3.5"), "contact 0.22, or missing"),
        ("film_cut_off", ("--speed", "3.5"), "ends after 9.2 of 14 s"),
        ("film_on_its_side_no_tag", ("--speed", "3.5"), "turned, or told to"),
    ]
    static = "--static"
    return [
        *(Case(FIELD / f"{name}.trc", ("--speed", speed), right) for name, speed, right in trc),
        *(Case(FIELD / f"{name}.mp4", options, right) for name, options, right in films),
        Case(
            SETS / "delaware_run.trc",
            ("--speed", "3.0", static, str(SETS / "delaware_static.trc")),
            "all strides, times within 10 ms",
            SETS / "delaware_run_grf.mot",
            _RIGHT,
        ),
        Case(
            SETS / "delaware_run.trc",
            ("--speed", "3.0"),
            "feet and pelvis alone",
            SETS / "delaware_run_grf.mot",
            _RIGHT,
        ),
        Case(
            SETS / "hamner04_3mps.trc",
            ("--speed", "3.0"),
            "feet and pelvis alone",
            SETS / "hamner04_3mps_grf.mot",
            _BOTH,
        ),
        Case(
            SETS / "sprinter_3p5.trc",
            (static, str(SETS / "sprinter_static.trc")),
            "over ground at 3.5",
        ),
        Case(SETS / "sprinter_3p5.trc", (), "feet and pelvis alone, over ground"),
        Case(SETS / "delaware_run_grf.mot", (), "angles all zero: says so"),
        Case(SETS / "hamner04_3mps_grf.mot", (), "forces only: says so"),
        Case(SHARED / "lab" / "rbds001_T35.c3d", (), "not read yet: says so"),
    ]


def main(wanted: Sequence[str]) -> None:
    """Run the cases whose file's name holds one of the words; all without words."""
    if not any(case.path.exists() for case in _cases()):
        print(f"no files to run: they are not in {SHARED}")
    for case in _cases():
        if not case.path.exists() or (wanted and not any(w in case.path.name for w in wanted)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{case.path.name} {' '.join(Path(o).name for o in case.options)}")
            print(f"  right: {case.right}")
            _run(case, Path(folder))


def _run(case: Case, parent: Path) -> None:
    folder = parent / "session"
    command = [sys.executable, "-m", "hipcue.realtime.commands.cli", "analyze", str(case.path)]
    done = subprocess.run(
        [*command, *case.options, "--out", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "SDL_AUDIODRIVER": "dummy"},
        check=False,
    )
    said = (done.stdout + done.stderr).strip().splitlines()
    for line in said:
        print(f"  | {line.replace(str(parent), '')}")
    print(f"  exit {done.returncode}, left behind: {folder.exists() and done.returncode != 0}")
    table = folder / "strides.csv"
    if done.returncode != 0 or not table.exists():
        return
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    told = []
    for name, word, form in _SHOWN:
        values = [float(row[name]) for row in rows if row[name]]
        told.append(f"{word} {median(values):{form}} ({len(values)})" if values else f"{word} -")
    print(f"  {len(rows)} strides: {', '.join(told)}")
    if case.plate is not None and rows:
        _against_plate(rows, case.plate, case.columns)


def _against_plate(rows: list[dict[str, str]], plate: Path, columns: Mapping[str, str]) -> None:
    """Compare the times of strides with those of the plate, foot by foot."""
    for side, column in columns.items():
        contacts = plate_contacts(plate, column)
        own = [(float(r["contact_s"]), float(r["end_s"])) for r in rows if r["side"] == side]
        strides = list(pairwise(contacts))
        errors, missed = [], 0
        for start, end in strides:
            near = [s for s in own if abs(s[0] - start) < _NEAR_S and abs(s[1] - end) < _NEAR_S]
            if near:
                errors.append(1000.0 * (near[0][1] - near[0][0] - (end - start)))
            else:
                missed += 1
        if errors:
            print(
                f"  plate {side}: {len(strides)} strides, {missed} missed, stride time off by "
                f"{np.mean(errors):+.1f} ms, SD {np.std(errors):.1f}, at most "
                f"{np.max(np.abs(errors)):.1f}"
            )
        else:
            print(f"  plate {side}: {len(strides)} strides, all missed")


if __name__ == "__main__":
    main(sys.argv[1:])
