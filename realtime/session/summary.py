"""A session in one line: what the list of sessions and the progress report need."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import SetSchedule, Verdict
from hipcue.realtime.session.codec import SessionDamagedError
from hipcue.realtime.session.folder import VIDEO, session_folders
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.rows import to_json
from hipcue.realtime.session.schema import DATABASE
from hipcue.realtime.session.stride_table import StrideTable, median, table_of

# Sessions compare at the same speed only: tilt rises with speed in healthy runners. Bins
# this wide hold a runner's ups and downs; our choice.
SPEED_BIN_MPS = 0.25
# Least strides for a mean that can be repeated (Dingenen 2018).
LEAST_STRIDES = 7
COMPARED = (
    "hip_extension_deg", "thigh_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg",
    "stride_length_m", "cadence_spm",
)  # fmt: skip
_KEY = "summary"
# Cues that say that all is well; the others ask for a change, and those are counted.
PRAISE = frozenset({"tilt_back", "back", "good_stretch"})


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What one runner did in a session: a line in a list.

    Attributes
    ----------
    folder : Path
        Where it is.
    runner, started_at : str
        Who, and when with offset.
    minutes : float
        From the first contact to the last.
    strides, judged, compensating : int
        All strides, those with a verdict, those that borrowed.
    cues : int
        Cues that asked for a change; praise is not counted.
    schedule : str
        Feedback schedule; ``retention`` is a test without cues.
    pelvis_source : str
        The source that most strides had.
    medians : mapping
        Metric to median over the session; missing ones are absent.
    by_speed : mapping
        Belt speed (middle of a bin, m/s, as text) to ``{metric: [mean, sd, strides]}``.
    closed : bool
        Whether the session was finished.
    video : bool
        Whether there is a film.
    trouble : str
        Why it cannot be read, else empty.
    """

    folder: Path
    runner: str = ""
    started_at: str = ""
    minutes: float = 0.0
    strides: int = 0
    judged: int = 0
    compensating: int = 0
    cues: int = 0
    schedule: str = ""
    pelvis_source: str = ""
    medians: Mapping[str, float] = field(default_factory=dict)
    by_speed: Mapping[str, Mapping[str, tuple[float, float, int]]] = field(default_factory=dict)
    closed: bool = True
    video: bool = False
    trouble: str = ""

    @property
    def cues_per_minute(self) -> float | None:
        """Cues per minute of running; ``None`` for a session too short to tell."""
        return self.cues / self.minutes if self.minutes >= 0.2 else None


def list_sessions(parent: Path) -> list[SessionSummary]:
    """Return the sessions of a folder, oldest first; unreadable ones say why.

    A session in which the runner changed is there once for everybody who took a stride.
    """
    found = []
    for folder in session_folders(parent):
        try:
            found += summaries(folder)
        except SessionDamagedError as error:
            trouble = f"{error.seen}; {error.try_this}"
            found.append(SessionSummary(folder, closed=False, trouble=trouble))
        except UserError as error:
            found.append(SessionSummary(folder, closed=False, trouble=error.seen))
    return sorted(found, key=lambda s: (s.started_at, s.folder.name))


def summaries(folder: Path) -> list[SessionSummary]:
    """Return a session in a line for every runner, from its header when it is there already."""
    with SessionReader(folder) as session:
        kept = session.header_values.get(_KEY)
        video = (folder / VIDEO).is_file()
        lines = kept if isinstance(kept, list) else [kept] if isinstance(kept, dict) else []
        try:
            found = [_from_json(folder, one, closed=session.closed, video=video) for one in lines]
        except (TypeError, ValueError, KeyError):
            found = []
        return found or summarise(session)


def summarise(session: SessionReader) -> list[SessionSummary]:
    """Return a session in a line for every runner, from its strides; most strides first."""
    return [_summary_of(session.of_runner(name)) for name in session.runners]


def _summary_of(session: SessionReader) -> SessionSummary:
    table = table_of(session)
    head = session.header
    span = float(table.end_s.max() - table.contact_s.min()) if len(table) else 0.0
    sources = Counter(table.column("pelvis_source")).most_common(1)
    medians = {name: median(table.value(name)) for name in sorted(table.values)}
    return SessionSummary(
        folder=session.folder,
        runner=head.runner,
        started_at=head.started_at,
        minutes=round(span / 60, 3),
        strides=len(table),
        judged=sum(s.verdict is not Verdict.UNKNOWN for s in table.strides),
        compensating=int(table.compensating.sum()),
        cues=sum(cue.event not in PRAISE for cue in session.cues),
        schedule=_schedule(session),
        pelvis_source=sources[0][0] if sources else "",
        medians={name: round(value, 4) for name, value in medians.items() if value is not None},
        by_speed=_by_speed(table),
        closed=session.closed,
        video=(session.folder / VIDEO).is_file(),
    )


def _schedule(session: SessionReader) -> str:
    """Return the schedule the session ended with."""
    feedback = session.header.settings.get("feedback")
    schedule = feedback.get("schedule", "") if isinstance(feedback, dict) else ""
    for _, command in session.command_steps:
        if isinstance(command, SetSchedule):
            schedule = command.schedule
    return str(schedule)


def _by_speed(table: StrideTable) -> dict[str, dict[str, tuple[float, float, int]]]:
    speed = table.value("belt_speed_mps")
    run = np.flatnonzero((speed > 0) & (speed < 20))
    middles = [f"{round(speed[i] / SPEED_BIN_MPS) * SPEED_BIN_MPS:.2f}" for i in run.tolist()]
    out: dict[str, dict[str, tuple[float, float, int]]] = {}
    for middle in dict.fromkeys(middles):
        rows = [i for i, own in zip(run.tolist(), middles, strict=True) if own == middle]
        for name in COMPARED:
            known = table.value(name)[rows]
            known = known[np.isfinite(known)]
            if len(known) >= LEAST_STRIDES:
                mean, sd = float(np.mean(known)), float(np.std(known, ddof=1))
                out.setdefault(middle, {})[name] = (round(mean, 4), round(sd, 4), len(known))
    return out


def keep_summary(folder: Path) -> None:
    """Write a finished session's line into its header, so that lists are quick.

    Does nothing when the database cannot be written: the line is a convenience.
    """
    with SessionReader(folder) as session:
        lines = [asdict(line) for line in summarise(session)]
    for values in lines:
        for name in ("folder", "closed", "video", "trouble"):
            del values[name]
    kept = lines[0] if len(lines) == 1 else lines
    db = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA trusted_schema=OFF")
        db.execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (_KEY, to_json(kept)))
    except sqlite3.Error:
        pass
    finally:
        db.close()


def _from_json(
    folder: Path, kept: Mapping[str, Any], *, closed: bool, video: bool
) -> SessionSummary:
    """Read a kept line; raises for anything that is not one."""
    by_speed = {
        f"{float(speed):.2f}": {
            str(name): (float(row[0]), float(row[1]), int(row[2])) for name, row in rows.items()
        }
        for speed, rows in kept["by_speed"].items()
    }
    return SessionSummary(
        folder=folder,
        runner=str(kept["runner"]),
        started_at=str(kept["started_at"]),
        minutes=float(kept["minutes"]),
        strides=int(kept["strides"]),
        judged=int(kept["judged"]),
        compensating=int(kept["compensating"]),
        cues=int(kept["cues"]),
        schedule=str(kept["schedule"]),
        pelvis_source=str(kept["pelvis_source"]),
        medians={str(k): float(v) for k, v in kept["medians"].items()},
        by_speed=by_speed,
        closed=closed,
        video=video,
    )
