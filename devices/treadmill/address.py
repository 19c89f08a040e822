"""One address for every treadmill: ``scheme:target?option=value&option=value``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hipcue.config.errors import UserError


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart.

    Attributes
    ----------
    text : str
        As the user wrote it.
    scheme : str
        The protocol, lower case.
    target : str
        Port, host, name, speed or file.
    options : dict
        What follows the question mark.
    """

    text: str
    scheme: str
    target: str
    options: dict[str, str] = field(default_factory=dict)

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse options that this protocol does not know.

        Raises
        ------
        UserError
            Naming the option and those that there are.
        """
        known = sorted(allowed)
        for key in self.options:
            if key not in known:
                raise self.wrong(
                    f"unknown option {key!r}", f"options of {self.scheme}: {', '.join(known)}"
                )

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        """Return a numeric option; a ``default`` of ``None`` makes it compulsory."""
        text = self.options.get(key)
        if text is None:
            if default is None:
                raise self.wrong(f"{key} is missing", f"{self.text}?{key}=...")
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self.wrong(f"{key}={text}", f"a number from {low:g} to {high:g}")
        return value

    def choice(self, key: str, default: str | None, allowed: tuple[str, ...]) -> str:
        """Return an option out of a list; a ``default`` of ``None`` makes it compulsory."""
        value = self.options.get(key, default)
        if value is None:
            raise self.wrong(
                f"{key} is missing", " or ".join(f"{self.text}?{key}={each}" for each in allowed)
            )
        if value not in allowed:
            raise self.wrong(f"{key}={value}", f"{key} is {' or '.join(allowed)}")
        return value

    def wrong(self, seen: str, try_this: str) -> UserError:
        """Return the error that names this address."""
        return UserError(f"wrong treadmill address {self.text!r}", seen, try_this)


def parse_address(text: str) -> Address:
    """Take an address apart.

    Raises
    ------
    UserError
        When there is no scheme or an option has no value.
    """
    scheme, colon, rest = text.strip().partition(":")
    target, _, query = rest.partition("?")
    address = Address(text, scheme.lower(), target)
    if not colon and scheme.lower() != "none":
        raise address.wrong("no protocol in it", "csafe:/dev/ttyUSB0, fixed:3.0 or none")
    for part in filter(None, query.split("&")):
        key, equals, value = part.partition("=")
        if not equals or not key or not value:
            raise address.wrong(f"option {part!r}", "options are written name=value")
        address.options[key.lower()] = value
    return address
