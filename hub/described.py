"""How the hub's API describes itself in GET /openapi.json: problems, bodies, signatures.

Signed requests are read as the bytes that were signed, so FastAPI cannot see their bodies: they
are described here, beside the code that reads them.
"""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from kiosk.contract.faults import FAULTS
from kiosk.contract.messages import PROTOCOL, Problem
from kiosk.contract.signing import TAG

Responses = dict[int | str, dict[str, Any]]

_MODELS: list[type[BaseModel]] = [Problem]
_SECURITY = {
    "kiosk": {
        "type": "http",
        "scheme": "signature",
        "description": (
            "HTTP message signature (RFC 9421), Ed25519, of an enrolled kiosk: one signature with"
            f' keyid, created (within 60 s), nonce (16 to 64 characters, once) and tag "{TAG}"'
            " over @method, @target-uri and, with a body, content-digest (RFC 9530) and"
            " content-type."
        ),
    }
}
SIGNED_BY_KIOSK: dict[str, Any] = {"security": [{"kiosk": []}]}


@dataclass(frozen=True)
class Described:
    """What FastAPI wants of one operation."""

    responses: Responses = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def problems(*of: tuple[int, str]) -> Responses:
    """Responses for these (status, fault code) pairs; every operation may also answer 500."""
    by_status: dict[int, list[str]] = {}
    for status, code in (*of, (500, "unexpected")):
        by_status.setdefault(status, []).append(code)
    return {
        status: {
            "description": "; ".join(
                f"`{code}` ({'try again' if FAULTS[code].retryable else 'for good'})"
                for code in codes
            ),
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {code: {"value": example(status, code)} for code in codes},
                }
            },
        }
        for status, codes in by_status.items()
    }


def example(status: int, code: str) -> dict[str, Any]:
    """A problem as it looks on the wire."""
    fault = FAULTS[code]
    return Problem(
        type=f"urn:yimen:fault:{code}", title=fault.resident, status=status, code=code,
        retryable=fault.retryable,
    ).model_dump(mode="json")  # fmt: skip


_GATE = (
    (401, "hub.bad_signature"), (401, "hub.clock_skew"), (403, "hub.unknown_kiosk"),
    (403, "hub.refused"), (403, "hub.not_approved"), (413, "hub.invalid_message"),
)  # fmt: skip


def signed(
    answers: type[BaseModel] | None,
    *of: tuple[int, str],
    body: type[BaseModel] | None = None,
    status: int = 200,
    says: str = "",
) -> Described:
    """A signed operation: what it answers, its own problems, and the body it reads."""
    more = ((422, "hub.invalid_message"),) if body is not None else ()
    responses = problems(*_GATE, *more, *of)
    if answers is not None:
        responses[status] = _json(answers, says or "Done.")
    extra = dict(SIGNED_BY_KIOSK)
    if body is not None:
        extra["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(body)}},
        }
    return Described(responses, extra)


def _json(model: type[BaseModel], says: str) -> dict[str, Any]:
    return {
        "description": says,
        "content": {"application/json": {"schema": _reference(model)}},
    }


def answer(model: type[BaseModel], says: str) -> dict[str, Any]:
    """One more answer of an operation, for its `responses`."""
    return _json(model, says)


def _reference(model: type[BaseModel]) -> dict[str, str]:
    if model not in _MODELS:
        _MODELS.append(model)
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _replace_own_errors(document: dict[str, Any]) -> None:
    """What FastAPI says of wrong parameters is a problem here as well (hub/problems.py)."""
    ours = problems((422, "hub.invalid_message"))[422]
    for operations in document["paths"].values():
        for operation in operations.values():
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                operation["responses"]["422"] = ours
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def install(app: FastAPI) -> None:
    """Serve one complete description at GET /openapi.json."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title="Yimen hub",
                version=f"{PROTOCOL}.0",
                summary="What kiosks say to a city, and what it answers.",
                description="docs/protocol.md tells the way of a submission from end to end.",
                routes=app.routes,
            )
            components = document.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            _, wanted = models_json_schema(
                [(model, "validation") for model in _MODELS],
                ref_template="#/components/schemas/{model}",
            )
            schemas.update(wanted["$defs"])
            components["securitySchemes"] = _SECURITY
            _replace_own_errors(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend it
