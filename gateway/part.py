"""What every table of the settings file is made of."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A table of the file; unknown keys are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)
