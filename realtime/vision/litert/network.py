"""One network of the pose model, run by LiteRT: what goes in, what comes out, what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError

Shape = tuple[int, ...]
Tensor = NDArray[np.float32]


class Network:
    """A network, running; for one thread at a time, which lets go of Python's lock meanwhile.

    Several of the same `content` share its bytes, but each repacks the weights for this
    processor: 38 MB for the landmark model of `pose.complexity` 1.

    Parameters
    ----------
    content : bytes
        A ``.tflite`` file.
    origin : str
        Where it is from, for the one line that refuses it.
    entries : tuple of tuple of int
        The shapes of what goes in.
    results : tuple of tuple of int
        The shapes of what must come out; there may be more.
    threads : int
        How many cores share a run.

    Raises
    ------
    UserError
        When the file is damaged, or of another network.
    """

    def __init__(
        self,
        content: bytes,
        origin: str,
        entries: tuple[Shape, ...],
        results: tuple[Shape, ...],
        threads: int,
    ) -> None:
        self._interpreter: Any = opened(content, origin, entries, results, threads)
        taken = _indexes(self._interpreter.get_input_details())
        given = _indexes(self._interpreter.get_output_details())
        self._entries = [taken[shape] for shape in entries]
        self._results = [given[shape] for shape in results]
        self._interpreter.allocate_tensors()

    def run(self, *entries: Tensor) -> list[Tensor]:
        """Run on what goes in, and return what comes out in the order of `results`."""
        for index, entry in zip(self._entries, entries, strict=True):
            self._interpreter.set_tensor(index, entry)
        self._interpreter.invoke()
        return [cast(Tensor, self._interpreter.get_tensor(index)) for index in self._results]

    def close(self) -> None:
        """Give its memory back."""
        self._interpreter = None


def opened(
    content: bytes,
    origin: str,
    entries: tuple[Shape, ...],
    results: tuple[Shape, ...],
    threads: int = 1,
) -> Any:
    """Return an interpreter of a network that is as it should be; takes no memory of its own yet.

    Raises
    ------
    UserError
        When the file is damaged, or of another network.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        taken = _indexes(interpreter.get_input_details())
        given = _indexes(interpreter.get_output_details())
    except (ValueError, RuntimeError) as error:
        raise _refused(origin, str(error).strip().partition("\n")[0] or "damaged") from error
    if set(taken) != set(entries) or any(shape not in given for shape in results):
        seen = f"takes {_words(taken)}, gives {_words(given)}"
        raise _refused(origin, f"{seen} instead of {_words(entries)}, {_words(results)}")
    return interpreter


def _indexes(details: list[dict[str, Any]]) -> dict[Shape, int]:
    """The tensors by their shapes; those that are not plain numbers are left out."""
    return {
        tuple(int(size) for size in detail["shape"]): int(detail["index"])
        for detail in details
        if detail["dtype"] is np.float32
    }


def _words(shapes: Iterable[Shape]) -> str:
    return " + ".join("x".join(map(str, shape)) for shape in shapes) or "nothing"


def _refused(origin: str, seen: str) -> UserError:
    return UserError(
        f"cannot use pose model {origin}", seen, "hipcue models fetch, without pose.model_file"
    )
