"""Which of the known papers this is, and what it says. Pure."""

from collections.abc import Callable, Sequence
from datetime import date

from devices.errors import DeviceFault
from devices.ocr.business_licence import parse_licence
from devices.ocr.fields import Field, Paper, PaperKind
from devices.ocr.household import parse_household
from devices.ocr.id_card import parse_back, parse_front
from devices.ocr.lines import TextLine
from devices.ocr.travel_lines import find_mrz

# The household register's page holds most labels of an identity card: it is asked first.
_KINDS: tuple[Callable[[Sequence[TextLine]], Paper | None], ...] = (
    parse_licence,
    parse_household,
    parse_back,
    parse_front,
)


def parse_paper(lines: Sequence[TextLine], today: date) -> Paper | None:
    """The paper these lines stand on; None when it is none that we know. today: resolves the
    two-digit years of a travel document."""
    travel = _travel_document(lines, today)
    if travel is not None:
        return travel
    return next((paper for parse in _KINDS if (paper := parse(lines)) is not None), None)


def _travel_document(lines: Sequence[TextLine], today: date) -> Paper | None:
    """document_number, name_latin, sex, birth_date, nationality, valid_to."""
    mrz = find_mrz(lines)
    if mrz is None:
        return None
    try:
        document = mrz.document(today)
    except DeviceFault:
        return None
    sure = mrz.confidence
    values = {
        "document_number": (document.number, True),
        "name_latin": (document.name_latin, None),
        "sex": (document.sex if document.sex in ("1", "2") else "", None),
        "birth_date": (document.birth_date.isoformat() if document.birth_date else "", True),
        "nationality": (document.nationality, None),
        "valid_to": (document.valid_to.isoformat() if document.valid_to else "", True),
    }
    fields = {
        name: Field(value, sure, checked) for name, (value, checked) in values.items() if value
    }
    return Paper(PaperKind.TRAVEL_DOCUMENT, fields)
