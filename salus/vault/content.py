"""How received bytes are kept: compressed against a fixed dictionary, told apart by a digest of their meaning.

The dictionary is part of the format: change it only by adding a new marker byte.
"""

from __future__ import annotations

import hashlib
import zlib
from importlib import resources

_MARK = b"\x01"
_DICTIONARY = resources.files("salus.vault").joinpath("content_dictionary.txt").read_bytes()


def pack(raw: bytes) -> bytes:
    """Compressed bytes that `unpack` gives back unchanged."""
    memory = 6 if len(raw) < 1 << 15 else 9  # a smaller table is quicker to clear, and no worse on a small text
    squeezer = zlib.compressobj(1, zlib.DEFLATED, -15, memory, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    return _MARK + squeezer.compress(raw) + squeezer.flush()


def unpack(packed: bytes) -> bytes:
    """The received bytes. Raises ValueError when they are not what `pack` made."""
    if packed[:1] != _MARK:
        raise ValueError("unknown content format")
    expander = zlib.decompressobj(-15, _DICTIONARY)
    return expander.decompress(packed[1:]) + expander.flush()


def digest(raw: bytes) -> bytes:
    """Identifies received bytes (128 bits of SHA-256)."""
    return hashlib.sha256(raw).digest()[:16]
