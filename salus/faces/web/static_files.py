"""Static files: their address carries the mark of all of them together, so that a browser keeps them until any changes.

Scripts import each other by relative address, hence one mark for all. Text is sent gzipped: nothing in these files
depends on who asks, so their size tells nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = resources.files("salus.faces.web").joinpath("static")
TEXT = (".js", ".css", ".svg", ".txt")
FOREVER = "public, max-age=31536000, immutable"

for _kind, _ending in (("text/javascript", ".js"), ("text/css", ".css"), ("image/svg+xml", ".svg")):
    mimetypes.add_type(_kind, _ending)  # some systems say otherwise, and a browser then refuses them


def _all(folder: Traversable) -> list[Traversable]:
    found = []
    for each in sorted(folder.iterdir(), key=lambda f: f.name):
        found += _all(each) if each.is_dir() else [each]
    return found


@lru_cache(maxsize=1)
def mark() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for file in _all(STATIC):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file."""
    return f"/static/{mark()}/{name}"


@lru_cache(maxsize=64)
def _zipped(path: str, _changed: float) -> bytes:
    with open(path, "rb") as file:
        return gzip.compress(file.read(), 9, mtime=0)


class Static(StaticFiles):
    """Serves `/static/<mark>/<name>`; with another mark, or none, the file is sent but not to be kept."""

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        head, _, rest = path.replace(os.sep, "/").partition("/")
        scope["salus_marked"] = bool(rest) and head == mark()
        is_mark = len(head) == 12 and all(c in "0123456789abcdef" for c in head)
        return rest.replace("/", os.sep) if rest and is_mark else path

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        accepts = next((v for k, v in scope["headers"] if k == b"accept-encoding"), b"")
        if response.status_code == 200 and str(full_path).endswith(TEXT) and b"gzip" in accepts:
            kind = mimetypes.guess_type(str(full_path))[0]
            body = _zipped(str(full_path), stat_result.st_mtime)
            response = Response(body, 200, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, kind)
        response.headers["Cache-Control"] = FOREVER if scope.get("salus_marked") else "no-cache"
        return response
