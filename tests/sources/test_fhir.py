"""FHIR files: every shape, every bad input, each item accounted for."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salus.sources.importing import Outcome
from salus.vault.vault import Vault

Take, Write = Callable[..., Outcome], Callable[..., Path]


def total(outcome: Outcome) -> dict[str, int]:
    r = outcome.report
    return {
        "added": r.added.total(),
        "updated": r.updated.total(),
        "unchanged": r.unchanged.total(),
        "rejected": len(r.rejected),
    }


@pytest.mark.parametrize(
    "type_", ["collection", "transaction", "batch", "searchset", "document", "message", "history", "made-up"]
)
def test_a_bundle_of_any_type(take: Take, write: Write, make: Any, type_: str) -> None:
    outcome = take(write("a.json", make.bundle(make.patient(), make.observation(), type_=type_)))
    assert outcome.source == "fhir" and outcome.report.added == {"Patient": 1, "Observation": 1}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_bare_list(take: Take, write: Write, make: Any, indent: int | None) -> None:
    entries = [{"fullUrl": "x", "resource": make.observation("a")}, {"resource": make.observation("b")}, 5, {"x": 1}]
    outcome = take(write("a.json", json.dumps(entries, indent=indent)))
    assert outcome.report.added == {"Observation": 2} and len(outcome.report.rejected) == 2
    outcome = take(write("b.json", json.dumps([make.observation("c"), make.observation("d")], indent=indent)))
    assert outcome.report.added == {"Observation": 2}


def test_a_single_resource_keeps_its_bytes(vault: Vault, take: Take, write: Write) -> None:
    raw = (
        b'{ "resourceType" : "Observation", "id":"x", "valueQuantity":{"value": 3.10 , "unit":"mg"}, "zzz": "\\u00e9" }'
    )
    take(write("a.json", raw))
    found = vault.view().resource("Observation/x")
    assert found is not None and found.raw == raw and str(found.body["valueQuantity"]["value"]) == "3.10"


def test_lines_gzip_zip_and_folder_are_the_same(
    vault: Vault, take: Take, write: Write, make: Any, tmp_path: Path
) -> None:
    lines = [make.observation(f"o{i}") for i in range(30)]
    path = write("a.ndjson", lines)
    assert total(take(path)) == {"added": 30, "updated": 0, "unchanged": 0, "rejected": 0}
    raw = path.read_bytes()
    packed = write("b.ndjson.gz", gzip.compress(raw))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("deep/inside/a.ndjson", raw)
        archive.writestr("readme.txt", "hello")
    write("folder/x/a.ndjson", raw)
    write("folder/README.md", "about")
    write("pretty.json", json.dumps(make.bundle(*lines), indent=2))
    write("crlf.ndjson", raw.replace(b"\n", b"\r\n\r\n"))
    write("bom.json", b"\xef\xbb\xbf" + json.dumps(make.bundle(*lines)).encode())
    write("utf16.json", json.dumps(make.bundle(*lines)).encode("utf-16"))
    for name in ("b.ndjson.gz", "c.zip", "folder", "crlf.ndjson"):
        outcome = take(packed if name == "b.ndjson.gz" else tmp_path / name)
        assert total(outcome) == {"added": 0, "updated": 0, "unchanged": 30, "rejected": 0}, name
    for name in ("pretty.json", "bom.json", "utf16.json"):
        found = total(take(tmp_path / name))
        assert found["rejected"] == 0 and sum(found.values()) == 30, name
    assert vault.view().counts() == {"Observation": 30}


def test_a_bulk_export_with_its_manifest(take: Take, write: Write, make: Any, tmp_path: Path) -> None:
    write("bulk/manifest.json", {"transactionTime": "2024-01-01T00:00:00Z", "request": "x", "output": []})
    write("bulk/Patient.ndjson", [make.patient()])
    write("bulk/Observation.1.ndjson", [make.observation("a", "Patient/p1"), make.observation("b", "Patient/p1")])
    write("bulk/Observation.2.ndjson", b"")
    outcome = take(tmp_path / "bulk")
    assert outcome.report.added == {"Patient": 1, "Observation": 2} and not outcome.report.rejected
    assert [item for item, _ in outcome.skipped] == ["manifest.json"]


def test_invalid_json_names_its_line_and_the_rest_is_imported(take: Take, write: Write, make: Any, whys: Any) -> None:
    lines: list[Any] = [make.observation(f"o{i}") for i in range(6)]
    lines[2] = '{"resourceType": "Observation", "id": "cut"'
    lines.insert(4, "")
    lines[5] = "[1, 2]"
    outcome = take(write("a.ndjson", lines))
    assert outcome.report.added.total() == 4
    assert "line 3" in whys(outcome) and "line 6" in whys(outcome) and len(outcome.report.rejected) == 2
    first = take(write("b.ndjson", ['{"resourceType": "Observation",', *lines[:2]]))
    assert "line 1" in whys(first) and first.report.unchanged.total() == 2


def test_without_resource_type_or_resource(take: Take, write: Write, make: Any, whys: Any) -> None:
    body = make.bundle(
        make.observation(), {"id": "x"}, {"resourceType": 5}, {"resourceType": "no such"}, {"resourceType": ""}
    )
    body["entry"] += [{"fullUrl": "x"}, {"resource": None}, {"resource": []}, "text", None, 5, {"resource": "x"}]
    outcome = take(write("a.json", body))
    assert total(outcome) == {"added": 1, "updated": 0, "unchanged": 0, "rejected": 11}
    assert "no resourceType" in whys(outcome) and "no resource." in whys(outcome)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":NaN}}',
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":Infinity}}',
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":1e99999999999999999999}}',
        b'{"resourceType":"Observation","id":"x","effectiveDateTime":"0001-01-01"}',
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":' + b"9" * 5000 + b',"unit":"mg"}}',
        b'{"resourceType":"Observation","id":"x","effectiveDateTime":"9999-12-31T00:00:00Z"}',
        b'{"resourceType":"Observation","id":"' + b"x" * 300 + b'"}',
        b'{"resourceType":"Observation","id":"x","note":"caf\xe9"}',
        b'{"resourceType":"Observation","id":"x",}',
        b'{"resourceType":"Observation","id":"x","a":' + b"[" * 100_000,
        b'{"resourceType":"Observation","id":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"resourceType":"Bundle","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"resourceType":"Bundle","entry":{"a":1}}',
        b'{"resourceType":"Observation","id":"x"} trailing',
        b'{"resourceType":"Observation","id":"\\ud800"}',
        b'{"resourceType":"\\ud800","id":"x"}',
    ],
)
def test_what_cannot_be_taken_is_listed(take: Take, write: Write, raw: bytes) -> None:
    outcome = take(write("a.json", raw))
    assert total(outcome) == {"added": 0, "updated": 0, "unchanged": 0, "rejected": 1}
    assert outcome.batch is None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":1e400,"unit":"mg"}}',
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":1e999999,"unit":"mg"}}',
        b'{"resourceType":"Observation","id":"x","valueQuantity":{"value":5,"unit":"furlongs per fortnight"}}',
        b'{"resourceType":"Observation","id":"x","id":"y","id":"x"}',
        b'{"resourceType":"Observation","id":"x\\u0000y","code":{"text":"a\\u0000b"}}',
        b'{"resourceType":"Observation","id":"x","code":[],"component":5,"subject":[],"meta":"no","performer":{"a":1}}',
        b'{"resourceType":"Observation","id":"x","effectiveDateTime":"soon","meta":{"lastUpdated":"9999-12-31T23:59:59-12:00"}}',
        b'{"resourceType":"Observation","id":5,"a":' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"resourceType":"Whatever","id":"x"}',
        b'{"resourceType":"Observation"}',
        '{"resourceType":"Observation","id":"é","code":{"text":"😀\\ud83d\\ude00"}}'.encode(),
    ],
)
def test_what_is_odd_is_kept_and_can_be_looked_at(vault: Vault, take: Take, write: Write, raw: bytes) -> None:
    assert total(take(write("a.json", raw)))["added"] == 1
    assert total(take(write("a.json", raw)))["unchanged"] == 1
    (found,) = vault.view().resources("Observation", "Whatever")
    assert found.raw == raw
    vault.view().titles("Observation")


def test_dates_keep_their_precision(vault: Vault, take: Take, write: Write, make: Any) -> None:
    for i, date in enumerate(["2019", "2019-03", "2019-03-04", "2019-03-04T10:00:00Z"]):
        take(write("a.json", make.observation(f"o{i}", effectiveDateTime=date)))
        found = vault.view().resource(f"Observation/o{i}")
        assert found is not None and found.time is not None and found.time.text == date


def test_one_line_of_200_megabytes(take: Take, write: Write, make: Any, whys: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    with path.open("wb") as file:
        file.write(json.dumps(make.observation("o1")).encode() + b"\n")
        file.write(b'{"resourceType":"Binary","data":"')
        for _ in range(200):
            file.write(b"A" * (1 << 20))
        file.write(b'"}\n' + json.dumps(make.observation("o2")).encode() + b"\n")
    outcome = take(path)
    assert outcome.report.added == {"Observation": 2}
    assert "line 2: It is larger than 32 MB." in whys(outcome)
    raw = path.read_bytes()
    path.write_bytes(raw[raw.index(b'{"resourceType":"Binary"') : raw.rindex(b"\n{")])
    for name in ("a.ndjson", "b.json"):
        path = path.rename(tmp_path / name)
        outcome = take(path)
        assert outcome.batch is None and "larger than 32 MB" in whys(outcome)


def test_a_gzip_cut_short_keeps_what_came_before(take: Take, write: Write, make: Any, whys: Any) -> None:
    lines = "".join(json.dumps(make.observation(f"o{i}", note="x" * (i % 900))) + "\n" for i in range(5000))
    raw = gzip.compress(lines.encode())
    outcome = take(write("a.ndjson.gz", raw[: len(raw) // 2]))
    assert 0 < outcome.report.added.total() < 5000 and "cut short" in whys(outcome)
    assert take(write("b.ndjson.gz", raw[:5])).batch is None


def test_bundles_within_bundles(take: Take, write: Write, make: Any, whys: Any) -> None:
    body = make.bundle(make.observation("inner"))
    for depth in range(8):
        body = make.bundle(make.observation(f"o{depth}"), body)
    outcome = take(write("a.json", body))
    assert outcome.report.added.total() == 4 and "too deep" in whys(outcome)


def test_an_update_and_an_older_version(vault: Vault, take: Take, write: Write, make: Any) -> None:
    take(write("a.json", make.observation("o", meta={"lastUpdated": "2024-01-02T00:00:00Z"})))
    newer = make.observation("o", meta={"lastUpdated": "2024-01-03T00:00:00Z"}, status="amended")
    assert total(take(write("b.json", newer)))["updated"] == 1
    older = make.observation("o", meta={"lastUpdated": "2024-01-01T00:00:00Z"}, status="preliminary")
    take(write("c.json", older))
    found = vault.view().resource("Observation/o")
    assert found is not None and found.body["status"] == "amended"


def test_many_more_than_are_asked_for_singly(vault: Vault, take: Take, write: Write, make: Any) -> None:
    first = [make.observation(f"o{i}") for i in range(1200)]
    assert total(take(write("a.ndjson", first)))["added"] == 1200
    second = [*first[:600], *[make.observation(f"o{i}", status="amended") for i in range(600, 1800)], *first[:5]]
    assert total(take(write("b.ndjson", second))) == {"added": 600, "updated": 600, "unchanged": 605, "rejected": 0}
    assert vault.view().counts() == {"Observation": 1800}
