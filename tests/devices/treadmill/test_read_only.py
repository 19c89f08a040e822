"""No driver can start, stop or set a belt: every byte that is ever sent goes through a list."""

from __future__ import annotations

import ast
import random
import time
from pathlib import Path

import pytest

import hipcue.devices as devices_package
from hipcue.config.settings import TreadmillSettings
from hipcue.devices import link_thread
from hipcue.devices.simulated.treadmill.machines import MACHINES, BeltTruth, TrackmasterMachine
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.treadmill import open_treadmill, probe
from hipcue.devices.treadmill.autodetect import QUESTIONS
from hipcue.devices.treadmill.protocols.csafe_frame import encode
from tests.devices.treadmill.traffic import ALL, driver
from tests.devices.treadmill.uart import levels, listen

ALLOWED: dict[str, set[bytes]] = {
    "csafe": {
        bytes.fromhex("F1 00 F2"),  # status
        bytes.fromhex("F1 91 91 F2"),  # version
        bytes.fromhex("F1 A5 A5 F2"),  # speed
        bytes.fromhex("F1 A8 A8 F2"),  # grade
        bytes.fromhex("F1 A1 A1 F2"),  # distance
    },
    "trackmaster": {b"\xc1", b"\xc2"},  # actual speed, actual grade
}
# What moves or sets a belt of another make: Full Vision and Woodway; Biodex.
FULL_VISION_COMMANDS = set(range(0xA0, 0xAD))
BIODEX_COMMANDS = set(range(0x80, 0x85))


def everything_sent(protocol: str) -> set[bytes]:
    """Poll through answers, refusals, silence, garbage and interruptions."""
    rng = random.Random(11)
    reader = driver(protocol)
    machine = MACHINES[protocol]()
    sent = set()
    for number in range(4000):
        t_s = 0.1 * number
        question = reader.poll(t_s)
        sent.add(question)
        belt = BeltTruth(t_s, 3.0, 1.0, 3.0 * t_s)
        mood = number // 200 % 5
        if mood == 0:
            reader.feed(machine.answer(question, belt) + machine.stream(belt), t_s)
        elif mood == 1:
            reader.feed(encode(b"\x89"), t_s)
        elif mood == 2:
            reader.feed(rng.randbytes(rng.randrange(30)), t_s)
        elif mood == 3:
            reader.feed(bytes.fromhex("F1 09 A5 03 26 00 52 DB F2"), t_s)
        if rng.random() < 0.01:
            reader.reset()
    return sent - {b""}


@pytest.mark.parametrize("protocol", ALL)
def test_all_that_a_driver_sends_is_a_question_on_the_list(protocol: str) -> None:
    assert everything_sent(protocol) == ALLOWED.get(protocol, set())


@pytest.mark.parametrize("protocol", ALL)
def test_before_the_first_answer_nothing_is_sent_that_another_make_obeys(protocol: str) -> None:
    reader = driver(protocol)
    rng = random.Random(5)
    for number in range(500):
        sent = reader.poll(0.1 * number)
        assert not set(sent) & (FULL_VISION_COMMANDS | BIODEX_COMMANDS)
        noise = bytes(b for b in rng.randbytes(20) if b != 0xF2)  # no frame by chance
        reader.feed(noise, 0.1 * number)


def test_a_probe_asks_only_what_is_harmless_to_every_make() -> None:
    for protocol, questions in QUESTIONS.items():
        assert set(questions) <= ALLOWED[protocol]
        for question in questions:
            assert not set(question) & (FULL_VISION_COMMANDS | BIODEX_COMMANDS)


@pytest.mark.parametrize("question", [q for asked in QUESTIONS.values() for q in asked])
@pytest.mark.parametrize("sent_baud", [4800, 9600])
def test_a_machine_at_another_baud_rate_hears_no_command_either(
    question: bytes, sent_baud: int
) -> None:
    for factor in (0.25, 0.5, 2.0, 4.0, 8.0):
        baud = round(sent_baud * factor)
        received = {b for _, b in listen(levels(question, sent_baud), baud, broken_too=True)}
        assert not received & FULL_VISION_COMMANDS
        if factor <= 2.0:
            assert not received & BIODEX_COMMANDS


def test_a_full_vision_belt_addressed_as_csafe_by_mistake_stays_where_it_is() -> None:
    machine = TrackmasterMachine(baud=9600)
    # The test can fail: the plain CSAFE question for the distance starts this belt.
    machine.answer(bytes.fromhex("F1 A1 A1 F2"), BeltTruth(0.0, 0.0, 0.0, 0.0))
    assert machine.obeyed == [0xA1, 0xA1]
    machine.obeyed.clear()
    with SimulatedTreadmill("trackmaster", machine=machine) as sim:
        treadmill = open_treadmill(f"csafe:{sim.target}", TreadmillSettings())
        treadmill.start()
        time.sleep(1.5)
        treadmill.close()
        hurried = probe(sim.target, lambda: 3.0 * time.monotonic())
        found = [result.protocol for result in hurried if result.answered]
    assert machine.obeyed == []
    assert found == ["trackmaster"]


def test_only_the_link_and_the_probe_write_to_a_transport() -> None:
    folder = Path(devices_package.__file__).parent
    rooms = [*folder.glob("*.py"), *(folder / "treadmill").rglob("*.py")]
    rooms += (folder / "imu").rglob("*.py")
    writers = set()
    for path in rooms:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                *("write", "send", "sendall", "write_gatt_char", "write_gatt_descriptor"),
            ):
                writers.add(str(path.relative_to(folder)))
    assert writers == {
        "serial_transport.py",
        "tcp_transport.py",
        "link_thread.py",
        str(Path("treadmill", "autodetect.py")),
    }


def test_a_link_without_questions_sends_nothing() -> None:
    """What the link writes is what `Questions.poll` returned, and nothing else."""
    tree = ast.parse(Path(link_thread.__file__).read_text(encoding="utf-8"))
    calls = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".write")
    ]
    assert calls == ["transport.write(question)"]
    questions = [
        ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "question"
    ]
    assert questions == ["self._questions.poll(now)"]
