"""EMAIL_URL names how mail leaves, and never shows its password."""

from __future__ import annotations

import pytest

from config import mail


@pytest.mark.parametrize(
    ("url", "host", "port", "starttls", "tls"),
    [
        ("smtp://mail.invalid", "mail.invalid", 25, False, False),
        ("smtp+starttls://u:p%40ss@mail.invalid", "mail.invalid", 587, True, False),
        ("smtps://u:p%40ss@mail.invalid:2465", "mail.invalid", 2465, False, True),
    ],
)
def test_a_server_is_named_with_its_port_and_its_encryption(
    url: str, host: str, port: int, starttls: bool, tls: bool
) -> None:
    server = mail.parse(url=url)
    assert (server.host, server.port, server.starttls, server.tls) == (host, port, starttls, tls)
    assert server.password == ("p@ss" if "@mail" in url else "")


def test_without_a_server_mail_is_printed_or_written_into_files() -> None:
    assert "console" in mail.parse(url="console:").backend
    assert mail.parse(url="file:///var/mails").folder == "/var/mails"


@pytest.mark.parametrize("url", ["", "mail.invalid", "http://u:geheim@mail.invalid", "smtp://u:geheim@mail.invalid:x"])
def test_what_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(mail.UnreadableEmailUrl) as refused:
        mail.parse(url=url)
    assert "geheim" not in str(refused.value)
