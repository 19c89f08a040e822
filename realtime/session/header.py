"""What a session says about itself: who ran, with which settings, on which machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeGuard

from hipcue.config.settings import Settings
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.standing_zero import StandingZero

# The libraries whose version can change a result.
_VERSIONS_OF = (
    "hipcue",
    "mediapipe",
    "ai-edge-litert",
    "opencv-python",
    "numpy",
    "pygame",
    "pygame-ce",
    "pyserial",
)

OWN_CLOCK = "own_clock"
"""Key of a header's `extra`: whether times are those of the file that was measured, not of the
machine that measured it. They are written out as they are, not from the first frame."""

STANDING = "standing"
"""Key of a header's `extra`: what a standing trial of the markers told
(`hipcue.realtime.gait.standing_zero`)."""

SETTLED_STEP = "settled_step"
"""Key of the header's values: the step after which the engine settled its last frames. It is
there for films, and a replay does the same."""


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """The first page of a session.

    What a session ended with is learned on the way: ``neutral_end`` and ``baseline_end`` of
    the header's values, the latter with centre, low and high.

    Attributes
    ----------
    runner : str
        Name of the runner.
    settings : mapping
        Every setting as used, as plain JSON values.
    versions : mapping of str to str
        Of hipcue, Python and the libraries that can change a result.
    devices : mapping of str to str
        What was plugged in, e.g. ``{"camera": "1280x720 at 60"}``.
    started_at : str
        Wall time of the start with its offset, ISO 8601. The only wall time kept.
    time_zone : str
        Name of the zone, e.g. ``"CET"``.
    source : str
        Address of the pictures: camera, file or simulator.
    size_px : (width, height) or None
        Of the picture; ``None`` until there is one.
    t_first_s : float or None
        Capture time of the first frame on the session's clock. The writer fills it in.
    extra : mapping
        Anything else worth keeping, as plain JSON values.
    """

    runner: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    devices: Mapping[str, str]
    started_at: str
    time_zone: str
    source: str
    size_px: tuple[int, int] | None = None
    t_first_s: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def now(
        cls,
        settings: Settings,
        source: str,
        *,
        devices: Mapping[str, str] | None = None,
        size_px: tuple[int, int] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> SessionHeader:
        """Return the header of a session that starts now, on this machine."""
        wall = datetime.now().astimezone()
        return cls(
            runner=settings.runner.name,
            settings=settings.model_dump(mode="json"),
            versions=installed_versions(),
            devices=dict(devices or {}),
            started_at=wall.isoformat(timespec="seconds"),
            time_zone=wall.tzname() or "",
            source=source,
            size_px=size_px,
            extra=dict(extra or {}),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the header as plain JSON values, one per field."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SessionHeader:
        """Read a header back; fields that an older session lacks get an empty value.

        A foreign session may hold anything: each field is coerced to its type, and what
        does not fit becomes empty.
        """
        size = values.get("size_px")
        fits = isinstance(size, list | tuple) and len(size) == 2
        first = values.get("t_first_s")
        return cls(
            runner=_text(values.get("runner")),
            settings=_mapping(values.get("settings")),
            versions=_texts(values.get("versions")),
            devices=_texts(values.get("devices")),
            started_at=_text(values.get("started_at")),
            time_zone=_text(values.get("time_zone")),
            source=_text(values.get("source")),
            size_px=(_whole(size[0]), _whole(size[1])) if fits and size is not None else None,
            t_first_s=float(first) if _is_number(first) else None,
            extra=_mapping(values.get("extra")),
        )

    @property
    def standing(self) -> StandingZero | None:
        """What a standing trial of the markers told; None where there was none."""
        return StandingZero.of(self.extra.get(STANDING))

    @property
    def started(self) -> datetime | None:
        """Wall time of the start, or ``None`` when the session does not know."""
        try:
            return datetime.fromisoformat(self.started_at)
        except ValueError:
            return None


def neutral_values(neutral: Neutral) -> dict[str, float | None]:
    """Return a standing neutral as plain values for the header's ``neutral_end``."""
    by_leg = {
        "thigh_deg": neutral.thigh_deg,
        "knee_deg": neutral.knee_deg,
        "ankle_deg": neutral.ankle_deg,
    }
    angles = {
        f"{name}_{side.value}": angle
        for name, per_side in by_leg.items()
        for side, angle in per_side.items()
    }
    return {**angles, "trunk_deg": neutral.trunk_deg, "t_s": neutral.t_s}


def installed_versions() -> dict[str, str]:
    """Return the versions of hipcue, Python, the system and the libraries that matter."""
    found = {"python": platform.python_version(), "system": platform.platform(terse=True)}
    for name in _VERSIONS_OF:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and abs(value) < 1e15


def _whole(value: object) -> int:
    return int(value) if _is_number(value) else 0


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}
