"""What a fault of faults.toml says in a language, for tests to compare the screen with."""

from kiosk.contract.faults import FAULTS
from kiosk.words import Words


def sentence(code: str, language: str) -> str:
    """The sentence about the fault; AssertionError when nobody has translated it."""
    return _said(FAULTS[code].resident, language)


def way_on(code: str, language: str) -> str:
    """What the person can do now."""
    return _said(FAULTS[code].way_on, language)


def _said(message: str, language: str) -> str:
    text = Words(language)(message)
    assert language == "en" or text != message, f"not in {language}: {message}"
    return text
