"""``gateway keys``: encryption of the originals, and of the secrets of webhooks."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cases.hook_secrets import in_plain_at_rest, seal_secrets
from gateway import show, show_keeping
from gateway.exits import Exit
from gateway.options import Home
from gateway.settings import Settings, load_settings
from gateway.wiring import opened, store
from intake.sealed import Keyring, ids, new_key, read_keys

app = typer.Typer(name="keys", help="Encryption of the originals: make, list and rotate keys.", no_args_is_help=True)


@app.command()
def new(file: Annotated[Path, typer.Argument(help="The key file to make.")]) -> None:
    """Make a key file. Name it in gateway.toml (keeping.key_file), and keep a copy where no backup lies."""
    if file.exists():
        show.complain([f"{file} exists already and is left as it is: 'gateway keys rotate' adds a new key to it."])
        raise typer.Exit(Exit.SETTINGS)
    _write(file, new_key() + "\n")
    print(f"Wrote {file}. Set keeping.key_file in gateway.toml, then run: gateway keys seal")


@app.command(name="list")
def list_(home: Home = None) -> None:
    """Show which keys are at hand, and how many originals each protects."""
    settings = load_settings(home)
    originals = store(settings)
    show_keeping.keys(originals.sealed_with(), ids(originals.ring.keys))
    with opened(settings) as wiring, wiring.database.transaction() as session:
        plain = in_plain_at_rest(session)
    if plain:
        print(f"{plain} webhooks have their secret in plain. 'gateway keys seal' encrypts it, once there is a key.")


@app.command()
def seal(home: Home = None) -> None:
    """Encrypt with the current key what lies in plain or under an older key. Safe to stop and repeat."""
    settings = load_settings(home)
    originals = store(settings)
    if originals.ring.current is None:
        show.complain(["There is no key. Make one with 'gateway keys new FILE' and set keeping.key_file."])
        raise typer.Exit(Exit.SETTINGS)
    count = sum(originals.seal_again(digest) for digest in originals.digests())
    print(f"{count} originals encrypted with the key {ids(originals.ring.keys)[0]}.")
    _seal_hooks(settings)


@app.command()
def rotate(home: Home = None) -> None:
    """Add a new key in front of the key file, and encrypt every original with it. Workers must be started again."""
    settings = load_settings(home)
    file = settings.keeping.key_file
    if file is None or os.environ.get("GATEWAY_KEY"):
        show.complain(["Only a key file can be rotated: set keeping.key_file. In GATEWAY_KEY put the new key first."])
        raise typer.Exit(Exit.SETTINGS)
    originals = store(settings)
    _write(file, f"{new_key()}\n{file.read_text(encoding='ascii')}")
    fresh = Keyring(read_keys(file.read_text(encoding="ascii")))
    sealed = type(originals)(originals.root, originals.spare, fresh)
    count = sum(sealed.seal_again(digest) for digest in sealed.digests())
    print(f"{count} originals encrypted with the new key {ids(fresh.keys)[0]}. Start 'gateway run' again.")
    _seal_hooks(settings)
    print("The older keys stay in the file: backups made before need them.")


def _seal_hooks(settings: Settings) -> None:
    with opened(settings) as wiring, wiring.database.transaction() as session:
        count = seal_secrets(session, wiring.originals.ring)
    print(f"{count} webhooks have their secret encrypted with it, too.")


def _write(file: Path, text: str) -> None:
    """Write a file that only its owner may read; it has its name once it is whole."""
    half = file.with_name(f".{file.name}.part")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, text.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    half.replace(file)
