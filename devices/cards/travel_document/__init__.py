"""Passports and other travel documents with a chip (ICAO Doc 9303), over PC/SC.

    from devices.cards.smartcard import SmartcardReader
    from devices.cards.travel_document import AccessKey, TravelDocument, TrustStore
    document = TravelDocument(lambda: AccessKey.from_mrz(lines), TrustStore.load(folder))
    reader = SmartcardReader([document])  # a devices.cards.CardReader

Basic access control opens the chip with a key from the printed lines (MRZ); what is read then is
verified against the issuing states' certificates (passive authentication), and where the state
gave the chip a key of its own, the chip proves that it is no copy (active authentication). PACE is
a named fault.
"""

from devices.cards.travel_document.application import TravelDocument
from devices.cards.travel_document.mrz import AccessKey
from devices.cards.travel_document.passive import TrustStore

__all__ = ["AccessKey", "TravelDocument", "TrustStore"]
