"""What operators are told of keys, before a letter has to wait for one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.errors import BadRegister, BadSetting
from config.bootstrap import opener_of
from config.customers import check_customers, read_customers
from config.doctor import _keys
from config.keys import KeyCheck
from config.settings import Settings
from tests.conftest import SteppedClock
from tests.desks import ACME
from tests.keys import Gpg, gpg_at_home, needs_gpg, pair

ADA, DAN, US = "ada@acme.example", "dan@acme.example", "privacy@msp.example"
REQUIRED, WISHED = replace(ACME, encryption="required"), replace(ACME, encryption="opportunistic")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def gpg() -> Iterator[Gpg]:
    with gpg_at_home() as program:
        yield program


def settings(keys: Path | None, **changes: Any) -> Settings:
    return Settings(_env_file=None, keys_dir=keys, **changes)


def told(keys: Path, clock: SteppedClock, customer: Any = REQUIRED) -> list[str]:
    check = KeyCheck(settings(keys), clock())
    return list(check_customers([customer], clock().date(), keys=check.lines))


def hold(keys: Path, address: str, clock: SteppedClock, *, days: float) -> None:
    (keys / f"{address}.pem").write_bytes(pair(address, ends=clock() + timedelta(days=days)).certificate)


def test_keys_that_are_lacking_where_they_are_required_are_told(keys: Path, clock: SteppedClock) -> None:
    hold(keys, ADA, clock, days=400)
    assert told(keys, clock) == [
        f"acme Acme Ltd: encryption key missing, for {DAN}: nothing is sent there",
    ]
    assert told(keys, clock, WISHED) == []
    assert told(keys, clock, ACME) == []


def test_keys_that_end_soon_or_have_ended_are_told(keys: Path, clock: SteppedClock) -> None:
    hold(keys, ADA, clock, days=29)
    hold(keys, DAN, clock, days=-1)
    assert told(keys, clock, WISHED) == [
        f"acme Acme Ltd: the key of {ADA} expires on 2026-12-22",
        f"acme Acme Ltd: encryption key expired, for {DAN}: it is written to in the clear",
    ]


async def test_doctor_tells_what_is_wrong_from_what_will_be(
    keys: Path, clock: SteppedClock, tmp_path: Path
) -> None:
    register = tmp_path / "customers.csv"
    register.write_text(
        "id,name,supplier_manager_email,deputy_email,encryption\n"
        f"acme,Acme Ltd,{ADA},{DAN},required\nlate,Late Ltd,l@late.example,,\n"
    )
    own = tmp_path / "own.pem"
    own.write_bytes(pair(US).both)
    own.chmod(0o644)
    hold(keys, ADA, clock, days=29)
    setting = settings(keys, customers_file=register, smime_key_files=(str(own),))
    found = [finding async for finding in _keys(setting, clock)]
    assert [(one.ok, one.what) for one in found] == [
        (True, f"{own} holds a private key and can be read by others: chmod 600 {own}"),
        (True, f"acme Acme Ltd: the key of {ADA} expires on 2026-12-22"),
        (False, f"acme Acme Ltd: encryption key missing, for {DAN}: nothing is sent there"),
    ]
    own.chmod(0o600)
    hold(keys, ADA, clock, days=400)
    hold(keys, DAN, clock, days=400)
    [sound] = [finding async for finding in _keys(setting, clock)]
    assert (sound.ok, sound.warns) == (True, False)
    [unsigned] = [f async for f in _keys(settings(keys, customers_file=register), clock)]
    assert unsigned.warns


def test_files_that_nobody_will_look_at_are_told(keys: Path, clock: SteppedClock) -> None:
    hold(keys, ADA, clock, days=400)
    (keys / "Dan@Acme.example.pem").write_bytes(pair(DAN).certificate)
    (keys / f"{DAN}.p7b").write_bytes(b"")
    wrong = [one.words.partition(":")[0] for one in KeyCheck(settings(keys), clock()).of_folder()]
    assert wrong == [
        f"{keys}/Dan@Acme.example.pem is never looked at",
        f"{keys}/{DAN}.p7b is never looked at",
    ]
    [gone] = KeyCheck(settings(keys / "nowhere"), clock()).of_folder()
    assert gone.words == f"keys_dir is {keys}/nowhere, which is no folder"


async def test_where_nobody_asks_for_encryption_doctor_says_nothing_of_it(
    clock: SteppedClock, tmp_path: Path
) -> None:
    register = tmp_path / "customers.csv"
    register.write_text("id,name,supplier_manager_email\nacme,Acme Ltd,ada@acme.example\n")
    assert [f async for f in _keys(settings(None, customers_file=register), clock)] == []


@pytest.mark.parametrize(
    "content", [b"", pair(US).key, pair(US).certificate, pair(US).key + pair(ADA).certificate]
)
def test_a_key_file_of_ours_that_cannot_be_used_is_told_by_the_settings_name(
    tmp_path: Path, content: bytes
) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(content)
    with pytest.raises(BadSetting, match="smime_key_files"):
        opener_of(settings(None, smime_key_files=(str(own),)))
    with pytest.raises(BadSetting, match="pgp_key_files"):
        opener_of(settings(None, pgp_key_files=(str(own),)))


def test_a_wrong_password_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(pair(US, password=b"secret").both)
    with pytest.raises(BadSetting, match="smime_key_password"):
        opener_of(settings(None, smime_key_files=(str(own),), smime_key_password="wrong"))
    with pytest.raises(BadSetting, match="cannot be read"):
        opener_of(settings(None, pgp_key_files=(str(tmp_path / "nowhere.asc"),)))


@needs_gpg
def test_our_own_openpgp_key_s_end_is_told(gpg: Gpg, tmp_path: Path, clock: SteppedClock) -> None:
    gpg.new_key(f"Us <{US}>", until="2027-01-01")
    own = tmp_path / "own.asc"
    own.write_bytes(gpg.secret(US))
    own.chmod(0o600)
    clock.step(days=30)
    [remark] = KeyCheck(settings(None, pgp_key_files=(str(own),)), clock()).of_ours()
    assert remark.words.startswith("our OpenPGP key, by which we sign, expires on 2027-01-01")


def test_the_register_knows_three_words(tmp_path: Path) -> None:
    register = tmp_path / "customers.csv"
    register.write_text(
        "id,name,supplier_manager_email,encryption\na,A,a@a.example,Required\nb,B,b@b.example,\n"
    )
    assert [row.encryption for row in read_customers(register)] == ["required", "none"]
    register.write_text("id,name,supplier_manager_email,encryption\na,A,a@a.example,always\n")
    with pytest.raises(
        BadRegister, match="line 2, field encryption: 'always' is none of none, opportunistic, required"
    ):
        read_customers(register)
