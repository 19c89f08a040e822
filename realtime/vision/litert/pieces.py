"""The landmark network in two pieces: the landmarks, and what only the silhouette needs.

The silhouette takes a third of the network's time. In a piece of its own it is worked out
when it is asked for, by whoever asks, while the landmarks of the next picture are searched.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from hipcue.realtime.vision.litert.network import Shape

# What a file takes beside its weights, roughly; with less it is copied as it grows.
_BESIDE_WEIGHTS = 400_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """Two networks made of one; each a whole TFLite file.

    Parameters
    ----------
    trunk : bytes
        Gives the trunk's results, and what is `between` after them.
    branch : bytes
        Takes what is `between`, in this order, and gives the branch's result.
    between : tuple of tuple of int
        Shapes of what the trunk hands to the branch.
    """

    trunk: bytes
    branch: bytes
    between: tuple[Shape, ...]


def cut(content: bytes, trunk: tuple[Shape, ...], branch: Shape) -> Pieces | None:
    """Cut a network in two.

    Parameters
    ----------
    content : bytes
        A TFLite file.
    trunk, branch
        The shapes of the results of the first piece, and of that of the second.

    Returns
    -------
    Pieces or None
        None where it cannot be cut: it has no such results, or what is between the pieces
        cannot be told apart by its shape.
    """
    from ai_edge_litert import schema_py_generated as schema

    model: Any = schema.ModelT.InitFromPackedBuf(content, 0)
    graph = model.subgraphs[0]
    results = {_shape(graph, place): int(place) for place in graph.outputs}
    if any(shape not in results for shape in (*trunk, branch)):
        return None
    ends = [results[shape] for shape in trunk]
    first = _needed(graph, ends)
    rest = [step for step in _needed(graph, [results[branch]]) if step not in first]
    made = {int(place) for step in first for place in graph.operators[step].outputs}
    taken = {int(place) for step in rest for place in graph.operators[step].inputs}
    between = sorted(made & taken)
    shapes = tuple(_shape(graph, place) for place in between)
    if not between or len({*shapes, *trunk}) < len(shapes) + len(trunk):
        return None
    start = [int(place) for place in graph.inputs]
    return Pieces(
        _packed(model, first, start, ends + between),
        _packed(model, rest, between, [results[branch]]),
        shapes,
    )


def only(content: bytes, results: tuple[Shape, ...]) -> bytes:
    """Return a network that gives these results and nothing else; as it is where it cannot."""
    from ai_edge_litert import schema_py_generated as schema

    model: Any = schema.ModelT.InitFromPackedBuf(content, 0)
    graph = model.subgraphs[0]
    found = {_shape(graph, place): int(place) for place in graph.outputs}
    if any(shape not in found for shape in results):
        return content
    ends = [found[shape] for shape in results]
    start = [int(place) for place in graph.inputs]
    return _packed(model, _needed(graph, ends), start, ends)


def _shape(graph: Any, place: int) -> Shape:
    return tuple(int(size) for size in graph.tensors[place].shape)


def _needed(graph: Any, ends: list[int]) -> list[int]:
    """Which steps of the network lead to these results, in their order."""
    wanted, steps = set(ends), []
    for step in reversed(range(len(graph.operators))):
        operator = graph.operators[step]
        if wanted.intersection(map(int, operator.outputs)):
            steps.append(step)
            wanted.update(map(int, operator.inputs))
    return steps[::-1]


def _packed(model: Any, steps: list[int], inputs: list[int], outputs: list[int]) -> bytes:
    """The file of a network with only these steps; weights that no step uses are left out."""
    import flatbuffers

    # To unpack a file takes half as long again as all the rest: a copy is changed instead.
    piece, graph = copy(model), copy(model.subgraphs[0])
    piece.subgraphs, piece.signatureDefs = [graph], None
    graph.operators = [graph.operators[step] for step in steps]
    graph.inputs, graph.outputs = inputs, outputs
    used = {int(place) for operator in graph.operators for place in operator.inputs}
    kept = {graph.tensors[place].buffer for place in used if place >= 0}
    piece.buffers = [copy(buffer) for buffer in model.buffers]
    for number, buffer in enumerate(piece.buffers):
        if number not in kept:
            buffer.data = None
    size = sum(0 if buffer.data is None else len(buffer.data) for buffer in piece.buffers)
    builder = flatbuffers.Builder(size + _BESIDE_WEIGHTS)
    builder.Finish(piece.Pack(builder), b"TFL3")
    return bytes(builder.Output())
