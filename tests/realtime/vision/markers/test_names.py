"""The names that laboratories and programs give: every set finds its joints, none the wrong one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.name_table import built_in, name_table
from hipcue.realtime.vision.markers.names import MarkerNames

# Per set: what is understood as pelvis, hip, knee, ankle, heel, toe and shoulder of the right leg,
# as that set writes it; {s} is the side. Two names are the outside and the inside of a joint.
SETS = {
    "Plug-in Gait": "{s}ASI {s}PSI - {s}KNE {s}ANK {s}HEE {s}TOE {s}SHO",
    "CGM2": "{s}ASI {s}PSI - {s}KNE+{s}KNM {s}ANK+{s}MED {s}HEE {s}FMH {s}SHO",
    "Rizzoli": "{s}ASIS {s}PSIS - {s}LE+{s}ME {s}LM+{s}MM {s}CA {s}FM -",
    "Rizzoli, ISB": "{s}_IAS {s}_IPS - {s}_FLE+{s}_FME {s}_FAL+{s}_TAM {s}_FCC {s}_FM1 {s}_SAE",
    "CAST": "{s}IAS {s}IPS - {s}LEK+{s}MEK {s}LM+{s}MM {s}CAL {s}MT1 -",
    "Helen Hayes": "{s}.ASIS V.Sacral - {s}.Knee.Lat+{s}.Knee.Med {s}.Ankle.Lat+{s}.Ankle.Med"
    " {s}.Heel {s}.Toe.Tip {s}.Acromium",
    "Rajagopal": "{s}ASI {s}PSI {s}HJC {s}LFC+{s}MFC {s}LMAL+{s}MMAL {s}CAL {s}TOE {s}ACR",
    "sprinter": "{s}ASI SACR - {s}LEPI+{s}MEPI {s}LMAL+{s}MMAL {s}HEEL {s}P1MT {s}SH",
    "Fukuchi": "{s}.ASIS {s}.PSIS - {s}.Knee+{s}.Knee.Medial {s}.Ankle+{s}.Ankle.Medial"
    " {s}.Heel.Bottom {s}.MT1 -",
    "Qualisys Sports": "Waist{s}Front WaistBack - {s}KneeOut+{s}KneeIn {s}AnkleOut {s}HeelBack"
    " {s}ForefootIn {s}ShoulderTop",
    "OpenCap": "{s}.ASIS_study {s}.PSIS_study {s}HJC_study {s}_knee_study+{s}_mknee_study"
    " {s}_ankle_study+{s}_mankle_study {s}_calc_study {s}_toe_study {s}_shoulder_study",
    "HALPE, BODY_25": "- - {s}Hip {s}Knee {s}Ankle {s}Heel {s}BigToe {s}Shoulder",
    "COCO-WholeBody": "- - {l}_hip {l}_knee {l}_ankle {l}_heel {l}_big_toe {l}_shoulder",
    "BlazePose": "- - {l}_hip {l}_knee {l}_ankle {l}_heel {l}_foot_index {l}_shoulder",
    "SMPL": "- - {l}_hip {l}_knee {l}_ankle - {l}_foot {l}_shoulder",
    "SMPL, short": "- - {s}_Hip {s}_Knee {s}_Ankle - {s}_Toe {s}_Shoulder",
    "Xsens": "- - j{L}Hip j{L}Knee j{L}Ankle - j{L}BallFoot j{L}Shoulder",
    "side at the end": "- - hip_{x} knee_{x} ankle_{x} calcn_{x} toe_{x} shoulder_{x}",
    "trochanters": "- - {s}GTR {s}KNE {s}ANK {s}HEE {s}TOE -",
    "side in the middle": "ASIS.{s} - Hip.{s}.Center Knee.{s}.Lat - Heel.{s}.Back - -",
}


def at(k):
    return np.full((3, 3), float(k))


def written(pattern, side):
    words = {"R": ("Right", "r"), "L": ("Left", "l")}[side]
    return pattern.format(s=side, L=words[0], l=words[0].lower(), x=words[1])


def file_of(name):
    """Every marker of a set at a place of its own; where each joint must be."""
    places, joints, pelvis = {}, {}, set()
    for side in Side:
        cells = written(SETS[name], side.value).split()
        for joint, cell in zip(
            ("asis", "psis", "hip", "knee", "ankle", "heel", "toe", "shoulder"), cells, strict=True
        ):
            if cell == "-":
                continue
            for marker in cell.split("+"):
                places.setdefault(marker, at(len(places) + 1) + np.eye(3)[0] * len(places) ** 2)
            middle = np.mean([places[marker] for marker in cell.split("+")], axis=0)
            if joint in ("asis", "psis"):
                pelvis.add(joint)
            else:
                joints[Joint.of(side, joint)] = middle
    return places, joints, pelvis


@pytest.mark.parametrize("name", SETS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_set_is_understood_in_any_order_case_and_under_any_subject(name, data):
    places, joints, pelvis = file_of(name)
    order = data.draw(st.permutations(sorted(places)))
    before = data.draw(st.sampled_from(["", "Anna:", "S01:Run:", "Subject1_", "Anna ", "P03."]))
    case = data.draw(st.sampled_from([str, str.upper, str.lower]))
    if case is not str and name in ("Xsens", "OpenCap"):
        case = str
    found = MarkerNames({before + case(marker): places[marker] for marker in order})
    seen = found.joints()
    for joint, where in joints.items():
        np.testing.assert_array_equal(seen[joint], where, err_msg=joint.name)
    assert (found.pelvis_front() is not None) == ("asis" in pelvis)
    assert (found.pelvis_back() is not None) == ("psis" in pelvis)


def taken(*names):
    found = MarkerNames({name: at(k) for k, name in enumerate(names, 1)})
    found.joints()
    return found.taken


def test_a_leading_letter_is_a_side_where_the_file_has_both():
    sides = taken("LMAL", "RMAL")
    assert sides == {"L ankle_lateral": "LMAL", "R ankle_lateral": "RMAL"}
    # Beside these it is a lateral malleolus that nobody knows the side of.
    assert "LMAL" not in taken("RLMAL", "RMMAL", "LMAL").values()
    assert "LMAL" not in taken("LMAL", "MMAL", "LEPI", "MEPI").values()


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("LLEPI", "L knee_lateral"),
        ("LMEPI", "L knee_medial"),
        ("RLMAL", "R ankle_lateral"),
        ("LMMAL", "L ankle_medial"),
        ("LTOE", "L toe"),
        ("LEAR", "L ear"),
        ("RLEL", "R elbow_lateral"),
        ("LHEEL", "L heel"),
        ("Heel_L", "L heel"),
        ("HeelR", "R heel"),
        ("Left Heel", "L heel"),
        ("heel.right", "R heel"),
        ("RMAN", "R ankle_medial"),
    ],
)
def test_who_is_who(name, point):
    assert taken(name).get(point) == name


@pytest.mark.parametrize("name", ["HEEL", "LIGHT", "RTIB", "LTHI", "MAN", "RFIN", "T10"])
def test_what_is_nobodys_joint(name):
    assert taken(name) == {}


def test_markers_of_two_people_are_refused():
    people = {
        f"{who}:{name}": at(k) for k, name in enumerate(("RKNE", "RANK", "RHEE")) for who in "AB"
    }
    with pytest.raises(UserError, match="two people, A and B"):
        MarkerNames(people)


@pytest.mark.parametrize("sign", ["_", ".", " "])
def test_two_people_are_told_by_any_sign_after_whose_it_is(sign):
    names = ("RKNE", "RANK", "RHEE")
    people = {f"{who}{sign}{name}": at(k) for k, name in enumerate(names) for who in "AB"}
    with pytest.raises(UserError, match="two people, a and b"):
        MarkerNames(people)


def test_parts_with_the_same_words_behind_them_are_one_person():
    ends = ("Front", "Rear", "Upper", "Lat", "Med", "1", "2")
    parts = ("RThigh", "RShank", "RKnee", "RAnkle")
    MarkerNames({f"{part}_{end}": at(k) for k, part in enumerate(parts) for end in ends})
    MarkerNames({f"{side}_{name}": at(0) for side in ("R", "Left") for name in ("KNE", "ANK")})


def test_no_name_stands_for_two_points_that_differ():
    """But for a joint's centre, which is its outside where the inside is marked, too."""
    points = built_in().both
    for one, names in points.items():
        for two, others in points.items():
            same_joint = one.split("_")[0] == two.split("_")[0]
            if one < two and not same_joint:
                assert not set(names) & set(others), (one, two)


