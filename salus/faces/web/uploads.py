"""A file that comes as a request's body and is written down as it is: back-ups, which are encrypted already."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from salus.errors import UsageError
from salus.records.text import T

WRITE_BYTES = 1 << 20


async def received(request: Request, folder: Path, most: int) -> Path:
    """The file, under a name of its own ending in ".sealed" so that the next start sweeps it up. Raises UsageError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(8)}.sealed"
    size, held, whole = 0, bytearray(), False
    file = await run_in_threadpool(open, path, "wb", opener=lambda p, f: os.open(p, f, 0o600))
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise UsageError(T("The file is too large."))
            held += chunk
            if len(held) >= WRITE_BYTES:
                await run_in_threadpool(file.write, bytes(held))
                held.clear()
        await run_in_threadpool(file.write, bytes(held))
        whole = True
    finally:
        file.close()
        if not whole:
            path.unlink(missing_ok=True)
    return path
