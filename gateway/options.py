"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option("--home", help="Data folder; else GATEWAY_HOME, else gateway-data here.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
