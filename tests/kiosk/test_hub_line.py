"""The line: only the hub's own words count; everything else on the way is "not reached"."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest

from kiosk import hub_line
from kiosk.contract.keys import new_signing_key
from kiosk.contract.messages import Announce, UploadOffer
from kiosk.contract.receipts import make
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine, receipt_of
from tests.kiosk.lines import HubBehindRelay, RawServer, http_answer

Answering = Callable[[bytes | None], HubLine]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A line to a server that gives exactly this answer (None: none at all)."""
    servers: list[RawServer] = []

    def open_line(answer: bytes | None) -> HubLine:
        servers.append(RawServer(answer))
        return HubLine(servers[-1].url, (0.5, 0.3))

    yield open_line
    for server in servers:
        server.close()


def _fault(ask: Callable[[], object]) -> HubFault:
    with pytest.raises(HubFault) as caught:
        ask()
    return caught.value


PORTAL = b"<html><h1>Please log in to the hall's network</h1></html>"


@pytest.mark.parametrize(
    "answer",
    [
        http_answer("200 OK", "text/html", PORTAL),
        http_answer("200 OK", "application/json", PORTAL),
        http_answer("200 OK", "application/json", b"\xff\xfe"),
        http_answer("200 OK", "application/json", b"[" * 60_000),
        http_answer("302 Found", "text/html", b"", Location="http://portal.example/"),
        http_answer("502 Bad Gateway", "text/html", PORTAL),
        http_answer("403 Forbidden", "application/problem+json", b"{}"),
        http_answer("403 Forbidden", "application/problem+json", b"no JSON"),
        http_answer("403 Forbidden", "application/json", b'{"code": "hub.refused"}'),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
        b"",
        None,
    ],
    ids=["page", "page as JSON", "not UTF-8", "nested", "redirect", "gateway", "empty problem",
         "no problem", "error of a proxy", "not HTTP", "cut", "hung up", "silence"],
)
def test_answer_that_is_not_the_hubs_counts_as_not_reached(
    answering: Answering, answer: bytes | None
) -> None:
    fault = _fault(lambda: answering(answer).get("/v1/keys"))
    assert fault.code in ("hub.unreachable", "hub.captive_portal")
    assert fault.retryable


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http_answer("200 OK", "text/html", PORTAL), "hub.captive_portal"),
        (http_answer("302 Found", "text/html", b"", Location="http://portal.example/"),
         "hub.captive_portal"),
        (http_answer("511 Network Authentication Required", "text/html", PORTAL),
         "hub.captive_portal"),
        (http_answer("502 Bad Gateway", "text/html", PORTAL), "hub.unreachable"),
        (http_answer("200 OK", "application/json", PORTAL), "hub.unreachable"),
    ],
    ids=["page", "redirect", "511", "gateway", "page as JSON"],
)
@pytest.mark.parametrize("upload", [False, True], ids=["question", "upload"])
def test_sign_in_page_of_the_halls_network_is_told_from_a_hub_that_is_down(
    answering: Answering, answer: bytes, code: str, upload: bool
) -> None:
    line = answering(answer)
    if upload:
        fault = _fault(lambda: line.upload_chunk(line._url + "/v1/uploads/x", 0, b"x"))
    else:
        fault = _fault(lambda: line.get("/v1/keys"))
    assert fault.code == code



def test_problem_of_the_hub_is_taken_at_its_word(answering: Answering) -> None:
    body = b'{"title": "no", "status": 409, "code": "hub.digest_conflict", "retryable": false}'
    line = answering(http_answer("409 Conflict", "application/problem+json", body))
    fault = _fault(lambda: line.post("/v1/submissions", b"{}"))
    assert (fault.code, fault.retryable) == ("hub.digest_conflict", False)


@pytest.mark.parametrize("body", [b"null", b"[1]", b'"text"', b"17"])
def test_receipt_of_another_shape_is_no_receipt(answering: Answering, body: bytes) -> None:
    line = answering(http_answer("200 OK", "application/json", body))
    assert _fault(lambda: line.receipt("a" * 32)).retryable
    announce = Announce(submission_id="a" * 32, digest="b" * 64, size=1, receipt_number="n")
    line = answering(http_answer("200 OK", "application/json", body))
    assert _fault(lambda: line.announce(announce)).code == "hub.unreachable"
    line = answering(http_answer("201 Created", "application/json", body))
    assert _fault(lambda: line.announce(announce)).code == "hub.unreachable"


