"""Files of markers through the engine: the same strides however they are written."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import Settings, changed
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.records import Side
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.offline import BeltFeed, analyze, constant_belt
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.session import SessionReader
from tests.realtime.vision.walker import joints_of, laboratory, write_trc

STRIDE_S, SPEED_MPS, RATE_HZ = 0.72, 3.0, 100.0
TURNS = [
    matrix
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1.0, -1.0), repeat=3)
    if np.linalg.det(matrix := np.diag(signs)[:, list(order)]) > 0
]


def strides_of(path, chosen=None):
    source = open_source(path, chosen or Settings())
    engine = Engine(source.settings, markers=True, standing=source.standing)
    feed = BeltFeed(constant_belt(SPEED_MPS))
    found = []
    for pose, _ in source.poses():
        found += engine.step(pose, feed.until(pose.t_capture_s)).strides
    last = engine.finish()
    return found + list(last.strides if last else ())


def written(folder, ways, name="run.trc"):
    return write_trc(folder / name, ways, rate_hz=RATE_HZ)


def with_static(folder, standing, tilt=None):
    path = written(folder, standing, "standing.trc")
    chosen = changed(Settings(), "files.static_file", path)
    return chosen if tilt is None else changed(chosen, "pelvis.standing_tilt_deg", tilt)


@cache
def plain(static):
    """Strides of the plain run; the markers of the standing trial, or none."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        chosen = Settings()
        if static:
            chosen = with_static(Path(folder), laboratory(20, standing=True))
        return strides_of(written(Path(folder), laboratory(450)), chosen)


def times(strides):
    return [(s.side, round(s.contact_s, 4), round(s.end_s, 4)) for s in strides]


