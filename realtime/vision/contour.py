"""The outline of the lower back: what a camera sees of the pelvis without any equipment.

Between 5 and 30 % of the way from hip to shoulder the back's outline lies over sacrum
and lumbar spine. When the pelvis tips forward, the outline there leans forward with it,
about half a degree per degree, and when the trunk leans, it follows that too. What is
handed on is the outline's lean less the trunk's share, so that mostly the pelvis is left;
`realtime.gait.pelvis` takes the standing neutral off and knows the gain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from realtime.gait.view import ViewTracker
from realtime.records import Joint, PelvisReading, PelvisSource, Pose, Side

# Where on the line from hip to shoulder the outline is read.
_FROM, _TO, _ROWS = 0.05, 0.30, 16
# How far behind that line the back can be, as a share of its length.
_REACH = 0.45
# Share of the trunk's lean in the outline's. Fitted, with the gain of the gauge, over
# 182 strides of six rendered runners on three bodies.
_TRUNK_SHARE = 0.43
# A forearm this near to a row (share of the trunk) hides the back there; our choice.
_ARM_NEAR = 0.07
_ROWS_NEEDED = 10
# Rows further from the fitted line than this (share of the trunk) are no back.
_ROUGH = 0.02


class ContourReader:
    """Reads the lean of the lower back's outline from the runner's silhouette."""

    def __init__(self) -> None:
        self._view = ViewTracker()

    def read(
        self, mask: NDArray[np.float32] | None, mask_at: tuple[int, int], pose: Pose
    ) -> PelvisReading:
        """Return the outline's lean in one frame, degrees, forward (anterior) positive.

        Parameters
        ----------
        mask : ndarray of float32 or None, shape (rows, columns)
            Silhouette, 0 to 1; `mask_at` is its upper left corner in the picture.
        pose : Pose
            Of the same frame.
        """
        view = self._view.push(pose)
        if mask is None or view is None:
            return _missing(pose, "no silhouette")
        xy = pose.xy_px - np.array(mask_at, dtype=float)
        hip = (xy[Joint.L_HIP] + xy[Joint.R_HIP]) / 2
        shoulder = (xy[Joint.L_SHOULDER] + xy[Joint.R_SHOULDER]) / 2
        trunk_px = float(hip[1] - shoulder[1])
        if not trunk_px > 20:  # Also when a joint is missing.
            return _missing(pose, "trunk not seen")
        shares = np.linspace(_FROM, _TO, _ROWS)
        centres = hip + (shoulder - hip) * shares[:, None]
        back = _back_edge(mask, centres, view.facing, _REACH * trunk_px)
        back[_behind_arm(xy, centres, trunk_px, view.facing)] = np.nan
        seen = ~np.isnan(back)
        if seen.sum() < _ROWS_NEEDED:
            return _missing(pose, "arm in front of the back")
        up, forward = -centres[seen, 1], back[seen] * view.facing
        lean_deg, rough = _line(up, forward)
        if rough > _ROUGH * trunk_px:
            return _missing(pose, "outline of the back not clear")
        trunk_deg = float(np.degrees(np.arctan2(view.facing * (shoulder[0] - hip[0]), trunk_px)))
        length_px = (_TO - _FROM) * trunk_px
        sigma_deg = float(np.degrees(2.0 * rough / length_px / np.sqrt(seen.sum())) + 0.8)
        return PelvisReading(
            pose.t_capture_s,
            PelvisSource.CONTOUR,
            lean_deg - _TRUNK_SHARE * trunk_deg,
            sigma_deg,
        )


def _missing(pose: Pose, reason: str) -> PelvisReading:
    return PelvisReading(pose.t_capture_s, PelvisSource.CONTOUR, None, reason=reason)


def _back_edge(
    mask: NDArray[np.float32], centres: NDArray[np.float64], facing: int, reach_px: float
) -> NDArray[np.float64]:
    """Where each row leaves the silhouette behind its centre, between pixels; NaN where not."""
    height, width = mask.shape[:2]
    edge = np.full(len(centres), np.nan)
    for k, (x, y) in enumerate(centres):
        row, column = round(float(y)), round(float(x))
        if not (1 <= row < height - 1 and 0 <= column < width):
            continue
        last = int(np.clip(column - facing * reach_px, 0, width - 1))
        step = -facing
        cover = mask[row - 1 : row + 2, column : last + step if last + step >= 0 else None : step]
        line = cover.mean(axis=0)
        outside = np.flatnonzero(line < 0.5)
        if not len(outside) or outside[0] == 0:
            continue
        k_out = int(outside[0])
        inner, outer = float(line[k_out - 1]), float(line[k_out])
        between = (inner - 0.5) / max(inner - outer, 1e-6)
        edge[k] = column + step * (k_out - 1 + between)
    return edge


def _behind_arm(
    xy: NDArray[np.float64], centres: NDArray[np.float64], trunk_px: float, facing: int
) -> NDArray[np.bool_]:
    """Rows whose back a forearm crosses: the arm is as low as the row and behind the line."""
    crossed = np.zeros(len(centres), dtype=bool)
    for side in Side:
        elbow, wrist = xy[Joint.of(side, "elbow")], xy[Joint.of(side, "wrist")]
        if np.isnan(elbow).any() or np.isnan(wrist).any():
            continue
        points = elbow + (wrist - elbow) * np.linspace(0.0, 1.1, 12)[:, None]
        behind = facing * (points[:, None, 0] - centres[None, :, 0]) < -0.06 * trunk_px
        level = np.abs(points[:, None, 1] - centres[None, :, 1]) < _ARM_NEAR * trunk_px
        crossed |= (behind & level).any(axis=0)
    return crossed


def _line(up: NDArray[np.float64], forward: NDArray[np.float64]) -> tuple[float, float]:
    """Lean of a line through the outline (degrees, forward positive) and its roughness, px."""
    u = up - up.mean()
    slope = float(u @ (forward - forward.mean()) / (u @ u))
    rest = forward - forward.mean() - slope * u
    keep = np.abs(rest) <= 2.5 * max(float(np.median(np.abs(rest))) * 1.4826, 0.3)
    if _ROWS_NEEDED <= keep.sum() < len(up):
        return _line(up[keep], forward[keep])
    return float(np.degrees(np.arctan(slope))), float(rest.std())
