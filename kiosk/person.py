"""Who identified in this visit, how surely, and what that gives the form."""

from dataclasses import dataclass

from devices.identity import DocumentKind, IdentityDocument
from kiosk.contract import messages
from kiosk.contract.messages import Assurance

ASSURANCE_ORDER: tuple[Assurance, ...] = ("card_present", "chip_verified", "card_and_check")
"""From weak to strong (decision 6)."""

# The SAM of an identity card reader and the card authenticate each other (GA/T 467-2019);
# a social security card's basic files are read freely, so the card is only known to be here.
_ASSURANCE_OF: dict[DocumentKind, Assurance] = {
    DocumentKind.RESIDENT: "chip_verified",
    DocumentKind.HMT: "chip_verified",
    DocumentKind.FOREIGNER: "chip_verified",
    DocumentKind.SOCIAL_SECURITY: "card_present",
    # Until its state's signature was checked; see Person.assurance.
    DocumentKind.PASSPORT: "card_present",
}


@dataclass(frozen=True, repr=False)
class Person:
    """One person, known by one document, for this visit only."""

    document: IdentityDocument

    @property
    def assurance(self) -> Assurance:
        if self.document.kind is DocumentKind.PASSPORT and self.document.verified:
            return "chip_verified"
        return _ASSURANCE_OF[self.document.kind]

    def reaches(self, wanted: str) -> bool:
        """True when this identification is as sure as a service asks for."""
        order: tuple[str, ...] = ASSURANCE_ORDER
        return order.index(self.assurance) >= order.index(wanted)

    def prefill(self) -> dict[str, str]:
        """Form values by name ("name", "birth_date" …); only what the chip really says."""
        document = self.document
        values = {
            "name": document.name or document.name_latin,
            "name_latin": document.name_latin,
            # A form that asks for an identity number must never get a passport's.
            "number": "" if document.kind is DocumentKind.PASSPORT else document.number,
            "document_number": document.number,
            "sex": document.sex if document.sex in ("1", "2") else "",
            "ethnic_group": document.ethnic_group,
            "nationality": document.nationality,
            "birth_date": document.birth_date.isoformat() if document.birth_date else "",
            "address": document.newest_address or document.address,
            "issuer": document.issuer,
            "valid_from": document.valid_from.isoformat() if document.valid_from else "",
            "valid_to": document.valid_to.isoformat() if document.valid_to else "",
            "document_kind": document.kind.value,
        }
        return {name: value for name, value in values.items() if value}

    def message(self) -> messages.Person:
        """The person as the hub gets them."""
        document = self.document
        return messages.Person(
            number=document.number,
            name=document.name or document.name_latin,
            name_latin=document.name_latin,
            sex=document.sex,
            ethnic_group=document.ethnic_group,
            nationality=document.nationality,
            birth_date=document.birth_date,
            address=document.newest_address or document.address,
            issuer=document.issuer,
            valid_from=document.valid_from,
            valid_to=document.valid_to,
            document_kind=document.kind.value,
        )

    def __repr__(self) -> str:
        return f"Person({self.document.kind.value})"
