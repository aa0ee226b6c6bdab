"""The live API keeps what its description promises: schemathesis calls every operation with right and wrong."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx import Client as Caller

_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,unsupported_method,ignored_auth"
)


def test_the_description_is_openapi_3_1_and_every_operation_shows_its_errors(caller: Caller) -> None:
    told = caller.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            if "/schema/" not in path:
                assert {"401", "403", "422", "429", "500", "503"} <= set(operation["responses"]), (method, path)
                assert "application/problem+json" in operation["responses"]["401"]["content"]


@pytest.mark.timeout(200)
def test_schemathesis_finds_nothing(
    url: str, key: str, caller: Caller, born: Callable[..., None], tmp_path: Path
) -> None:
    born(3)
    (tmp_path / "openapi.json").write_text(caller.get("/openapi.json").text, encoding="utf-8")
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        str(program), "run", str(tmp_path / "openapi.json"), "--url", f"{url}/api",
        "-H", f"Authorization: Bearer {key}", "--checks", _CHECKS,
        "--phases", "examples,coverage,fuzzing", "--max-time", "30",
        "--max-examples", "6", "--seed", "1", "--request-timeout", "30", "--suppress-health-check", "all", "--no-color",
        "--generation-database", "none",
    ]  # fmt: skip
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
