"""Every sentence the kiosk can show."""

from babel.messages.pofile import read_po

from kiosk.words import LOCALE


def sentences(language: str) -> list[str]:
    """All translations into "zh" or "ko", or the English originals; {values} made numbers."""
    source = "zh" if language == "en" else language
    with (LOCALE / source / "LC_MESSAGES" / "yimen.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    texts: list[str] = []
    for message in messages:
        said = message.id if language == "en" else message.string
        texts += [said] if isinstance(said, str) else list(said)
    assert len(texts) > 200
    return [without_fields(text) for text in texts]


def without_fields(text: str) -> str:
    parts = text.replace("}", "{").split("{")
    return "".join(part if at % 2 == 0 else "3" for at, part in enumerate(parts))
