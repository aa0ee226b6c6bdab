"""Settings: a mistake is named with its place and its remedy, a secret is never read from the wrong place."""

from pathlib import Path

import pytest

from gateway.settings import BadSettings, MailboxSettings, load_settings
from gateway.template_toml import SETTINGS_TOML


def _write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "gateway.toml").write_text(text, encoding="utf-8")


def test_defaults_without_a_file(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.db is None
    assert [t.name for t in (*settings.mail_drops, *settings.fax_trays, *settings.scan_folders)] == [
        "mail",
        "fax",
        "scan",
    ]
    assert settings.originals_folder == tmp_path / "originals"


def test_home_comes_from_argument_then_environment(tmp_path: Path) -> None:
    assert load_settings(None, {"GATEWAY_HOME": str(tmp_path / "a")}).home == tmp_path / "a"
    assert load_settings(tmp_path / "b", {"GATEWAY_HOME": str(tmp_path / "a")}).home == tmp_path / "b"


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    _write(tmp_path, "workers = 2\n")
    assert load_settings(tmp_path, {}).workers == 2
    assert load_settings(tmp_path, {"GATEWAY_WORKERS": "3"}).workers == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wokers = 2\n", ("gateway.toml", "wokers", "gateway init")),
        ("workers = 0\n", ("workers", "greater than or equal to 1")),
        ("workers =\n", ("gateway.toml", "gateway init")),
        ('db = "postgresql://u:p@h/d"\n', ("GATEWAY_DB",)),
        ('[[fax_trays]]\nname = "mail"\nfolder = "x"\n', ("mail", "its own name")),
        ("[checks]\nno_such_rule = 1\n", ("no_such_rule",)),
    ],
)
def test_mistakes_name_place_and_remedy(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    _write(tmp_path, text)
    with pytest.raises(BadSettings) as caught:
        load_settings(tmp_path, {})
    for word in words:
        assert word in str(caught.value)


def test_shipped_example_is_valid_with_every_line_switched_on(tmp_path: Path) -> None:
    on = "\n".join(
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else "" for line in SETTINGS_TOML.split("\n")
    )
    _write(tmp_path, on)
    assert load_settings(tmp_path, {}).mailboxes[0].host == "imap.example.com"


def test_password_from_environment_file_or_a_clear_refusal(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-file\n", encoding="utf-8")
    box = MailboxSettings(name="info-1", host="h", user="u", password_file=secret)
    assert box.password({}).get_secret_value() == "from-file"
    assert box.password({"GATEWAY_MAILBOX_INFO_1_PASSWORD": "from-env"}).get_secret_value() == "from-env"
    with pytest.raises(BadSettings, match="no password"):
        MailboxSettings(name="x", host="h", user="u").password({})
    with pytest.raises(BadSettings, match="cannot be read"):
        MailboxSettings(name="x", host="h", user="u", password_file=tmp_path / "none").password({})


def test_no_secret_shows_when_printed(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"GATEWAY_DB": "postgresql://u:hidden@h/d"})
    assert "hidden" not in repr(settings)
