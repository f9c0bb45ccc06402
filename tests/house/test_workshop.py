"""The ways in: database addresses, the secret, the doctor, production's demands."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from config import database, doctor, lockout, secret
from config.language import LanguageMiddleware
from config.passwords import CharacterKindsValidator
from tests import postgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("sqlite:////srv/a.sqlite3", {"NAME": "/srv/a.sqlite3"}),
        ("sqlite:///a%20b.sqlite3", {"NAME": "a b.sqlite3"}),
        ("postgres://u:p%40s@db:5433/n", {"USER": "u", "PASSWORD": "p@s", "PORT": "5433"}),
        ("postgres://u@%2Ftmp%2FAb/n", {"HOST": "/tmp/Ab", "NAME": "n"}),
        ("postgresql:///n?host=/tmp/x&sslmode=require", {"HOST": "/tmp/x", "PORT": ""}),
    ],
)
def test_a_database_url_is_read(url: str, parts: dict[str, str]) -> None:
    read = database.parse(url=url)
    assert {name: read[name] for name in parts} == parts


@pytest.mark.parametrize("url", ["mysql://u:hush@h/n", "hush", "sqlite:", "postgres://u:hush@h:x/n"])
def test_a_database_url_that_means_nothing_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(database.UnreadableDatabaseUrl) as refusal:
        database.parse(url=url)
    assert "hush" not in str(refusal.value)


def test_eight_first_starts_make_one_secret_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret.key(path=path), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("os_release", "family"),
    [
        ("ID=debian\n", "debian"),
        ('ID=ubuntu\nID_LIKE="debian"\n', "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "suse"),
        ("ID=plan9\n", ""),
    ],
)
def test_the_doctor_knows_the_family_of_the_machine(os_release: str, family: str) -> None:
    assert doctor.family_of(os_release=os_release, platform="linux") == family


def test_the_doctor_names_the_missing_library_and_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", ("pango-9.9",))
    monkeypatch.setattr(doctor, "family_of", lambda **_: "debian")
    assert doctor.main() == 1
    printed = capsys.readouterr().err
    assert "libpango-9.9" in printed
    assert "apt-get install -y libpango-1.0-0" in printed


def production(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from config import production"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


COMPLETE = {
    "SECRET_KEY": "k" * 60,
    "FIELD_KEYS": f"{'n' * 40}, {'o' * 40}",
    "DATABASE_URL": "sqlite://:memory:",
    "ALLOWED_HOSTS": "fundtrail.invalid",
    "FILES_DIR": "files",
    "STATIC_DIR": "static",
    "PUBLIC_URL": "https://fundtrail.invalid",
    "CHECKPOINT_KEY": "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    "CHECKPOINT_DIR": "checkpoints",
}


@pytest.mark.parametrize("name", COMPLETE)
def test_production_names_the_variable_it_lacks(name: str) -> None:
    refused = production(**{key: value for key, value in COMPLETE.items() if key != name})
    assert refused.returncode == 1
    assert f"environment variable {name} is not set" in refused.stderr


def test_production_starts_with_what_it_asks_for_but_never_as_the_demo() -> None:
    assert production(**COMPLETE).returncode == 0
    assert "not for production" in production(**COMPLETE, DEMO="1").stderr
    assert "must be an https address" in production(**COMPLETE | {"PUBLIC_URL": "http://fundtrail.invalid"}).stderr
    assert "at least 32 characters" in production(**COMPLETE | {"FIELD_KEYS": f"{'n' * 40},short"}).stderr
    assert "CHECKPOINT_KEY or" in production(**COMPLETE | {"CHECKPOINT_KEY": "k" * 60}).stderr


@pytest.mark.parametrize(
    ("cookie", "browser", "spoken"),
    [(None, "en-GB", "zh-hans"), ("en", "zh-CN", "en"), ("tlh", "en", "zh-hans")],
)
def test_pages_are_chinese_unless_the_person_chose_otherwise(
    rf: RequestFactory, cookie: str | None, browser: str, spoken: str
) -> None:
    request = rf.get("/", headers={"accept-language": browser})
    if cookie:
        request.COOKIES["fundtrail_language"] = cookie

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.LANGUAGE_CODE)

    response = LanguageMiddleware(page)(request)
    assert response.headers["Content-Language"] == spoken


def test_a_password_of_two_kinds_of_signs_is_too_plain() -> None:
    validator = CharacterKindsValidator(kinds_min=3)
    validator.validate("Tongjiang2026")
    with pytest.raises(ValidationError):
        validator.validate("tongjiang2026")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "127.0.0.1"),
        (1, "203.0.113.7, 198.51.100.9", "198.51.100.9"),
        (2, "198.51.100.9", "127.0.0.1"),
    ],
)
def test_a_client_cannot_claim_an_address_of_its_own(
    rf: RequestFactory, settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXY_COUNT = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded})
    assert lockout.client_address(request) == address


def test_a_policy_stands_on_every_page(client: Client) -> None:
    policy = client.get("/no-such-page").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_wheel_brings_a_server_where_debian_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres, "DEBIAN_ROOT", Path("/nonexistent"))
    import psycopg

    with postgres.server() as url:
        room = database.parse(url=url)["HOST"]
        with psycopg.connect(url) as connection:
            row = connection.execute("select current_database()").fetchone()
    assert row == ("fundtrail",)
    assert not Path(room).exists()
