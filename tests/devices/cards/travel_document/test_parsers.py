"""Whatever a chip says, the parsers of a travel document give values or a named fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.apdu import Response
from devices.cards.travel_document import ciphers, tlv
from devices.cards.travel_document.details import national_name
from devices.cards.travel_document.face import face_picture
from devices.cards.travel_document.mrz import AccessKey, check_digit, parse_mrz
from devices.cards.travel_document.passive import TrustStore, _signed_data, verify
from devices.cards.travel_document.secure_messaging import MutualAuthentication, Session
from devices.errors import DeviceFault
from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.cards import sample_card
from devices.testbed.passport import DG1, DG2, SECURITY, der, face_file, found_state, mrz, state
from devices.testbed.passport_chip import PassportChip

TODAY = date(2026, 6, 1)
KEY = bytes(range(16))
CHIP = sample_card("kim_passport").chip
assert isinstance(CHIP, PassportChip)
FILES = CHIP.files
GROUPS = {1: FILES[DG1], 2: FILES[DG2]}
TRUST = TrustStore([state().certificate])
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def outcome(act: Callable[[], object]) -> str:
    """"" when `act` gave something, else its fault code; anything else is a failure."""
    try:
        act()
    except DeviceFault as fault:
        return fault.code
    return ""


def test_the_specimen_of_9303_part_4_is_understood() -> None:
    assert parse_mrz(MRZ, TODAY) == IdentityDocument(
        kind=DocumentKind.PASSPORT,
        number="L898902C3",
        name="",
        name_latin="ERIKSSON, ANNA MARIA",
        sex="2",
        nationality="UTO",
        issuer="UTO",
        birth_date=date(1974, 8, 12),
        valid_to=date(2012, 4, 15),
    )


def test_the_specimens_of_9303_part_5_are_understood() -> None:
    text = (
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    )
    document = parse_mrz(text, TODAY)
    assert (document.number, document.name_latin) == ("D23145890", "ERIKSSON, ANNA MARIA")


@given(st.integers(0, 87), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_misread_sign_never_changes_number_or_dates_unnoticed(at: int, sign: str) -> None:
    lines = MRZ.replace("\n", "")
    document = parse_mrz(lines, TODAY)
    changed = lines[:at] + sign + lines[at + 1 :]
    try:
        read = parse_mrz(changed, TODAY)
    except DeviceFault as fault:
        assert fault.code == "card.unreadable"
    else:
        # Check digits are modulo 10: signs of equal value mod 10 pass (9303-3, 4.9).
        same_value = at >= 44 and check_digit(sign) == check_digit(lines[at])
        if not same_value:
            assert (read.number, read.birth_date, read.valid_to) == (
                document.number,
                document.birth_date,
                document.valid_to,
            )


@given(st.text(max_size=100) | st.text("AZ09<\n", min_size=86, max_size=92))
def test_any_text_is_an_mrz_or_unreadable(text: str) -> None:
    assert outcome(lambda: parse_mrz(text, TODAY)) in {"", "card.unreadable"}


@given(st.text(max_size=100))
def test_any_text_gives_an_access_key_or_a_value_error(text: str) -> None:
    try:
        key = AccessKey.from_mrz(text)
    except ValueError:
        return
    assert len(key.information()) >= 24


@given(st.text(max_size=12), st.text(max_size=7), st.text(max_size=7))
def test_any_typed_key_is_usable_or_a_value_error(number: str, birth: str, expiry: str) -> None:
    try:
        key = AccessKey(number, birth, expiry)
    except ValueError:
        return
    assert key.information().isascii()


def test_a_german_passport_is_of_deu() -> None:
    person = sample_card("kim_passport").document
    assert person is not None
    german = replace(person, nationality="D", issuer="D")
    assert parse_mrz(mrz(german), TODAY).nationality == "DEU"


@given(st.integers(0, 0xFF), st.lists(st.binary(max_size=300), max_size=4))
def test_what_was_encoded_is_found_again(tag: int, values: list[bytes]) -> None:
    encoded = b"".join(der(0x5F1F, value) for value in values)
    assert [bytes(element.value) for element in tlv.elements(encoded)] == values
    assert all(element.tag == 0x5F1F for element in tlv.elements(encoded))


@given(st.binary(max_size=200))
def test_any_bytes_are_elements_or_unreadable(data: bytes) -> None:
    assert outcome(lambda: tlv.elements(data)) in {"", "card.unreadable"}


@given(st.binary(max_size=80))
def test_padding_and_encryption_are_undone(data: bytes) -> None:
    padded = ciphers.pad(data)
    plain = bytes(ciphers.decrypt(KEY, ciphers.encrypt(KEY, padded)))
    assert plain == padded
    assert plain.rstrip(b"\0")[:-1] == data


@given(st.binary(max_size=120), st.integers(0, 0xFFFF))
def test_any_answer_in_a_session_is_unreadable(data: bytes, status: int) -> None:
    session = Session(KEY, KEY, bytes(8))
    session.protect(bytes.fromhex("00B0000004"))
    response = Response(bytearray(data), status)
    assert outcome(lambda: session.unprotect(response)) == "card.unreadable"


@given(st.binary(max_size=60))
def test_any_authentication_answer_is_unreadable(data: bytes) -> None:
    run = MutualAuthentication(AccessKey("A1", "900101", "300101"), bytes(8), bytes(8), bytes(16))
    assert outcome(lambda: run.session(data)) == "card.unreadable"


@given(st.data())
def test_a_changed_face_file_gives_a_picture_or_unreadable(data: st.DataObject) -> None:
    file = bytearray(face_file(b"picture" * 10))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(file) - 1))
        file[at] = data.draw(st.integers(0, 255))
    assert outcome(lambda: face_picture(file)) in {"", "card.unreadable"}


@pytest.mark.parametrize(
    ("stored", "name"),
    [("张<<伟", "张伟"), ("김<<민지", "김민지"), ("KIM<<MINJI", ""), ("Ö<<Å<B", "ÖÅ B"), ("", "")],
)
def test_a_name_in_its_countrys_characters_is_joined(stored: str, name: str) -> None:
    assert national_name(der(0x6B, der(0x5F0E, stored.encode()))) == name


def test_details_without_a_name_give_none() -> None:
    assert national_name(der(0x6B, der(0x5F10, b"1990"))) == ""


@given(st.binary(max_size=60))
def test_any_details_give_a_name_or_unreadable(data: bytes) -> None:
    file = der(0x6B, der(0x5F0E, data))
    assert outcome(lambda: national_name(file)) in {"", "card.unreadable"}
    assert outcome(lambda: national_name(data)) in {"", "card.unreadable"}


def test_what_a_trusted_state_signed_is_verified() -> None:
    assert verify(FILES[SECURITY], GROUPS, TRUST)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(st.integers(0, len(FILES[SECURITY]) - 1), st.integers(1, 255))
def test_a_changed_security_object_is_verified_only_with_the_hashes_that_were_signed(
    at: int, change: int
) -> None:
    sod = bytearray(FILES[SECURITY])
    sod[at] ^= change
    try:
        verified = verify(sod, GROUPS, TRUST)
    except DeviceFault as fault:
        verified = False
        assert fault.code in {"card.altered", "card.unreadable"}
    # What no signature covers (versions, the signer's name) may change and do no harm.
    assert not verified or (
        bytes(_signed_data(sod)[0]) == bytes(_signed_data(FILES[SECURITY])[0])
        # What the state signed of it; its signature's own unused bits are signed by nobody.
        and state().signer.tbs_certificate_bytes in bytes(sod)
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_no_security_object(data: bytes) -> None:
    assert outcome(lambda: verify(data, GROUPS, TRUST)) == "card.unreadable"


@pytest.mark.parametrize("rsa_keys", [False, True])
def test_a_signature_by_the_wrong_key_is_altered(rsa_keys: bool) -> None:
    right, wrong = found_state(rsa_keys=rsa_keys), found_state(rsa_keys=rsa_keys)
    forged = replace(right, signer_key=wrong.signer_key)
    sod = forged.security_object(GROUPS)
    trust = TrustStore([right.certificate])
    assert outcome(lambda: verify(sod, GROUPS, trust)) == "card.altered"


def test_a_signer_that_calls_itself_by_a_trusted_states_name_is_not_verified() -> None:
    impostor = found_state()
    assert impostor.certificate.subject == state().certificate.subject
    assert not verify(impostor.security_object(GROUPS), GROUPS, TRUST)


def test_a_signer_whose_time_is_over_is_not_verified() -> None:
    old = found_state(signer_days=-1)
    trust = TrustStore([old.certificate])
    sod = old.security_object(GROUPS)
    assert not verify(sod, GROUPS, trust)
    assert verify(sod, GROUPS, trust, datetime.now(UTC) - timedelta(days=5))


def test_a_document_signer_cannot_vouch_for_others() -> None:
    assert not verify(FILES[SECURITY], GROUPS, TrustStore([state().signer]))


def test_a_group_the_state_never_signed_is_altered() -> None:
    assert outcome(lambda: verify(FILES[SECURITY], {**GROUPS, 11: b"x"}, TRUST)) == "card.altered"


def test_certificates_are_taken_from_a_folder_and_rubbish_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.cer").write_bytes(state().certificate.public_bytes(Encoding.DER))
    (tmp_path / "b.pem").write_bytes(found_state().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "c.crt").write_bytes(b"rubbish")
    (tmp_path / "readme.txt").write_text("none of them")
    assert verify(FILES[SECURITY], GROUPS, TrustStore.load(tmp_path))
    assert "c.crt is no certificate" in caplog.text
    assert "readme" not in caplog.text


def test_what_a_revoked_signer_signed_is_altered(tmp_path: Path) -> None:
    (tmp_path / "a.cer").write_bytes(state().certificate.public_bytes(Encoding.DER))
    listed = state().revocation_list()
    for name, form in (("list.crl", Encoding.DER), ("list.CRL", Encoding.PEM)):
        (tmp_path / name).write_bytes(listed.public_bytes(form))
        trust = TrustStore.load(tmp_path)
        assert outcome(lambda: verify(FILES[SECURITY], GROUPS, trust)) == "card.altered"  # noqa: B023
        (tmp_path / name).unlink()
    assert verify(FILES[SECURITY], GROUPS, TrustStore.load(tmp_path))


def test_a_list_that_the_state_did_not_sign_revokes_nobody() -> None:
    forged = replace(state(), state_key=found_state().state_key).revocation_list()
    assert forged.issuer == state().signer.issuer
    assert verify(FILES[SECURITY], GROUPS, TrustStore([state().certificate], [forged]))
    others = found_state()
    trust = TrustStore([state().certificate, others.certificate], [others.revocation_list()])
    assert verify(FILES[SECURITY], GROUPS, trust)


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_the_testbeds_chip_answers_anything_with_a_status(commands: list[bytes]) -> None:
    chip = sample_card("kim_passport").chip
    assert isinstance(chip, PassportChip)
    chip.power_on()
    assert all(len(chip.respond(command)) >= 2 for command in commands)
