"""A workout route (GPX 1.1 as Apple writes it) as one JSON document: a row per point, columns named once."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, BinaryIO
from xml.parsers import expat

from salus.records.text import T, Text

COLUMNS = ("time", "lat", "lon", "ele", "speed", "course", "hAcc", "vAcc")
MOST = 32 << 20


class NotARoute(ValueError):
    """The file is not a GPX track; `text` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.plain())


def item(name: str, stream: BinaryIO) -> tuple[str, str, bytes, list[Any], None, str]:
    """(type, id, raw, codes, stamp, origin). Raises NotARoute."""
    points: list[dict[str, str]] = []
    texts: list[str] = []
    state: dict[str, Any] = {"creator": "", "gpx": False, "in": False}

    def start(tag: str, a: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]
        texts.clear()
        if tag == "gpx":
            state["gpx"], state["creator"] = True, a.get("creator", "")
        elif tag == "trkpt":
            points.append({"lat": a.get("lat", ""), "lon": a.get("lon", "")})
            state["in"] = True

    def end(tag: str) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag == "trkpt":
            state["in"] = False
        elif state["in"] and tag in COLUMNS:
            points[-1][tag] = "".join(texts).strip()

    def doctype(*_: Any) -> None:
        raise NotARoute(T("It declares a document type, which a route never needs."))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = doctype
    read = 0
    try:
        while data := stream.read(1 << 16):
            read += len(data)
            if read > MOST:
                raise NotARoute(T("It is larger than {n} MB.", n=MOST >> 20))
            parser.Parse(data, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding nobody knows
        if isinstance(error, NotARoute):
            raise
        raise NotARoute(T("The XML is broken here ({what}).", what=str(error).split(":")[0])) from None
    if not state["gpx"]:
        raise NotARoute(T("It is not a GPX track."))
    times = [t for p in points if (t := _iso(p.get("time")))]
    body: dict[str, Any] = {"resourceType": "WorkoutRoute", "name": name, "creator": state["creator"]}
    if times:
        body |= {"start": min(times), "end": max(times)}
    body |= {"columns": COLUMNS, "points": [[p.get(c) for c in COLUMNS] for p in points]}
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    identity = hashlib.sha256(f"{name}\n{body.get('start')}".encode()).hexdigest()[:24]
    return "WorkoutRoute", identity, raw, [], None, state["creator"]


def _iso(text: str | None) -> str | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.isoformat() if found.tzinfo and 1900 <= found.year <= 2100 else None
