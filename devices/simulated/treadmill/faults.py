"""Faults of a transport, on purpose: ``noise=0.001,drop=0.01,split,stall=2s``."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hipcue.config.errors import UserError

# A stalling machine falls silent once in this time.
_STALL_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of a simulated machine.

    Attributes
    ----------
    noise : float
        Share of the bytes sent that arrive with a wrong bit.
    drop : float
        Share of the bytes sent that never arrive.
    split : bool
        Whether every message arrives in pieces of one to three bytes.
    stall_s : float
        Every ten seconds the machine sends nothing for this long.
    garbage : bool
        Whether it sends random bytes instead of its protocol.
    """

    noise: float = 0.0
    drop: float = 0.0
    split: bool = False
    stall_s: float = 0.0
    garbage: bool = False

    @classmethod
    def parse(cls, text: str) -> Faults:
        """Read ``noise=0.001,drop=0.01,split,stall=2s,garbage``; empty means none.

        Raises
        ------
        UserError
            For a word that is not understood, naming it.
        """
        values: dict[str, float | bool] = {}
        for word in filter(None, (part.strip() for part in text.split(","))):
            key, _, value = word.partition("=")
            if key in ("split", "garbage") and not value:
                values[key] = True
                continue
            try:
                number = float(value.removesuffix("s") if key == "stall" else value)
            except ValueError:
                number = -1.0
            most = {"noise": 1.0, "drop": 1.0, "stall": 3600.0}.get(key, -1.0)
            if not 0.0 <= number <= most:
                raise UserError(
                    "wrong faults", repr(word), "noise=0.001,drop=0.01,split,stall=2s,garbage"
                )
            values["stall_s" if key == "stall" else key] = number
        return cls(**values)  # type: ignore[arg-type]

    def stalled(self, elapsed_s: float) -> bool:
        """Whether the machine is silent at this time since its first contact."""
        return self.stall_s > 0 and elapsed_s % _STALL_EVERY_S > _STALL_EVERY_S - self.stall_s

    def damage(self, data: bytes, rng: random.Random) -> bytes:
        """Flip and lose bytes."""
        if not self.noise and not self.drop:
            return data
        out = bytearray()
        for byte in data:
            if rng.random() < self.drop:
                continue
            out.append(byte ^ (1 << rng.randrange(8)) if rng.random() < self.noise else byte)
        return bytes(out)

    def pieces(self, data: bytes, rng: random.Random) -> list[bytes]:
        """Cut a message as it will arrive."""
        if not self.split:
            return [data]
        cut = []
        while data:
            size = rng.randint(1, 3)
            cut.append(data[:size])
            data = data[size:]
        return cut
