"""The vault of tests/skills/conftest.py, and documents made in a line."""

from __future__ import annotations

import base64
from typing import Any

Body = dict[str, Any]


def letter(title: str, text: str, day: str = "2026-05-04", by: str = "Dr Ana Lind", **more: Any) -> Body:
    """A DocumentReference whose attachment is plain text."""
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference", "status": "current", "description": title, "date": f"{day}T10:00:00+02:00",
        "author": [{"display": by}], "content": [{"attachment": {"contentType": "text/plain", "data": data}}], **more,
    }  # fmt: skip
