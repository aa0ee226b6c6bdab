"""Exit codes of the command line. They are documented in docs/errors.md and never change meaning."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command's end means."""

    OK = 0
    """All done."""
    FAILED = 1
    """Something unexpected went wrong in the gateway itself; the message says where the details are."""
    USAGE = 2
    """The command line is wrong; the message shows how to call it."""
    UNREADABLE = 3
    """At least one file could not be read; each has a sentence and an outcome all the same."""
    SETTINGS = 4
    """The settings or a form definition are wrong; the message names the file, the place and the remedy."""
    UNAVAILABLE = 5
    """A service is not to be reached (database, mailbox), or a system package is missing; try again or install it."""
    NOT_FOUND = 6
    """There is no such case or form."""
    UNACCOUNTED = 7
    """The ledger does not balance, or its chain is broken; each line says what to do."""
