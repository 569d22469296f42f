"""Received bytes come back as received."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.vault.content import digest, pack, unpack


@given(st.binary(max_size=4000))
def test_what_is_packed_comes_back(raw: bytes) -> None:
    assert unpack(pack(raw)) == raw
    assert len(digest(raw)) == 16


def test_a_large_text_too() -> None:
    raw = b'{"resourceType":"Binary","data":"' + bytes(range(65, 91)) * 9000 + b'"}'
    assert unpack(pack(raw)) == raw and len(pack(raw)) < len(raw) / 20


def test_what_was_not_packed_is_refused() -> None:
    with pytest.raises(ValueError):
        unpack(b"\x02abc")
