"""Files made to harm: bombs, ways out of the folder, entities, endless elements: a sentence each, the rest taken."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salus.errors import NotFound, UsageError
from salus.sources import containers
from salus.sources.importing import Outcome, import_paths
from salus.vault.vault import Vault

Take = Callable[..., Outcome]


def zip_of_zeros(path: Path, name: str, size: int, extra: dict[str, bytes]) -> None:
    """A zip whose one member unpacks to `size` zeros, made without writing them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(b"\0" * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)  # after it, the same again may follow
    crc, body, raw_name = 0, chunk * (size >> 24) + packer.flush(), name.encode()
    zip64 = struct.pack("<HHQQ", 1, 16, size, len(body))
    with path.open("wb") as file:
        file.write(
            struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 8, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(raw_name), 20)
        )
        file.write(raw_name + zip64 + body)
        at = file.tell()
        file.write(
            struct.pack(
                "<IHHHHHHIIIHHHHHII",
                0x02014B50,
                45,
                45,
                0,
                8,
                0,
                0,
                crc,
                0xFFFFFFFF,
                0xFFFFFFFF,
                len(raw_name),
                20,
                0,
                0,
                0,
                0,
                0,
            )
        )
        file.write(raw_name + zip64)
        end = file.tell()
        file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, end - at, at, 0))
    if extra:
        with zipfile.ZipFile(path, "a") as archive:
            for inside, data in extra.items():
                archive.writestr(inside, data)


