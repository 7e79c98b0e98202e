"""GET /openapi.json is complete, and the hub does what it says there (schemathesis)."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from requests.auth import AuthBase
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from hub.described import example
from kiosk.contract import signing
from kiosk.contract.faults import FAULTS
from tests.hub.rig import HubProcess, KioskSide, enrolled

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EXAMPLES = 12
"""For each operation; ./yimen campaign may look for more with another seed."""


@schemathesis.serializer("application/offset+octet-stream", "application/vnd.yimen.draft")
def as_bytes(_: Any, value: Any) -> bytes:
    """Bytes go out as they are."""
    return bytes(getattr(value, "data", value) if not isinstance(value, str) else value.encode())


class SignedBy(AuthBase):
    """Signs whatever is sent as a kiosk does; half of the point is who gets further than that."""

    def __init__(self, side: KioskSide) -> None:
        self._side = side

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        creation = request.method == "POST" and (request.path_url == "/v1/uploads")
        named = {name.lower() for name in request.headers}
        also = tuple(n for n in ("upload-length", "upload-metadata") if creation and n in named)
        if request.body and "content-type" not in named:
            return request
        return signing.sign_request(request, self._side.kiosk_id, self._side.key, also=also)


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskSide]:
    """A kiosk of a hub that only schemathesis talks to."""
    hub = HubProcess(tmp_path_factory.mktemp("openapi") / "data").start()
    yield enrolled(hub)
    hub.stop()


@pytest.fixture(scope="module")
def api(side: KioskSide) -> Any:
    """The description the hub serves."""
    return schemathesis.openapi.from_url(side.hub.url + "/openapi.json")


def test_hub_answers_as_it_says(api: Any, side: KioskSide) -> None:
    """Every operation with generated requests: right ones, and every kind of wrong."""
    wrong, tried = [], 0
    for found in api.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
        )  # fmt: skip
        def answers(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(auth=SignedBy(side), checks=CHECKS, timeout=20)

        try:
            answers()
        except Exception as error:  # noqa: BLE001 - all operations first, then all that is wrong
            wrong.append(f"{operation.label}: {error}")
    assert not wrong, "\n\n".join(wrong)
    assert tried > 200


@pytest.fixture(scope="module")
def described(side: KioskSide) -> dict[str, Any]:
    document: dict[str, Any] = requests.get(side.hub.url + "/openapi.json", timeout=20).json()
    return document


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_versioned_and_tells_its_problems(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    found = operations(described)
    assert len(found) > 20
    for path, method, operation in found:
        if path == "/metrics":
            continue
        assert path.startswith("/v1/"), path
        assert operation["description"], path
        if method == "options":
            continue
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                content = answer["content"]
                assert list(content) == ["application/problem+json"], (path, method, status)
                for code, shown in content["application/problem+json"]["examples"].items():
                    assert shown["value"] == example(int(status), code)
                    assert FAULTS[code].retryable is shown["value"]["retryable"]


def test_every_signed_operation_says_so_and_describes_its_body(described: dict[str, Any]) -> None:
    open_to_all = {"/v1/health", "/v1/time", "/v1/keys", "/v1/root", "/metrics"}
    for path, method, operation in operations(described):
        secret = path.startswith("/v1/uploads/") or method == "options"
        named = path.startswith("/v1/tuf/") or path in open_to_all
        assert ("security" in operation) is not (named or secret), (path, method)
        if method in ("post", "put", "patch"):
            assert operation["requestBody"]["content"], path
    scheme = described["components"]["securitySchemes"]["kiosk"]
    assert signing.TAG in scheme["description"]


def test_nothing_of_the_desk_is_described(described: dict[str, Any]) -> None:
    assert not [path for path, _, _ in operations(described) if "desk" in path]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/submissions", "/v1/time"])
def test_errors_of_the_framework_are_problems_too(side: KioskSide, path: str) -> None:
    reply = requests.get(side.hub.url + path, timeout=20)
    assert reply.status_code in (404, 405, 422)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"].startswith("urn:yimen:fault:")


def test_time_is_signed_for_the_question(side: KioskSide, tmp_path: Path) -> None:
    nonce = secrets.token_urlsafe(16)
    reply = requests.get(f"{side.hub.url}/v1/time?nonce={nonce}", timeout=20)
    document = signing.verify_document(reply.json(), side.hub_signing, "time")
    assert document["nonce"] == nonce