def test_ones_own_names_are_laid_on_top(tmp_path):
    own = tmp_path / "names.toml"
    own.write_text(
        '[both_sides]\nknee_lateral = "Kneecap out"\nheel = ["hinten", "HEEL"]\n'
        '[right]\nankle_lateral = "M07"\n[left]\nankle_lateral = ["M08"]\n'
        '[middle]\nsacrum = "Kreuz"\n'
    )
    names = ("R kneecap-out", "L Kneecap Out", "Anna_M07", "Anna_M08", "Kreuz", "R_hinten", "LHeel")
    found = MarkerNames({name: at(k) for k, name in enumerate(names, 1)}, name_table(own))
    found.joints()
    found.pelvis_back()
    assert found.taken["R knee_lateral"] == "R kneecap-out"
    assert found.taken["L knee_lateral"] == "L Kneecap Out"
    assert found.taken["sacrum"] == "Kreuz"
    assert (found.taken["R heel"], found.taken["L heel"]) == ("R_hinten", "LHeel")
    found = MarkerNames({"M07": at(1), "M08": at(2)}, name_table(own))
    found.joints()
    assert found.taken == {"L ankle_lateral": "M08", "R ankle_lateral": "M07"}


def test_a_name_of_ones_own_means_nothing_else_any_more(tmp_path):
    own = tmp_path / "names.toml"
    own.write_text('[both_sides]\nankle_lateral = "KNE"\n')
    found = MarkerNames({"RKNE": at(1)}, name_table(own))
    assert set(found.joints()) == {Joint.R_ANKLE}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("[both_sides\n", "line 1"),
        ('[both_sides]\nknee = "a"\nheel = \n', "line 3"),
        ('[both_sides]\nkne_lateral = "a"\n', "[both_sides] kne_lateral: no such point"),
        ('[middle]\nheel = "a"\n', "[middle] heel: no such point"),
        ("[left]\nheel = 3\n", "[left] heel = 3 is no name"),
        ('[left]\nheel = ["--"]\n', "[left] heel = ['--'] is no name"),
        ('[legs]\nheel = "a"\n', "'legs' is none of its parts"),
        ('heel = "a"\n', "'heel' is none of its parts"),
        ("", "no name in it"),
        (None, "No such file"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
    ],
)
def test_a_wrong_file_of_names_is_told_by_line_or_key(tmp_path, text, seen):
    path = tmp_path / "names.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as caught:
        name_table(path)
    assert str(path) in str(caught.value)
    assert seen in caught.value.seen
    assert "\n" not in str(caught.value)


def test_what_was_taken_and_what_is_missing_is_said_in_one_line():
    found = MarkerNames({name: at(k) for k, name in enumerate(("RASI", "LASI", "SACR", "RCAL"))})
    found.joints()
    said = found.found()
    assert "LASI and RASI and SACR for the pelvis" in said
    assert "RCAL for the right heel" in said
    assert "found no knee, ankle, toe in 4 markers" in said
    hand = MarkerNames({f"finger{k}": at(k) for k in range(20)})
    hand.joints()
    assert hand.found().startswith("none of its 20 markers (finger0, finger1")
