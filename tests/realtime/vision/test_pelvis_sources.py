"""The pelvis sources and the engine, about the same runner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hipcue.config.settings import PelvisSettings, Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Joint, Pose
from hipcue.realtime.vision.pelvis_sources import PelvisSources
from tests.realtime.gait.puppet import Puppet, without

FPS, TURNS_S = 30.0, 2.0
PICTURE = np.zeros((720, 1280, 3), np.uint8)


def seen(index: int) -> Pose:
    """Somebody who turns round, their nose hidden, a heel put beside the leg now and then."""
    t_s = index / FPS
    pose = without(Puppet(1 if t_s < TURNS_S else -1).pose(t_s, index), "NOSE")
    if index % 3 == 1:
        xy = pose.xy_px.copy()
        xy[Joint.L_HEEL] += (150.0, 0.0)
        pose = replace(pose, xy_px=xy)
    return pose


def test_the_outline_is_never_read_as_of_somebody_who_faces_the_other_way() -> None:
    """Also while a busy machine leaves the outline out, and where joints are not believed."""
    sources, engine = PelvisSources(PelvisSettings(source="contour")), Engine(Settings())
    read, measured = {}, {}
    for index in range(round(2 * TURNS_S * FPS)):
        pose = seen(index)
        readings = sources.read(PICTURE, None, pose, outline=index % 2 == 0)
        assert sources.facing is not None
        read[index] = sources.facing.sign
        settled = engine.step(replace(pose, pelvis=readings)).settled
        if settled is not None and settled.angles is not None:
            measured[settled.index] = settled.angles.facing
    assert {measured[0], measured[max(measured)]} == {1, -1}
    assert len(measured) > 100
    assert measured == {index: read[index] for index in measured}