@pytest.mark.parametrize("static", [False, True], ids=["feet and pelvis", "standing trial"])
def test_all_strides_are_found_and_only_the_first_is_timed_by_a_guess_of_the_belt(static):
    strides = plain(static)
    for side in Side:
        own = [s for s in strides if s.side is side]
        assert len(own) == 5
        assert own[0].end_s - own[0].contact_s == pytest.approx(STRIDE_S, abs=0.01)
        for stride in own[1:]:
            assert stride.end_s - stride.contact_s == pytest.approx(STRIDE_S, abs=0.003)
            assert stride.measure("stride_length_m").value == pytest.approx(2.16, abs=0.03)
            contact = stride.measure("contact_time_s").value
            assert 0.22 < contact < 0.34
            assert stride.measure("vertical_oscillation_m").value == pytest.approx(0.08, abs=0.01)
            thigh = stride.measure("thigh_extension_deg")
            if static:
                assert 20 < thigh.value < 45
                assert stride.measure("pelvic_tilt_deg").value == pytest.approx(0.0, abs=0.2)
                assert stride.measure("trunk_lean_deg").value == pytest.approx(0.0, abs=0.2)
                assert stride.measure("lumbar_extension_deg").value == pytest.approx(0.0, abs=0.4)
                assert -30 < stride.measure("ankle_toe_off_deg").value < 40
            else:
                assert thigh.reason.code is ReasonCode.KNEE_NOT_TOLD
                assert stride.measure("overstride_m").reason.code is ReasonCode.ANKLE_NOT_TOLD


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_however_it_is_written_the_strides_are_the_same(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("written")
    static = data.draw(st.booleans())
    run, standing = laboratory(450), laboratory(20, standing=True)
    turn, other = (data.draw(st.sampled_from(TURNS)) for _ in range(2))
    before = data.draw(st.sampled_from(["", "S1:", "Anna_"]))
    case = data.draw(st.sampled_from([str, str.lower]))
    made_up = data.draw(st.booleans())
    clusters = [name for name in run if "TH" in name or "TB" in name]
    names = {name: f"m{k}" for k, name in enumerate(clusters)} if static and made_up else {}
    order = data.draw(st.permutations(sorted(run)))

    def rename(name):
        return before + case(names.get(name, name))

    chosen = Settings()
    if static:
        still = {rename(name): way @ other.T for name, way in standing.items()}
        chosen = with_static(folder, still)
    path = written(folder, {rename(name): run[name] @ turn.T for name in order})
    assert times(strides_of(path, chosen)) == times(plain(static))


@pytest.mark.parametrize("mirror", [1.0, -1.0], ids=["names only", "a mirror"])
def test_exchanged_sides_exchange_the_strides(tmp_path, mirror):
    swapped = {
        {"R": "L", "L": "R"}[name[0]] + name[1:]: way * np.array([1.0, 1.0, mirror])
        for name, way in laboratory(450).items()
    }
    seen = times(strides_of(written(tmp_path, swapped)))
    assert seen == [(side.other, start, end) for side, start, end in times(plain(False))]


def test_a_short_file_has_its_two_strides(tmp_path):
    """Two seconds: one stride of each leg, which nothing contradicts."""
    strides = strides_of(written(tmp_path, laboratory(200)))
    assert {stride.side for stride in strides} == set(Side)
    assert all(s.end_s - s.contact_s == pytest.approx(STRIDE_S, abs=0.01) for s in strides)


def test_what_a_standing_trial_told_is_kept_for_a_replay(tmp_path):
    chosen = with_static(tmp_path, laboratory(20, standing=True))
    path = written(tmp_path, laboratory(450))
    analyze(path, chosen, constant_belt(SPEED_MPS), tmp_path / "session")
    with SessionReader(tmp_path / "session") as session:
        kept = session.header.standing
        assert kept == open_source(path, chosen).standing
        assert set(kept.ankle_deg) == set(Side)
        used = Settings.model_validate(session.header.settings)
        found = check(session, Engine(used, markers=True, standing=kept))
    assert found.identical
    assert StandingZero.of({"ankle_deg_L": 300.0, "trunk_deg": "x"}) == StandingZero({}, None)
    assert StandingZero.of(None) is None


def test_outer_markers_alone_make_thigh_and_knee_less_sure(tmp_path):
    run = laboratory(450)
    for name, way in joints_of(450).items():
        side, joint = name.split()
        out = {"R": 0.05, "L": -0.05}[side]
        if joint != "hip":
            run[f"{side}{joint.title()}.Lat"] = way + np.array([0.0, 0.0, out])
    outer = strides_of(written(tmp_path, run))
    sure = plain(True)
    for name, more in (("thigh_extension_deg", 0.6), ("knee_contact_deg", 0.8)):
        wide, narrow = (strides[4].measure(name) for strides in (outer, sure))
        assert wide.value == pytest.approx(narrow.value, abs=0.5)
        assert wide.sigma > narrow.sigma + more


def test_the_given_tilt_of_standing_rules(tmp_path):
    chosen = with_static(tmp_path, laboratory(20, standing=True), tilt=5.0)
    source = open_source(written(tmp_path, laboratory(60)), chosen)
    assert source.settings.pelvis.standing_tilt_deg == 5.0


def test_a_file_of_names_opens_a_file_that_nobody_knows(tmp_path):
    own = tmp_path / "names.toml"
    own.write_text(
        '[both_sides]\nheel = "ferse"\ntoe = "zeh"\nasis = "vorn"\npsis = "hinten"\n', "utf-8"
    )
    words = {"CAL": "Ferse", "TOE": "Zeh", "ASI": "vorn", "PSI": "hinten"}
    run = {
        f"{name[0]} {words[name[1:]]}": way
        for name, way in laboratory(450).items()
        if name[1:] in words
    }
    path = written(tmp_path, run)
    strides = strides_of(path, changed(Settings(), "files.names_file", own))
    assert times(strides) == times(strides_of(written(tmp_path, laboratory(450), "plain.trc")))


def test_a_hand_is_no_runner_and_leaves_nothing_behind(tmp_path):
    fingers = ("WRIST", "THUMB", "INDEX", "MIDDLE", "RING", "PINKY")
    hand = {name: laboratory(60)["RCAL"] + k * 0.02 for k, name in enumerate(fingers)}
    path, folder = written(tmp_path, hand, "hand.trc"), tmp_path / "session"
    with pytest.raises(UserError) as caught:
        analyze(path, Settings(), (), folder)
    assert "none of its 6 markers (WRIST, THUMB, INDEX" in caught.value.seen
    assert "\n" not in str(caught.value)
    assert not folder.exists()
