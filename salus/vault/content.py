"""How received bytes are kept: compressed against a fixed dictionary, told apart by a digest.

The dictionary is part of the format: change it only by adding a new marker byte.
"""

from __future__ import annotations

import hashlib
import zlib
from importlib import resources
from typing import Any

_MARK = b"\x01"
_DICTIONARY = resources.files("salus.vault").joinpath("content_dictionary.txt").read_bytes()


def _compressor(window: int, memory: int) -> Any:
    return zlib.compressobj(1, zlib.DEFLATED, window, memory, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)


_SMALL = _compressor(-13, 6)
"""A small window and table are quicker to set up, and hold a small text and the dictionary. Only copies are used."""


def pack(raw: bytes) -> bytes:
    """Compressed bytes that `unpack` gives back unchanged."""
    squeezer = _SMALL.copy() if len(raw) < 4096 else _compressor(-15, 9)
    packed: bytes = _MARK + squeezer.compress(raw) + squeezer.flush()
    return packed


def unpack(packed: bytes) -> bytes:
    """The received bytes. Raises ValueError when they are not what `pack` made."""
    if packed[:1] != _MARK:
        raise ValueError("unknown content format")
    expander = zlib.decompressobj(-15, _DICTIONARY)
    return expander.decompress(packed[1:]) + expander.flush()


def digest(raw: bytes) -> bytes:
    """Identifies received bytes (128 bits of SHA-256)."""
    return hashlib.sha256(raw).digest()[:16]
