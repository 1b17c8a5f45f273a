"""A bridge's client: plain HTTP through requests, nothing else.

Three things can go wrong, and each has its own code: nobody answers
(``bridge_absent``), the bridge says no (``bridge_refused``, with its code and
sentence), or what answers is no bridge (``bridge_answer_invalid``).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from arp_core import errors
from arp_core.digest import digest_file
from arp_core.errors import ArpError, BridgeError, InputError, UsageError
from arp_core.home import Home
from arp_core.paths import StagedFolder, check_package_path, storage_error

if TYPE_CHECKING:
    import requests

#: States that a job never leaves.
FINAL_STATES = frozenset(("succeeded", "degraded", "failed", "cancelled", "lost"))

SIDECAR_SUFFIX = "_mts.json"

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 60.0
#: The bridge sends a sign of life every ten seconds.
_STREAM_SECONDS = 30.0
_RECONNECTS = 5
_RECONNECT_PAUSE = 0.2
_CHUNK = 1 << 20


class BridgeClient:
    """One bridge at one address. Use one client in one thread.

    Args:
        url: ``http://host:port``.
        token: Bearer token.
        language: In which the bridge's sentences are asked for.
        name: How this client names itself to the bridge; random by default.
    """

    def __init__(self, url: str, *, token: str = "", language: str = "en", name: str = "") -> None:
        self.url = _checked_url(url)
        self._token = token
        self._language = language
        self._name = name or secrets.token_hex(8)
        self._session: requests.Session | None = None

    @classmethod
    def discover(cls, home: Home, *, language: str = "en", name: str = "") -> BridgeClient | None:
        """Return a client of the bridge that runs for ``home``, or None.

        A ``bridge.json`` that a killed bridge left behind answers to nobody and
        counts as none.
        """
        try:
            entry = json.loads(home.bridge_json.read_bytes())
            client = cls(str(entry["url"]), token=str(entry["token"]), language=language, name=name)
            client.health()
        except (OSError, ValueError, KeyError, TypeError, ArpError):
            return None
        return client

    # -- what is there -----------------------------------------------------------

    def health(self) -> dict[str, Any]:
        """Return the bridge's health answer: it needs no token."""
        return self._json("GET", "/v1/health")

    def capabilities(self) -> list[dict[str, Any]]:
        """Return the capabilities as filed there."""
        return _items(self._json("GET", "/v1/capabilities"))

    # -- what goes in ------------------------------------------------------------

    def upload(self, path: Path) -> str:
        """Store a file there, unless it is there already, and return its SHA-256 (hex).

        Raises:
            UsageError: ``path_absent``. InputError: ``path_unreadable``.
            BridgeError: See the module.
        """
        sha256 = digest_file(path).hex
        if self._is_there(sha256):
            return sha256
        try:
            with path.open("rb") as stream:
                self._json("PUT", f"/v1/blobs/{sha256}", data=stream)
        except OSError as error:
            raise InputError("path_unreadable", path=path, reason=error.strerror or str(error)) from error
        return sha256

    def register_object(
        self, sha256: str, *, name: str, origin: str, media_type: str, kind: str = "material"
    ) -> dict[str, Any]:
        """Register an uploaded blob and return its object ID with its records."""
        body = {"sha256": sha256, "name": name, "origin": origin, "media_type": media_type, "kind": kind}
        return self._json("POST", "/v1/objects", body=body)

    def submit(self, request: Mapping[str, Any], *, key: str = "") -> str:
        """Submit a job and return its ID.

        The idempotency key makes a repeated request return the first one's job;
        one is made for this call where none is given, so a retry inside the
        HTTP library is harmless.
        """
        headers = {"Idempotency-Key": key or secrets.token_hex(16)}
        answer = self._json("POST", "/v1/jobs", body=request, headers=headers)
        return _text(answer, "job_id")

    # -- what happens ------------------------------------------------------------

    def job(self, job_id: str) -> dict[str, Any]:
        """Return a job with its nodes."""
        return self._json("GET", f"/v1/jobs/{quote(job_id)}")

    def jobs(self) -> Iterator[dict[str, Any]]:
        """Yield every job's summary, newest first, page by page."""
        cursor = ""
        while True:
            page = self._json("GET", "/v1/jobs" + (f"?cursor={quote(cursor)}" if cursor else ""))
            yield from _items(page)
            following = page.get("next_cursor")
            if not isinstance(following, str):
                return
            cursor = following

    def events(self, job_id: str, *, after: int = 0) -> Iterator[dict[str, Any]]:
        """Yield a job's events until it has ended; a broken connection is taken up where it broke.

        Raises:
            BridgeError: ``bridge_absent`` when the bridge does not come back.
        """
        failures = 0
        while True:
            try:
                for event in self._stream(job_id, after=after):
                    failures = 0
                    after = int(event.get("seq", after))
                    yield event
                    if event.get("type") == "job" and event.get("state") in FINAL_STATES:
                        return
            except BridgeError as error:
                if error.code != "bridge_absent" or failures >= _RECONNECTS:
                    raise
            failures += 1
            if failures > _RECONNECTS:
                raise BridgeError("bridge_absent", url=self.url, reason="the event stream keeps ending")
            time.sleep(_RECONNECT_PAUSE * failures)

    def cancel(self, job_id: str) -> dict[str, Any]:
        """Stop a job and return it."""
        return self._json("POST", f"/v1/jobs/{quote(job_id)}/cancel")

    # -- what comes out ----------------------------------------------------------

    def outputs(self, job_id: str) -> list[dict[str, Any]]:
        """Return the package's files, each with name, role, media type, SHA-256 and size."""
        return _items(self._json("GET", f"/v1/jobs/{quote(job_id)}/outputs"))

    def download(self, job_id: str, name: str, target: Path) -> None:
        """Write one file of the package to ``target``, which must not exist yet.

        Raises:
            BridgeError: ``bridge_answer_invalid`` when the bytes are not those
                that the bridge listed.
            StorageError: The file cannot be written.
        """
        for item in self.outputs(job_id):
            if item.get("name") == name:
                self._fetch(job_id, item, target)
                return
        raise BridgeError("bridge_answer_invalid", url=self.url, reason=f"{name} is not among the outputs")

    def download_all(self, job_id: str, folder: Path) -> tuple[Path, ...]:
        """Write the whole package into ``folder``, or nothing, and return its paths, the sidecar last.

        Raises:
            BridgeError: See the module.
            StorageError: ``file_in_the_way``, ``disk_full``, ``folder_read_only``.
        """
        items = sorted(self.outputs(job_id), key=lambda item: str(item.get("name", "")).endswith(SIDECAR_SUFFIX))
        names = [check_package_path(_text(item, "name")) for item in items]
        was_there = folder.exists()
        try:
            with StagedFolder(folder) as staged:
                for name, item in zip(names, items, strict=True):
                    target = staged.path.joinpath(*PurePosixPath(name).parts)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    self._fetch(job_id, item, target)
                return staged.publish(names)
        except OSError as error:
            raise storage_error(error, path=folder) from error
        finally:
            if not was_there:
                with contextlib.suppress(OSError):  # the package stands in it, or it was never made
                    folder.rmdir()

    def credential(self, credential_id: str) -> bytes:
        """Return a credential's exact bytes."""
        return self._bytes(f"/v1/credentials/{quote(credential_id)}")

    def records(self, credential_id: str) -> bytes:
        """Return the exact bytes of a credential's records."""
        return self._bytes(f"/v1/credentials/{quote(credential_id)}/records")

    def status_lists(self) -> list[dict[str, Any]]:
        """Return the bridge's status lists, signed by its station; their proofs are not checked here."""
        return _items(self._json("GET", "/v1/status-lists"), key="lists")

    def verify(self, folder: Path) -> dict[str, Any]:
        """Upload every file of a package and return the bridge's verification of it."""
        files = {
            path.relative_to(folder).as_posix(): self.upload(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        return self._json("POST", "/v1/verify", body={"files": files})

    # -- inside ------------------------------------------------------------------

    def _is_there(self, sha256: str) -> bool:
        with self._send("HEAD", f"/v1/blobs/{sha256}") as response:
            if response.status_code == 404:
                return False
            # An answer to HEAD has no body, so its reason is asked for below.
            return bool(response.ok)

    def _fetch(self, job_id: str, item: Mapping[str, Any], target: Path) -> None:
        name, expected = _text(item, "name"), _text(item, "sha256")
        state = hashlib.sha256()
        with self._send("GET", f"/v1/jobs/{quote(job_id)}/outputs/{quote(name)}", stream=True) as response:
            self._refuse(response)
            try:
                with target.open("xb") as sink:
                    for chunk in self._chunks(response):
                        state.update(chunk)
                        sink.write(chunk)
            except OSError as error:
                raise storage_error(error, path=target) from error
        if state.hexdigest() != expected:
            raise BridgeError("bridge_answer_invalid", url=self.url, reason=f"{name} arrived with other bytes")

    def _bytes(self, path: str) -> bytes:
        with self._send("GET", path) as response:
            self._refuse(response)
            return bytes(response.content)

    def _json(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        data: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        with self._send(method, path, body=body, data=data, headers=headers) as response:
            self._refuse(response)
            return self._object(response)

    def _object(self, response: requests.Response) -> dict[str, Any]:
        try:
            answer = response.json()
        except ValueError as error:
            raise BridgeError("bridge_answer_invalid", url=self.url, reason="no JSON") from error
        if not isinstance(answer, dict):
            raise BridgeError("bridge_answer_invalid", url=self.url, reason="no JSON object")
        return answer

    def _stream(self, job_id: str, *, after: int) -> Iterator[dict[str, Any]]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._send(
            "GET", f"/v1/jobs/{quote(job_id)}/events", headers=headers, stream=True, read_seconds=_STREAM_SECONDS
        ) as response:
            self._refuse(response)
            rest = b""
            for chunk in self._chunks(response):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line.startswith(b"data:"):
                        yield self._event(line)

    def _event(self, line: bytes) -> dict[str, Any]:
        try:
            event = json.loads(line.removeprefix(b"data:"))
        except ValueError as error:
            raise BridgeError("bridge_answer_invalid", url=self.url, reason="an event is no JSON") from error
        if not isinstance(event, dict):
            raise BridgeError("bridge_answer_invalid", url=self.url, reason="an event is no JSON object")
        return event

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body as it arrives; a connection that breaks is the bridge's absence, not the disk's."""
        import requests

        try:
            # A stream must not wait for a full chunk, so it takes what is there.
            yield from response.iter_content(chunk_size=None)
        except requests.RequestException as error:
            raise BridgeError("bridge_absent", url=self.url, reason=type(error).__name__) from error

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        read_seconds: float = _READ_SECONDS,
    ) -> requests.Response:
        import requests

        if self._session is None:
            self._session = requests.Session()
            # Proxies and .netrc are for other hosts: what goes to a bridge goes there directly.
            self._session.trust_env = False
            self._session.headers.update(
                {
                    "Authorization": f"Bearer {self._token}",
                    "Accept-Language": self._language,
                    "Arp-Client": self._name,
                }
            )
        try:
            return self._session.request(
                method,
                self.url + path,
                json=body,
                data=data,
                headers=headers,
                stream=stream,
                timeout=(_CONNECT_SECONDS, read_seconds),
                allow_redirects=False,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            raise BridgeError("bridge_absent", url=self.url, reason=type(error).__name__) from error
        except (requests.RequestException, UnicodeError, ValueError) as error:
            raise BridgeError("bridge_answer_invalid", url=self.url, reason=str(error)) from error

    def _refuse(self, response: requests.Response) -> None:
        """Raise what an answer that is not a success says.

        Raises:
            BridgeError: ``bridge_refused`` with the bridge's own code and
                sentence; ``bridge_answer_invalid`` for a stranger's answer.
        """
        if 200 <= response.status_code < 300:
            return
        problem = self._object(response)
        code, message = problem.get("code"), problem.get("message")
        if not isinstance(code, str) or not isinstance(message, str):
            raise BridgeError("bridge_answer_invalid", url=self.url, reason=f"HTTP status {response.status_code}")
        raise BridgeError("bridge_refused", sentence=message, reason_code=code, status=response.status_code)


#: Error classes by the name under which a job's failure is kept.
_KINDS: dict[str, type[ArpError]] = {
    kind.__name__: kind
    for kind in (
        errors.UsageError,
        errors.InputError,
        errors.IntegrityError,
        errors.AuditError,
        errors.StorageError,
        errors.BridgeError,
    )
}


def failure_of(job: Mapping[str, Any]) -> ArpError:
    """Return the error that ended a job, as it would have been raised here."""
    facts = dict(job.get("facts") or {})
    kind = _KINDS.get(str(facts.pop("kind", "")), BridgeError)
    code = str(job.get("code") or "")
    if not code:
        state = str(job.get("state"))
        facts |= {"job": str(job.get("job_id", "")), "state": state}
        code = {"cancelled": "job_cancelled"}.get(state, "job_failed" if state in FINAL_STATES else "job_not_finished")
    # A usage error is about this command's arguments; a job's is about its content.
    return (InputError if kind is UsageError else kind)(code, **facts)


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError("bridge_url_invalid", url=url)
    return url.rstrip("/")


def _items(page: Mapping[str, Any], *, key: str = "items") -> list[dict[str, Any]]:
    items = page.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BridgeError("bridge_answer_invalid", url="", reason="a list of items is missing")
    return items


def _text(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str):
        raise BridgeError("bridge_answer_invalid", url="", reason=f"“{key}” is missing")
    return value
