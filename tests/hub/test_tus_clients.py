"""Standard tus clients upload, unchanged, to an announced address."""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import requests
from tusclient.client import TusClient

from kiosk.contract import signing
from tests.hub.rig import TUS, HubProcess, KioskSide, Sealed

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
TUS_ALONE = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def tus_js(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tus-js-client as its lock file pins it, by the Node.js that requirements.lock pins."""
    folder = tmp_path_factory.mktemp("tus_js")
    for file in (HERE / "tus_js").iterdir():
        shutil.copy(file, folder)
    subprocess.run(
        [BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=folder, check=True, timeout=120,
    )  # fmt: skip
    return folder


def written(tmp_path: Path, sealed: Sealed) -> Path:
    """Put the sealed bytes into a file."""
    path = tmp_path / "sealed.bin"
    path.write_bytes(sealed.data)
    return path


def announced(kiosk: KioskSide, sealed: Sealed) -> str:
    """Announce and return the upload address."""
    url: str = kiosk.announce(sealed).json()["upload_url"]
    return url


def receipted(kiosk: KioskSide, sealed: Sealed) -> None:
    """Check that the hub gives its receipt for it."""
    reply = kiosk.announce(sealed)
    assert reply.status_code == 200, reply.text
    kiosk.verified(reply.json(), sealed)


@pytest.mark.parametrize("stop", [0, 9000], ids=["whole", "cut and resumed"])
def test_tus_js_client_uploads_to_an_announced_address(
    kiosk: KioskSide, tus_js: Path, tmp_path: Path, stop: int
) -> None:
    sealed = kiosk.compose()
    url, file = announced(kiosk, sealed), written(tmp_path, sealed)
    line: list[str | Path] = [BIN / "node", "upload.cjs", url, file, "4096"]
    line += [str(stop)] if stop else []
    done = subprocess.run(line, cwd=tus_js, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["last"] == "done"
    if stop:
        assert told["first"] == "cut"
        again = told["seen"].index("HEAD", 1)
        assert int(told["seen"][again + 1].split()[1]) >= stop
    receipted(kiosk, sealed)


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "with checksums"])
def test_tuspy_uploads_and_resumes_after_a_cut(
    hub: HubProcess, kiosk: KioskSide, tmp_path: Path, checked: bool
) -> None:
    sealed = kiosk.compose()
    url, file = announced(kiosk, sealed), written(tmp_path, sealed)
    first = TusClient(hub.url).uploader(
        str(file), chunk_size=3000, url=url, upload_checksum=checked
    )
    first.upload(stop_at=6000)
    second = TusClient(hub.url).uploader(
        str(file), chunk_size=5000, url=url, upload_checksum=checked
    )
    assert second.offset == 6000
    second.upload()
    receipted(kiosk, sealed)


def test_lost_last_answer_is_made_up_by_head(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    assert kiosk.patch(url, sealed.data, 0).status_code == 204
    reply = requests.head(url, headers=TUS_ALONE, timeout=20)
    assert reply.headers["Upload-Offset"] == reply.headers["Upload-Length"] == str(len(sealed.data))


# ---- checksum


def checksum(data: bytes, algorithm: str = "sha256") -> dict[str, str]:
    digest = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
    return TUS | {"Upload-Checksum": f"{algorithm} {digest}"}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_damaged_chunk_is_dropped_and_sent_again(kiosk: KioskSide, algorithm: str) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    assert kiosk.patch(url, sealed.data[:1000], 0).status_code == 204
    chunk = sealed.data[1000:5000]
    fields = checksum(chunk, algorithm) | {"Upload-Offset": "1000"}
    damaged = bytes([chunk[0] ^ 1]) + chunk[1:]
    reply = requests.patch(url, damaged, headers=fields, timeout=20)
    assert (reply.status_code, reply.json()["code"]) == (460, "hub.checksum")
    assert reply.json()["retryable"] is True
    assert kiosk.announce(sealed).json()["offset"] == 1000
    assert requests.patch(url, chunk, headers=fields, timeout=20).status_code == 204
    assert kiosk.patch(url, sealed.data[5000:], 5000).status_code == 204
    receipted(kiosk, sealed)


@pytest.mark.parametrize("field", ["md5 AAAA", "sha1", "sha1 ???", "sha256 AAAA", ""])
def test_checksum_that_cannot_be_checked_is_refused(kiosk: KioskSide, field: str) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    fields = TUS | {"Upload-Offset": "0", "Upload-Checksum": field}
    assert requests.patch(url, sealed.data, headers=fields, timeout=20).status_code == 400
    assert kiosk.announce(sealed).json()["offset"] == 0


# ---- termination, method override


def test_terminated_upload_is_gone_and_can_be_announced_again(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    kiosk.patch(url, sealed.data[:1000], 0)
    assert requests.delete(url, headers=TUS_ALONE, timeout=20).status_code == 204
    assert requests.head(url, headers=TUS_ALONE, timeout=20).status_code == 404
    assert kiosk.announce(sealed).json()["offset"] == 0
    kiosk.deliver(sealed)


def test_a_case_is_not_taken_back_by_its_upload_address(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    kiosk.patch(url, sealed.data, 0)
    assert requests.delete(url, headers=TUS_ALONE, timeout=20).status_code == 403
    receipted(kiosk, sealed)


def test_method_may_be_named_in_a_field(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = announced(kiosk, sealed)
    fields = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert requests.post(url, sealed.data, headers=fields, timeout=20).status_code == 204
    receipted(kiosk, sealed)
    assert requests.post(url, headers=TUS, timeout=20).status_code == 405


# ---- creation


def create(
    kiosk: KioskSide, sealed: Sealed, body: bytes = b"",
    also: tuple[str, ...] = ("upload-length", "upload-metadata"),
    fields: Mapping[str, str] = MappingProxyType({}),
) -> requests.Response:  # fmt: skip
    told = sealed.announcement()
    metadata = ",".join(
        f"{name} {base64.b64encode(str(told[name]).encode()).decode()}"
        for name in ("submission_id", "digest", "receipt_number")
    )
    headers: dict[str, Any] = TUS_ALONE | {
        "Upload-Length": str(len(sealed.data)), "Upload-Metadata": metadata,
    }
    if body:
        headers["Content-Type"] = TUS["Content-Type"]
    request = requests.Request(
        "POST", f"{kiosk.hub.url}/v1/uploads", data=body or None, headers=headers | dict(fields)
    ).prepare()
    return kiosk.send(signing.sign_request(request, kiosk.kiosk_id, kiosk.key, also=also))


def test_creation_with_upload_makes_a_case_in_one_request(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    reply = create(kiosk, sealed, sealed.data)
    assert (reply.status_code, reply.headers["Upload-Offset"]) == (201, str(len(sealed.data)))
    receipted(kiosk, sealed)
    again = create(kiosk, sealed, sealed.data)
    assert again.status_code == 200
    kiosk.verified(again.json(), sealed)


def test_creation_with_the_first_bytes_goes_on_by_patch(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    reply = create(kiosk, sealed, sealed.data[:2000])
    assert (reply.status_code, reply.headers["Upload-Offset"]) == (201, "2000")
    assert kiosk.patch(reply.headers["Location"], sealed.data[2000:], 2000).status_code == 204
    receipted(kiosk, sealed)


def test_creation_whose_fields_are_not_signed_is_refused(kiosk: KioskSide) -> None:
    reply = create(kiosk, kiosk.compose(), also=())
    assert (reply.status_code, reply.json()["code"]) == (401, "hub.bad_signature")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": str(10**12)}, 413),
        ({"Upload-Length": "x"}, 400),
        ({"Upload-Metadata": "submission_id"}, 400),
        ({"Upload-Metadata": "digest !!"}, 400),
        ({"Tus-Resumable": "0.9"}, 412),
    ],
)
def test_creation_of_something_else_is_refused(
    kiosk: KioskSide, fields: dict[str, str], status: int
) -> None:
    reply = create(kiosk, kiosk.compose(), fields=fields)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


def test_server_says_what_it_can(kiosk: KioskSide) -> None:
    for url in (f"{kiosk.hub.url}/v1/uploads", announced(kiosk, kiosk.compose())):
        able = requests.options(url, timeout=20).headers
        assert able["Tus-Extension"].split(",") == [
            "creation", "creation-with-upload", "checksum", "expiration", "termination",
        ]
        assert "sha1" in able["Tus-Checksum-Algorithm"].split(",")
