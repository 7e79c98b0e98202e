"""How surely a document says who stands here, and what it gives the form."""

from dataclasses import replace

import pytest

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.cards import sample_card
from kiosk.person import Person


def document(name: str) -> IdentityDocument:
    found = sample_card(name).document
    assert found is not None
    return found


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_of_document_has_an_assurance(kind: DocumentKind) -> None:
    assert Person(replace(document("zhang_wei"), kind=kind)).assurance in {
        "card_present",
        "chip_verified",
    }


def test_a_passport_is_as_sure_as_its_states_signature() -> None:
    passport = document("kim_passport")
    assert Person(passport).assurance == "chip_verified"
    assert Person(replace(passport, verified=False)).assurance == "card_present"
    assert not Person(replace(passport, verified=False)).reaches("chip_verified")


def test_a_signature_makes_no_other_card_surer() -> None:
    assert Person(replace(document("wang_social"), verified=True)).assurance == "card_present"


def test_a_passport_fills_in_what_it_says() -> None:
    filled = Person(document("kim_passport")).prefill()
    assert filled["name"] == "KIM, MINJI"
    assert (filled["document_number"], filled["nationality"]) == ("M12345678", "KOR")
    assert "number" not in filled, "a passport's number is no identity number"
    assert filled["document_kind"] == "passport"
    assert "address" not in filled


def test_the_newest_address_is_the_one_a_form_gets() -> None:
    moved = replace(document("zhang_wei"), newest_address="长春市净月区福祉大路1号")
    assert Person(moved).prefill()["address"] == "长春市净月区福祉大路1号"
    assert Person(moved).message().address == "长春市净月区福祉大路1号"
    assert Person(document("zhang_wei")).prefill()["address"].endswith("502室")
