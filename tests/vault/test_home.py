"""The folder of persons: labels, who is current, unlocking, passphrases, deleting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salus.errors import Damaged, Locked, Missing, NotFound, Refused, UsageError
from salus.vault import keyring as system_keyring
from salus.vault.check import digest
from salus.vault.home import Home, Listed
from salus.vault.person import machine_zone

pytestmark = pytest.mark.usefixtures("quick_argon2")
PASS = "seven words for a door"


def add(home: Home, label: str = "Ana", **more: Any) -> Listed:
    return home.add(label, PASS, born=date(1980, 2, 29), sex="female", **more)


def test_a_new_person_is_current_and_opens(home: Home) -> None:
    listed = add(home, zone="Europe/Paris", name="Ana Real-Name", country="fr", lang="fr")
    assert listed.current and home.find() == home.find("ANA") == home.find(listed.id) == listed
    with home.open(listed, PASS) as vault:
        person = vault.person
        assert (person.name, person.born, person.sex, person.country, person.lang) == (
            "Ana Real-Name",
            date(1980, 2, 29),
            "female",
            "FR",
            "fr",
        )
        assert person.age_on(date(2026, 2, 28)) == 45 and person.age_on(date(2026, 3, 1)) == 46
        assert [e.kind for e in vault.ledger.entries()] == ["unlock"]


def test_what_is_unknown_of_a_person_stays_unknown(home: Home) -> None:
    listed = home.add("X", PASS, born=None, sex=None)
    with home.open(listed, PASS) as vault:
        assert vault.person.born is None and vault.person.sex is None and vault.person.age_on(date(2026, 1, 1)) is None


def test_labels_are_unique_whatever_their_case(home: Home) -> None:
    add(home)
    for label in ("Ana", " ana ", "ANA"):
        with pytest.raises(Refused):
            add(home, label)
    assert not add(home, "Bob").current
    assert [p.label for p in home.persons()] == ["Ana", "Bob"]


@pytest.mark.parametrize("more", [{"label": "  "}, {"zone": "Mars/Base"}])
def test_a_bad_wish_leaves_no_person(home: Home, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        add(home, **more)
    with pytest.raises(UsageError):
        home.add("Ana", "short", born=None, sex=None)
    assert home.persons() == []
    with pytest.raises(NotFound):
        home.find()


def test_a_half_made_person_is_not_listed(home: Home) -> None:
    listed = add(home)
    (home.folder / "persons" / listed.id).rename(home.folder / "persons" / f".{listed.id}")
    assert home.persons() == []


def test_use_changes_the_current_one_and_delete_hands_over(home: Home) -> None:
    ana, bob = add(home, "Ana"), add(home, "Bob")
    assert home.use("bob").current and home.find().id == bob.id
    home.delete(home.find())
    assert [p.id for p in home.persons()] == [ana.id] and home.find().id == ana.id
    home.delete(ana)
    assert home.persons() == [] and not (home.folder / "current").exists()


def test_delete_leaves_nothing_of_the_person(home: Home) -> None:
    listed = add(home)
    keys = home.vault_files(listed)[2].read_bytes()
    home.delete(listed)
    left = [p for p in home.folder.rglob("*") if p.is_file()]
    assert all(listed.id not in str(p) for p in left)
    assert all(keys not in p.read_bytes() for p in left)
    with pytest.raises(Damaged):
        home.open(listed, PASS)


def test_a_wrong_passphrase_is_one_sentence(home: Home) -> None:
    listed = add(home)
    with pytest.raises(Locked) as caught:
        home.open(listed, "not this one")
    assert caught.value.text.plain() == "That passphrase does not open this vault. Check it and try again."


def test_changing_the_passphrase_touches_no_data(home: Home) -> None:
    listed = add(home)
    home.open(listed, PASS).close()
    facts, ledger, _ = home.vault_files(listed)
    before = facts.read_bytes(), ledger.read_bytes()
    with pytest.raises(Locked):
        home.change_passphrase(listed, "not this one", "another passphrase")
    with pytest.raises(UsageError):
        home.change_passphrase(listed, PASS, "short")
    home.change_passphrase(listed, PASS, "another passphrase")
    assert (facts.read_bytes(), ledger.read_bytes()) == before
    with pytest.raises(Locked):
        home.open(listed, PASS)
    home.open(listed, "another passphrase").close()


def test_a_damaged_key_file_hides_nobody(home: Home) -> None:
    ana, bob = add(home, "Ana"), add(home, "Bob")
    path = home.vault_files(ana)[2]
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'"check"', b'"chicken"'))
    assert [p.label for p in home.persons()] == ["Ana", "Bob"]
    path.write_bytes(b"\x00" + raw)
    assert {p.label for p in home.persons()} == {ana.id, "Bob"}
    with pytest.raises(Damaged):
        home.open(ana, PASS)
    home.open(bob, PASS).close()


@pytest.mark.parametrize("which", [0, 1])
def test_a_missing_file_is_never_made_anew(home: Home, which: int) -> None:
    listed = add(home)
    path = home.vault_files(listed)[which]
    path.unlink()
    with pytest.raises(Damaged, match="missing"):
        home.open(listed, PASS)
    assert not path.exists()


def test_two_persons_keys_do_not_fit_each_other(home: Home) -> None:
    ana, bob = add(home, "Ana"), add(home, "Bob")
    home.vault_files(bob)[2].write_bytes(home.vault_files(ana)[2].read_bytes())
    with pytest.raises(Damaged):
        home.open(bob, PASS)


class FakeKeyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.broken:
            raise RuntimeError("locked")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    made = FakeKeyring()
    monkeypatch.setattr(system_keyring, "_backend", lambda: made)
    return made


def test_the_keyring_opens_only_once_it_was_told(home: Home, fake: FakeKeyring) -> None:
    listed = add(home)
    with pytest.raises(Locked):
        home.open_from_keyring(listed)
    with pytest.raises(Locked):
        home.remember(listed, "not this one")
    assert fake.kept == {}
    home.remember(listed, PASS)
    with home.open_from_keyring(listed) as one, home.open(listed, PASS) as two:
        assert digest(one) == digest(two)
    assert PASS not in str(fake.kept)
    fake.broken = True
    with pytest.raises(Locked):
        home.open_from_keyring(listed)
    fake.broken = False
    home.delete(listed)
    assert fake.kept == {}


def test_no_keyring_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_keyring, "_backend", lambda: None)
    listed = add(home)
    with pytest.raises(Missing):
        home.remember(listed, PASS)
    with pytest.raises(Locked):
        home.open_from_keyring(listed)


def test_the_home_is_chosen_by_argument_then_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALUS_HOME", str(tmp_path / "env"))
    assert Home().folder == tmp_path / "env"
    assert Home(tmp_path / "arg").folder == tmp_path / "arg"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Asia/Tokyo", "Asia/Tokyo"), (":Asia/Tokyo", "Asia/Tokyo"), ("Etc/UTC", "UTC"), ("nonsense", "UTC")],
)
def test_the_machines_zone(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    monkeypatch.setenv("TZ", name)
    assert machine_zone() == expected


def test_files_are_the_owners_alone(home: Home) -> None:
    listed = add(home)
    folder = home.folder / "persons" / listed.id
    assert folder.stat().st_mode & 0o077 == 0


def test_a_label_is_all_that_shows_before_unlocking(home: Home, observation: Callable[..., Any]) -> None:
    listed = add(home, label="Mum", name="Very Secret Name")
    for path in (home.folder / "persons" / listed.id).iterdir():
        raw = path.read_bytes()
        assert b"Very Secret Name" not in raw and b"1980-02-29" not in raw
