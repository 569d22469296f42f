"""Every error Salus raises on purpose, named by what happens next.

SalusError                 one clear sentence: what, where, how to mend
├── UsageError             the request itself is wrong: correct the command        (exit 2, HTTP 400)
├── NotFound               the named thing is not there: pick another              (exit 1, HTTP 404)
├── Locked                 a passphrase is missing or wrong: unlock again          (exit 1, HTTP 401)
├── Refused                allowed in form, not in substance: a choice is needed   (exit 1, HTTP 409)
├── Unreadable             the given file cannot be read: mend or replace it       (exit 1, HTTP 422)
├── Damaged                the vault itself is harmed: restore a back-up           (exit 1, HTTP 500)
├── Busy                   another process is writing: try again                   (exit 1, HTTP 503)
├── Missing                an optional part is not installed: install it           (exit 1, HTTP 501)
└── NoNetwork              something would have to leave and may not               (exit 1, HTTP 502)

This module knows no face: the command line, the web and FHIR each map these once.
"""

from __future__ import annotations

from typing import ClassVar

from salus.records.text import T, Text


class SalusError(Exception):
    """The root. `text` is said to the person, in their language; `code` is stable for programs."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, text: Text | str, **args: object) -> None:
        self.text = text if isinstance(text, Text) else T(text, **args)
        super().__init__(self.text.plain())


class UsageError(SalusError):
    code, exit_code, http_status = "usage", 2, 400


class NotFound(SalusError):
    code, http_status = "not-found", 404


class Locked(SalusError):
    code, http_status = "locked", 401


class Refused(SalusError):
    code, http_status = "refused", 409


class Unreadable(SalusError):
    code, http_status = "unreadable", 422


class Damaged(SalusError):
    code, http_status = "damaged", 500


class Busy(SalusError):
    code, http_status = "busy", 503


class Missing(SalusError):
    code, http_status = "missing", 501


class NoNetwork(SalusError):
    code, http_status = "no-network", 502
