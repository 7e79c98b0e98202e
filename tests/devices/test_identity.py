from __future__ import annotations

from devices.errors import FAULT_CODES, DeviceFault
from devices.testbed.cards import NAMES, sample_card


def test_repr_shows_no_personal_data_for_any_sample_card() -> None:
    for name in NAMES:
        document = sample_card(name).document
        if document is not None:
            for personal in (document.number, document.name, document.address):
                assert not personal or personal not in repr(document)


def test_a_fault_shows_its_code_when_it_has_no_detail() -> None:
    assert str(DeviceFault("card.removed")) == "card.removed"
    assert DeviceFault("card.removed", "pulled").code in FAULT_CODES