@pytest.mark.parametrize("name", ["a.json", "apple_health_export/export.xml", "anything.bin"])
def test_ten_gigabytes_of_zeros(take: Take, whys: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb.zip"
    zip_of_zeros(path, name, 10 << 30, {})
    assert path.stat().st_size < 20 << 20
    outcome = take(path)
    assert outcome.batch is None and "zip bomb" in whys(outcome) and name in whys(outcome)


def test_a_bomb_beside_good_files_is_passed_over(take: Take, make: Any, whys: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    zip_of_zeros(path, "a.json", 1 << 30, {"b.json": b'{"resourceType":"Observation","id":"x"}'})
    outcome = take(path)
    assert outcome.report.added == {"Observation": 1} and "a.json" in whys(outcome) and "zip bomb" in whys(outcome)


def test_a_bomb_that_lies_about_its_size(take: Take, make: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    zip_of_zeros(path, "a.json", 1 << 30, {"b.json": b'{"resourceType":"Observation","id":"x"}'})
    raw = path.read_bytes().replace(struct.pack("<Q", 1 << 30), struct.pack("<Q", 1 << 20))
    path.write_bytes(raw)
    outcome = take(path)
    assert outcome.report.added == {"Observation": 1}


def test_a_gzip_bomb(take: Take, whys: Any, tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = b'{"resourceType":"Observation","id":"x"}\n'
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    spaces = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    (tmp_path / "a.ndjson.gz").write_bytes(start + spaces * 1024 + packer.flush())
    outcome = take(tmp_path / "a.ndjson.gz")
    assert outcome.report.added == {"Observation": 1} and "zip bomb" in whys(outcome)


def test_what_unpacks_to_too_much_in_all(
    take: Take, make: Any, whys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "MAX_TOTAL", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(40):
            archive.writestr(
                f"{i}.ndjson", os.urandom(30_000).hex() + "\n" + '{"resourceType":"Observation","id":"x"}\n'
            )
    assert "GiB" in whys(take(tmp_path / "a.zip"))


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "C:\\evil.json", "..\\evil.json"]
)
def test_names_that_lead_outside(take: Take, whys: Any, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, '{"resourceType":"Observation","id":"evil"}')
        archive.writestr("good.json", '{"resourceType":"Observation","id":"good"}')
    outcome = take(tmp_path / "a.zip")
    assert outcome.report.added == {"Observation": 1} and "outside" in whys(outcome)
    assert not list(tmp_path.rglob("evil*")) and not (tmp_path.parent / "evil.json").exists()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(name, "{}")
    assert "outside" in whys(take(tmp_path / "b.zip"))


def test_two_members_of_one_name_are_both_read(take: Take, tmp_path: Path) -> None:
    with pytest.warns(UserWarning), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for fid in ("x", "y"):
            archive.writestr("a.json", f'{{"resourceType":"Observation","id":"{fid}"}}')
    assert take(tmp_path / "a.zip").report.added == {"Observation": 2}


def test_a_zip_cut_short(take: Take, export: Any, make: Any, whys: Any) -> None:
    path = export(
        *[make.record(value=60 + i % 50, start=f"2026-03-01 10:{i // 60:02}:{i % 60:02} +0100") for i in range(2000)],
        name="e.zip",
    )
    raw = path.read_bytes()
    for size in (2, 4, 30, len(raw) // 2, len(raw) - 1, len(raw) - 30):
        path.write_bytes(raw[:size])
        outcome = take(path)
        assert outcome.batch is None and len(outcome.report.rejected) == 1, size
    assert "not a whole zip" in whys(outcome)


def test_a_zip_with_a_password_and_one_damaged_inside(take: Take, export: Any, make: Any, whys: Any) -> None:
    lines = [make.record(value=60 + i % 50, start=f"2026-03-01 10:{i // 60:02}:{i % 60:02} +0100") for i in range(3000)]
    path = export(*lines, name="e.zip")
    raw = bytearray(path.read_bytes())
    locked = bytearray(raw)
    locked[6] |= 1
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    path.write_bytes(locked)
    assert take(path).batch is None
    middle = len(raw) // 2
    raw[middle : middle + 50] = os.urandom(50)
    path.write_bytes(raw)
    outcome = take(path)
    assert outcome.report.rejected and outcome.report.added.total() <= 3000


ENTITIES = {
    "external": '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
    "laughs": "<!DOCTYPE HealthData [<!ENTITY a '"
    + "ha" * 50
    + "'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 20}'>" for i in range(9))
    + "<!ENTITY x '&j;'>]>",
    "attribute": '<!DOCTYPE HealthData [<!ATTLIST Record value CDATA "99">]>',
}


@pytest.mark.parametrize("dtd", ENTITIES.values(), ids=ENTITIES)
def test_entities_are_never_expanded(vault: Vault, take: Take, export: Any, make: Any, dtd: str) -> None:
    path = export(
        make.record(),
        make.record(value=61, source="&x;"),
        make.record(value=62, inside="&x;"),
        make.record(value=63),
        dtd=dtd,
    )
    outcome = take(path)
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 2
    assert all("root" not in s.origin and len(s.origin) < 50 for s in vault.view().samples("heart_rate"))


def test_a_single_attribute_of_200_megabytes(take: Take, make: Any, tmp_path: Path, whys: Any) -> None:
    path = tmp_path / "export.xml"
    head, tail = make.export_xml(make.record(), "SPLIT", make.record(value=61)).split("SPLIT")
    before, after = make.record(value="SPLIT").split("SPLIT")
    with path.open("w") as file:
        file.write(head + before)
        for _ in range(200):
            file.write("7" * (1 << 20))
        file.write(after + tail)
    outcome = take(path)
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1
    assert "larger than 8 MB" in whys(outcome)


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
        '<MetadataEntry key="k" value="v"/>' * 300_000,
        "".join(f"<Location date='{i}'/>" for i in range(250_000)),
    ],
    ids=["deep", "deep and closed", "metadata", "children"],
)
@pytest.mark.parametrize("around", ["Workout", "Record", "Correlation"])
def test_an_endless_element_costs_itself(take: Take, export: Any, make: Any, inside: str, around: str) -> None:
    open_tag = make.record().strip().removesuffix("/>").replace("Record", around, 1) + ">"
    outcome = take(export(make.record(value=61), f" {open_tag}{inside}</{around}>\n", make.record(value=62)))
    assert (
        outcome.report.added.get("Record", 0) >= 2 and len(outcome.report.rejected) >= 1
    ) or outcome.report.added.total() == 3


def test_broken_xml_costs_what_is_broken(take: Take, export: Any, make: Any) -> None:
    bad = [
        "<Record",
        "</Nonsense>",
        "<Record type='x'",
        "&&&",
        "<![CDATA[",
        "\x00\x01",
        "<?xml?>",
        "]]>",
        "<Workout><Record></Workout>",
        "</HealthData>",
        "<HealthData>",
        "<!-- -- -->",
        "\ufffe",
        "<a b=c>",
        '<Record type="HKQ" sourceName="x>',
    ]
    for text in bad:
        outcome = take(export(make.record(value=61), text + "\n", make.record(value=62), make.record(value=63)))
        assert outcome.report.added.total() + outcome.report.unchanged.total() >= 2, text


def test_bytes_that_are_no_utf_8(vault: Vault, take: Take, export: Any, make: Any) -> None:
    outcome = take(export(make.record(), make.record(value=61, source="caf\udce9"), make.record(value=62)))
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1
    latin = export(make.record(value=70, source="caf\udce9"), head='<?xml version="1.0" encoding="ISO-8859-1"?>\n')
    assert take(latin).report.added == {"Record": 1}
    assert {s.origin for s in vault.view().samples("heart_rate")} == {"Ana’s Apple Watch", "café"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_an_export_in_another_encoding_is_refused(take: Take, make: Any, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(make.export_xml(make.record()).encode(encoding))
    outcome = take(path)
    assert outcome.batch is None and len(outcome.report.rejected) == 1


@pytest.mark.parametrize("encoding", ["UDF-8", "gb18030", "utf-16", "x" * 500, "base64"])
def test_an_encoding_that_is_only_claimed(take: Take, export: Any, make: Any, encoding: str) -> None:
    path = export(
        make.record(), make.record(value=61, inside="<Other/>"), head=f'<?xml version="1.0" encoding="{encoding}"?>\n'
    )
    assert take(path).report.added == {"Record": 2}


def test_a_file_cut_in_the_middle_keeps_what_came_before(take: Take, export: Any, make: Any, whys: Any) -> None:
    path = export(
        *[make.record(value=60 + i % 50, start=f"2026-03-01 10:{i // 60:02}:{i % 60:02} +0100") for i in range(900)]
    )
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    outcome = take(path)
    assert 430 <= outcome.report.added["Record"] <= 450 and "cut short" in whys(outcome)


def test_nothing_to_take(take: Take, write: Any, tmp_path: Path, whys: Any, vault: Vault) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.json").mkdir()
    (tmp_path / "x.zip").mkdir()
    write("empty.json", b"")
    write("space.json", b"   \n")
    write("a.pdf", b"%PDF-1.4")
    write("export.xml", b"<ClinicalDocument/>")
    for name in ("empty", "x.json", "x.zip", "empty.json", "space.json", "a.pdf", "export.xml"):
        outcome = take(tmp_path / name)
        assert outcome.source is None and outcome.batch is None and len(outcome.report.rejected) == 1, name
    assert "empty" in whys(take(tmp_path / "empty.json"))
    with pytest.raises(NotFound):
        import_paths(vault, [tmp_path / "nowhere"])
    with pytest.raises(UsageError):
        import_paths(vault, [tmp_path / "a.pdf"], source="nonsense")
    for source in ("fhir", "apple_health"):
        for name in ("empty.json", "a.pdf", "x.json", "export.xml"):
            assert take(tmp_path / name, source=source).batch is None


def test_links_pipes_and_places_one_may_not_look(vault: Vault, make: Any, write: Any, tmp_path: Path) -> None:
    real = write("real.json", make.observation())
    (tmp_path / "link.json").symlink_to(real)
    (tmp_path / "dangling.json").symlink_to(tmp_path / "gone")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "out.json").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.json")
    write("folder/good.json", make.observation("good"))
    (one,) = make.take_all(vault, tmp_path / "link.json")
    assert one.report.added == {"Observation": 1}
    (none,) = make.take_all(vault, tmp_path / "dangling.json")
    assert none.batch is None and "link" in none.report.rejected[0][1].plain()
    (pipe,) = make.take_all(vault, folder / "pipe.json")
    assert "neither a file nor a folder" in pipe.report.rejected[0][1].plain()
    outcomes = make.take_all(vault, folder)
    assert sum(o.report.added.total() for o in outcomes) == 1
    assert not any("passwd" in str(r.raw) for r in vault.view().resources("Observation"))


def test_a_folder_of_everything(vault: Vault, make: Any, write: Any, export: Any, tmp_path: Path) -> None:
    write("all/fhir/a.json", make.observation("a"))
    write("all/fhir/b.ndjson", [make.observation("b"), "{"])
    write("all/notes.docx", b"PK\x03\x04 not a zip")
    write("all/.hidden", b"x")
    export(make.record(), name="all/export.zip")
    outcomes = make.take_all(vault, tmp_path / "all")
    assert {o.source for o in outcomes} == {"fhir", "apple_health", None}
    assert sum(o.report.added.total() for o in outcomes) == 3


def test_an_export_inside_an_unpacked_one(vault: Vault, make: Any, write: Any, tmp_path: Path) -> None:
    write("d/export.xml", make.export_xml(make.record()))
    write("d/records.json", make.observation("a"))
    outcomes = make.take_all(vault, tmp_path / "d")
    assert [o.source for o in outcomes] == ["apple_health", "fhir"]


def test_the_same_path_from_a_generator(vault: Vault, make: Any, write: Any) -> None:
    paths = (write(f"{i}.json", make.observation(f"o{i}")) for i in range(3))
    assert len(import_paths(vault, paths)) == 3
