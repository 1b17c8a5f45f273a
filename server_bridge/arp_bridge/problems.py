"""How the bridge says no: one error model, a fixed status per code, the catalogue's sentence."""

from __future__ import annotations

import logging
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from arp_core import messages
from arp_core.errors import ArpError, AuditError, BridgeError, InputError, IntegrityError, StorageError, UsageError

_LOG = logging.getLogger("arp.bridge")

#: Codes whose HTTP status is not their class's.
_STATUS: Final[dict[str, int]] = {
    "token_refused": 401,
    "host_refused": 403,
    "origin_refused": 403,
    "route_unknown": 404,
    "blob_unknown": 404,
    "object_unknown": 404,
    "job_unknown": 404,
    "output_unknown": 404,
    "credential_unknown": 404,
    "method_refused": 405,
    "job_not_finished": 409,
    "idempotency_conflict": 409,
    "body_too_large": 413,
    "body_too_slow": 408,
    "range_impossible": 416,
    "request_invalid": 422,
    "digest_mismatch": 422,
    "bridge_fault": 500,
}

#: Error class -> status and the hint's catalogue key; first match counts.
_BY_CLASS: Final[tuple[tuple[type[ArpError], int, str], ...]] = (
    (UsageError, 400, "hint_request"),
    (InputError, 400, "hint_request"),
    (IntegrityError, 409, "hint_integrity"),
    (AuditError, 422, "hint_audit"),
    (StorageError, 507, "hint_storage"),
    (BridgeError, 503, "hint_bridge"),
)

#: What an answer quotes of a request at the most.
_LONGEST_FACT: Final = 1000
_LARGEST_NUMBER: Final = 2**53 - 1

_HINTS: Final[dict[str, str]] = {
    "token_refused": "hint_token",
    "host_refused": "hint_loopback",
    "origin_refused": "hint_loopback",
    "job_not_finished": "hint_wait",
    "bridge_fault": "hint_fault",
}


class Problem(BaseModel):
    """What went wrong, in one stable code and one sentence in the caller's language."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "code": "job_unknown",
                "message": "This bridge knows no job “job_…”.",
                "hint": "Check the request and send it again.",
                "facts": {"job": "job_…"},
            }
        }
    )

    code: str
    message: str
    hint: str
    facts: dict[str, Any] = {}


def language_of(accept_language: str) -> str:
    """Return the catalogue language that an Accept-Language header prefers (``en`` by default).

    The first supported language by quality counts; a malformed header reads English.
    """
    best, quality = "en", 0.0
    for item in accept_language.split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            value = 0.0
        short = tag.strip().split("-")[0].lower()
        if short in messages.LANGUAGES and value > quality:
            best, quality = short, value
    return best


def problem(error: ArpError, *, language: str) -> Problem:
    """Return the body for an error."""
    error = _sayable(error)
    key = _HINTS.get(error.code) or next((hint for kind, _, hint in _BY_CLASS if isinstance(error, kind)), "hint_fault")
    return Problem(
        code=error.code,
        message=error.sentence(language=language),
        hint=messages.text(key, language=language),
        facts=error.facts,
    )


def _sayable(error: ArpError) -> ArpError:
    """Return an error with facts that every answer can carry.

    Facts quote the request: they may be endless, or hold half a surrogate pair,
    which JSON can spell and UTF-8 cannot.
    """
    return type(error)(error.code, **{name: _fact(value) for name, value in error.facts.items()})


def _fact(value: object) -> object:
    if isinstance(value, int | float) and abs(value) <= _LARGEST_NUMBER:  # not a number fails this, too
        return value
    text = str(value) if not isinstance(value, int | float) else f"{value:g}" if isinstance(value, float) else "∞"
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _LONGEST_FACT else text[:_LONGEST_FACT] + "…"


def response(error: ArpError, *, accept_language: str) -> JSONResponse:
    """Return the complete answer for an error."""
    status = _STATUS.get(error.code) or next((code for kind, code, _ in _BY_CLASS if isinstance(error, kind)), 500)
    language = language_of(accept_language)
    headers = {"Content-Language": language}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem(error, language=language).model_dump(), status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Let every error of every route leave as a :class:`Problem`."""

    def answer(request: Request, error: ArpError) -> JSONResponse:
        return response(error, accept_language=request.headers.get("accept-language", ""))

    async def on_arp(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, ArpError):
            raise error
        return answer(request, error)

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, RequestValidationError):
            raise error
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return answer(request, InputError("request_invalid", where=where, reason=first["msg"]))

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, HTTPException):
            raise error
        if isinstance(error.__cause__, ArpError):
            # Raised while the framework read the body: our own refusal is the reason.
            return answer(request, error.__cause__)
        code = {404: "route_unknown", 405: "method_refused"}.get(error.status_code, "request_invalid")
        answered = answer(request, InputError(code, where=request.url.path, reason=str(error.detail)))
        for name, value in (error.headers or {}).items():
            answered.headers.setdefault(name, value)  # such as Allow, which a 405 must have
        return answered

    async def on_fault(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("a route failed: %s %s", request.method, request.url.path, exc_info=error)
        return answer(request, BridgeError("bridge_fault"))

    app.add_exception_handler(ArpError, on_arp)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_fault)


#: For ``responses=`` of every route: what a refusal looks like in OpenAPI.
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": Problem, "description": "The request names something unusable."},
    401: {"model": Problem, "description": "The bearer token is missing or wrong."},
    403: {"model": Problem, "description": "Host or Origin is not this machine's own."},
    413: {"model": Problem, "description": "The body is larger than allowed."},
    422: {"model": Problem, "description": "The request does not have the expected form."},
    507: {"model": Problem, "description": "The disk is full or read-only."},
}
NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {
    **RESPONSES,
    404: {"model": Problem, "description": "There is no such thing here."},
}
CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    **NOT_FOUND,
    409: {"model": Problem, "description": "The request contradicts what is there already."},
}
