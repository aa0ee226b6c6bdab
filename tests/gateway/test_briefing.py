"""What is kept from the children that read follows from the settings, whatever sections they grow."""

from pathlib import Path

from gateway.briefing import confidential
from gateway.settings import load_settings


def test_the_data_folder_and_every_file_of_secrets_are_confidential(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        'originals = "/srv/originals"\n[keeping]\nkey_file = "/etc/own/key"\n'
        '[[mailboxes]]\nname = "info"\nhost = "h"\nuser = "u"\npassword_file = "/etc/own/password"\n',
        "utf-8",
    )
    named = {str(path) for path in confidential(load_settings(tmp_path, {}))}
    assert {str(tmp_path), "/srv/originals", "/etc/own/key", "/etc/own/password"} <= named
