"""The fixtures of this room."""

from tests.intake.dovecot import box, dovecot

__all__ = ["box", "dovecot"]
