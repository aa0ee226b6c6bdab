"""The command line: one command a verb, plain messages, documented exit codes.

A command's module is imported only when the command is called: ``gateway try`` need not load a database driver.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from gateway.problems import ending

MODULES = {
    "gateway.try_cli": ("try",),
    "gateway.queue_cli": ("run", "collect", "work", "cases", "case", "status"),
    "gateway.ledger_cli": ("ledger",),
    "gateway.register_cli": ("register",),
    "gateway.keeping_cli": ("forget", "backup", "restore"),
    "gateway.quarantine_cli": ("quarantine",),
    "gateway.keys_cli": ("keys",),
    "gateway.replay_cli": ("replay",),
    "gateway.examples_cli": ("examples",),
    "gateway.letters_cli": ("letters",),
    "gateway.forms_cli": ("forms",),
    "gateway.clients_cli": ("clients",),
    "gateway.api_cli": ("api",),
    "gateway.webhooks_cli": ("webhooks",),
    "gateway.setup_cli": ("init", "schema"),
    "gateway.serve_cli": ("serve",),
    "gateway.users_cli": ("users",),
    "gateway.audit_cli": ("audit",),
}


def main() -> None:
    """Run the command line and end with a documented exit code."""
    # Engines must not each start a thread pool beside the worker processes.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    with ending():
        command_line(sys.argv[1:])()


def command_line(words: Sequence[str]) -> typer.Typer:
    """Build the command line that these words need: the command's own module, or all of them for help and errors."""
    app = typer.Typer(
        name="gateway",
        help="Takes SMART Help forms in by e-mail, fax and post, reads and checks them, and queues them as cases.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_program)
    asked = next((word for word in words if not word.startswith("-")), "")
    needed = [module for module, commands in MODULES.items() if asked in commands] or list(MODULES)
    for module in needed:
        app.add_typer(import_module(module).app)
    return app


def _program() -> None:
    """Take SMART Help forms in by e-mail, fax and post, read and check them, and queue them as cases."""
    # Without a callback Typer would take a lone command for the whole program.
