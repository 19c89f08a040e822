"""One network of the pose model, run by LiteRT: what goes in, what comes out, what is refused."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError

Shape = tuple[int, ...]
Tensor = NDArray[np.float32]


class Network:
    """A network, running; for one thread at a time, which lets go of Python's lock meanwhile.

    Several of the same `content` share its bytes; each takes 38 MB of its own (the full
    landmark model, which is repacked for this processor).

    Parameters
    ----------
    content : bytes
        A ``.tflite`` file.
    origin : str
        Where it is from, for the one line that refuses it.
    entry : tuple of int
        The shape of what goes in.
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
        self, content: bytes, origin: str, entry: Shape, results: tuple[Shape, ...], threads: int
    ) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter: Any = Interpreter(model_content=content, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise _refused(
                origin, str(error).splitlines()[0] if str(error) else "damaged"
            ) from error
        entries = _indexes(self._interpreter.get_input_details())
        found = _indexes(self._interpreter.get_output_details())
        if list(entries) != [entry] or any(shape not in found for shape in results):
            seen = f"takes {_words(entries)}, gives {_words(found)}"
            raise _refused(origin, f"{seen} instead of {_words([entry])}, {_words(results)}")
        self._entry = entries[entry]
        self._results = [found[shape] for shape in results]

    def run(self, entry: Tensor) -> list[Tensor]:
        """Run on `entry`, and return what comes out in the order of `results`."""
        self._interpreter.set_tensor(self._entry, entry)
        self._interpreter.invoke()
        return [cast(Tensor, self._interpreter.get_tensor(index)) for index in self._results]

    def close(self) -> None:
        """Give its memory back."""
        self._interpreter = None


def _indexes(details: list[dict[str, Any]]) -> dict[Shape, int]:
    """The tensors by their shapes; those that are not plain numbers are left out."""
    return {
        tuple(int(size) for size in detail["shape"]): int(detail["index"])
        for detail in details
        if detail["dtype"] is np.float32
    }


def _words(shapes: Any) -> str:
    return " + ".join("x".join(map(str, shape)) for shape in shapes) or "nothing"


def _refused(origin: str, seen: str) -> UserError:
    return UserError(f"cannot use pose model {origin}", seen, "leave pose.model_file out")
