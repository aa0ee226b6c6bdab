"""What an operator can set about webhooks."""

from pydantic import Field

from gateway.part import Part
from jobs.hook_door import HookOptions


class WebhookSettings(Part):
    """How webhooks are told."""

    allow_inside: bool = False
    """True: also machines of the house, and http: whoever may register a webhook makes the gateway call them."""
    timeout_s: float = Field(default=10.0, gt=0, le=60)

    def options(self) -> HookOptions:
        """Give the settings as the job takes them."""
        return HookOptions(self.allow_inside, self.timeout_s)
