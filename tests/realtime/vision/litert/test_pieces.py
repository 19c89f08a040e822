"""The landmark network in two pieces says what it says as a whole, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.litert.network import Network
from hipcue.realtime.vision.litert.pieces import cut, only
from hipcue.realtime.vision.model_files import find_model_files

ENTRY = (1, 256, 256, 3)
TRUNK, BRANCH = ((1, 195), (1, 1), (1, 64, 64, 39)), (1, 256, 256, 1)


@pytest.fixture(scope="module")
def content() -> bytes:
    try:
        return find_model_files(PoseSettings()).landmarks
    except UserError as error:
        pytest.skip(f"no pose model on this machine: {error}")


def network(content: bytes, results: tuple[tuple[int, ...], ...]) -> Network:
    return Network(content, "here", (ENTRY,), results, 1)


def test_both_pieces_say_what_the_whole_says(content: bytes) -> None:
    entry = np.random.default_rng(1).random(ENTRY, np.float32)
    whole = network(content, (*TRUNK, BRANCH)).run(entry)
    pieces = cut(content, TRUNK, BRANCH)
    assert pieces is not None
    trunk = network(pieces.trunk, (*TRUNK, *pieces.between)).run(entry)
    branch = Network(pieces.branch, "here", pieces.between, (BRANCH,), 1)
    for theirs, ours in zip(whole, [*trunk[:3], *branch.run(*trunk[3:])], strict=True):
        np.testing.assert_array_equal(theirs, ours)
    # Neither piece carries the other's weights.
    assert len(pieces.trunk) < len(content)
    assert len(pieces.branch) < len(content) / 10


def test_what_is_not_asked_for_is_left_out(content: bytes) -> None:
    entry = np.random.default_rng(2).random(ENTRY, np.float32)
    less = only(content, TRUNK)
    for theirs, ours in zip(
        network(content, TRUNK).run(entry), network(less, TRUNK).run(entry), strict=True
    ):
        np.testing.assert_array_equal(theirs, ours)
    with pytest.raises(UserError, match="instead of"):
        network(less, (BRANCH,))


def test_another_network_is_left_whole(content: bytes) -> None:
    assert cut(content, TRUNK, (1, 7, 7, 7)) is None
    assert only(content, ((3, 4),)) == content
