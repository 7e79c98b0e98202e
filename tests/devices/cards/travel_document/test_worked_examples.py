"""The worked examples of ICAO Doc 9303-11, appendix D, byte by byte."""

from __future__ import annotations

from devices.cards.apdu import Response
from devices.cards.travel_document import ciphers
from devices.cards.travel_document.mrz import AccessKey, check_digit
from devices.cards.travel_document.secure_messaging import MutualAuthentication, Session

ENCRYPTION = bytes.fromhex("AB94FDECF2674FDFB9B391F85D7F76F2")
AUTHENTICATION = bytes.fromhex("7962D9ECE03D1ACD4C76089DCE131543")
CHALLENGE = bytes.fromhex("4608F91988702212")
NONCE = bytes.fromhex("781723860C06C226")
SHARE = bytes.fromhex("0B795240CB7049B01C19B33E32804F0B")
SESSION_ENCRYPTION = bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5")
SESSION_AUTHENTICATION = bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
COUNTER = bytes.fromhex("887022120C06C226")


def secured(answer: str) -> Response:
    raw = bytearray.fromhex(answer)
    return Response(raw[:-2], int.from_bytes(raw[-2:], "big"))


def test_d1_keys_are_derived_from_a_seed() -> None:
    seed = bytes.fromhex("239AB9CB282DAF66231DC5A4DF6BFBAE")
    assert ciphers.derive_key(seed, ciphers.ENCRYPTION) == ENCRYPTION
    assert ciphers.derive_key(seed, ciphers.AUTHENTICATION) == AUTHENTICATION


def test_d2_the_access_key_is_made_of_the_mrz() -> None:
    short = AccessKey("L898902C", "690806", "940623")
    assert short.information() == b"L898902C<369080619406236"
    lines = (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
        "L898902C<3UTO6908061F9406236ZE184226B<<<<<14"
    )
    assert AccessKey.from_mrz(lines).information() == short.information()
    td2 = "I<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<D23145890<UTO3407127M95071227349<<<8"
    assert td2[45] == "<"
    assert AccessKey.from_mrz(td2).information() == b"D23145890734934071279507122"
    td1 = (
        "I<UTOD23145890<7349<<<<<<<<<<<"
        "3407127M9507122UTO<<<<<<<<<<<2"
        "STEVENSON<<PETER<<<<<<<<<<<<<<"
    )
    assert AccessKey.from_mrz(td1).information() == b"D23145890734934071279507122"
    assert check_digit("D23145890734") == "9"


def test_d3_chip_and_reader_authenticate_each_other() -> None:
    run = MutualAuthentication(
        AccessKey("L898902C", "690806", "940623"), CHALLENGE, NONCE, SHARE
    )
    assert run.command().hex().upper() == (
        "0082000028"
        "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
        "5F1448EEA8AD90A7"
        "28"
    )
    session = run.session(
        bytes.fromhex(
            "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
        )
    )
    agreed = (session._encryption, session._authentication, session._counter)
    assert agreed == (SESSION_ENCRYPTION, SESSION_AUTHENTICATION, int.from_bytes(COUNTER, "big"))


def test_d4_a_file_is_selected_and_read_in_two_parts() -> None:
    session = Session(SESSION_ENCRYPTION, SESSION_AUTHENTICATION, COUNTER)

    def exchange(command: str, protected: str, answer: str) -> bytes:
        assert session.protect(bytes.fromhex(command)).hex().upper() == protected
        response = session.unprotect(secured(answer))
        assert response.sw == 0x9000
        return bytes(response.data)

    nothing = exchange(
        "00A4020C02011E",
        "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
        "990290008E08FA855A5D4C50A8ED9000",
    )
    begin = exchange(
        "00B0000004",
        "0CB000000D9701048E08ED6705417E96BA5500",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
    )
    rest = exchange(
        "00B0000412",
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    )
    assert (nothing, begin.hex().upper()) == (b"", "60145F01")
    assert rest.hex().upper() == "04303130365F36063034303030305C026175"