def test_document_of_another_shape_is_no_receipt() -> None:
    assert _fault(lambda: receipt_of({"case_number": "1"})).code == "hub.unreachable"


def test_endless_answer_is_given_up_before_it_fills_the_memory(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_line, "MAX_ANSWER", 1 << 16)
    line = answering(http_answer("200 OK", "application/json", b" " * (1 << 18)))
    fault = _fault(lambda: line.get("/v1/keys"))
    assert "without an end" in str(fault)


def test_upload_without_an_offset_is_not_reached(answering: Answering) -> None:
    line = answering(http_answer("204 No Content", "text/plain", b""))
    url = line._url + "/v1/uploads/secret"
    assert _fault(lambda: line.upload_chunk(url, 0, b"x")).code == "hub.unreachable"


def test_nothing_is_sent_to_an_address_of_another_server(answering: Answering) -> None:
    elsewhere = RawServer(http_answer("204 No Content", "text/plain", b"", Upload_Offset="1"))
    line = answering(None)
    for url in (elsewhere.url + "/v1/uploads/x", line._url + "@" + elsewhere.url[7:] + "/x"):
        assert _fault(partial(line.upload_chunk, url, 0, b"x")).code == "hub.unreachable"
    assert elsewhere.asked == 0
    elsewhere.close()


@pytest.mark.parametrize(
    "url", ["", "hub.example", "http://127.0.0.1:9", "ftp://127.0.0.1", "http://["]
)
def test_unusable_or_closed_address_is_not_reached(url: str) -> None:
    assert _fault(lambda: HubLine(url, (0.5, 0.5)).get("/v1/health")).code == "hub.unreachable"


def test_signed_question_reaches_the_real_hub_twice_with_a_new_nonce(line: HubLine) -> None:
    number = make("0001", date(2020, 1, 1), 1)
    for _ in range(2):
        assert line.get(f"/v1/receipts/{number}/status")["status"] == "unknown"


def test_question_signed_by_a_stranger_is_refused_for_good(
    hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    line = HubLine(hub.url, (2.0, 5.0))
    announce = Announce(submission_id="a" * 32, digest="b" * 64, size=9, receipt_number="n")
    line.sign_as("K9999", new_signing_key())
    fault = _fault(lambda: line.announce(announce))
    assert (fault.code, fault.retryable) == ("hub.unknown_kiosk", False)
    line.close()


def test_published_file_comes_in_pieces_and_a_missing_one_is_named(line: HubLine) -> None:
    assert b"timestamp" in b"".join(line.pieces("/v1/tuf/timestamp.json"))
    assert _fault(lambda: list(line.pieces("/v1/tuf/9.root.json"))).code == "hub.not_found"


@pytest.mark.parametrize("answer", [
    http_answer("200 OK", "text/html", PORTAL),
    http_answer("302 Found", "text/html", b"", Location="http://portal.example/"),
    http_answer("404 Not Found", "text/html", PORTAL),
    None,
], ids=["page", "redirect", "page that is missing", "silence"])
def test_file_of_somebody_else_counts_as_not_reached(
    answering: Answering, answer: bytes | None
) -> None:
    line = answering(answer)
    code = _fault(lambda: list(line.pieces("/v1/tuf/timestamp.json"))).code
    assert code in ("hub.unreachable", "hub.captive_portal")


def test_upload_grows_chunk_by_chunk(line: HubLine) -> None:
    announce = Announce(submission_id="c" * 32, digest="d" * 64, size=9, receipt_number="n")
    offer = line.announce(announce)
    assert isinstance(offer, UploadOffer)
    assert line.upload_chunk(offer.upload_url, 0, b"1234") == 4
    again = line.announce(announce)
    assert isinstance(again, UploadOffer)
    assert again.offset == 4
    assert line.receipt("c" * 32) is None
