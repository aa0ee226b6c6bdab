"""Schema: the API's own description, and the published shape of a case at an address that never changes."""

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from api.description import EVERYWHERE, problem
from api.problem import ProblemOut
from cases.contract import SCHEMA_VERSION, CaseOut

router = APIRouter(prefix="/schema", tags=["schema"])
API_VERSION: Final = "1.0.0"
_SCHEMA_TYPE: Final = "application/schema+json"
_WORDS: Final = (
    "The one queue of the Sportello's SMART Help requests: online submissions come in, cases go out. "
    "Every error is an RFC 9457 problem. Instants are RFC 3339 in UTC."
)


@router.get(
    f"/case-{SCHEMA_VERSION}.json",
    summary="Give the JSON Schema of a case",
    response_class=JSONResponse,
    responses={200: {"content": {_SCHEMA_TYPE: {"schema": {"type": "object"}}}}},
)
def case_schema() -> JSONResponse:
    """Give the JSON Schema of a case, version 1. Fields may be added to it; none ever changes its meaning."""
    return JSONResponse(CaseOut.model_json_schema(), media_type=_SCHEMA_TYPE)


def describe(app: FastAPI) -> dict[str, Any]:
    """Give the OpenAPI description: with every error as what it is."""
    if app.openapi_schema is None:
        told = get_openapi(
            title=app.title,
            version=app.version,
            description=_WORDS,
            routes=app.routes,
            servers=[{"url": "/api"}],
            tags=[
                {"name": "submissions", "description": "Online submissions come in."},
                {"name": "cases", "description": "Cases, their documents and pages."},
                {"name": "queue", "description": "Take a case, and say what became of it."},
                {"name": "webhooks", "description": "Be told when a case changes."},
                {"name": "schema", "description": "The published shape of a case."},
            ],
        )
        _add_problems(told)
        app.openapi_schema = told
    return app.openapi_schema


def _add_problems(told: dict[str, Any]) -> None:
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    own = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(own.pop("$defs", {}))
    schemas["Problem"] = own
    for operations in told["paths"].values():
        for operation in operations.values():
            if "security" in operation:
                everywhere = {str(k): v for k, v in problem(*EVERYWHERE).items()}
                operation["responses"] = everywhere | {k: v for k, v in operation["responses"].items() if k != "422"}
                _bad_body(operation)
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)


def _bad_body(operation: dict[str, Any]) -> None:
    if "requestBody" in operation:
        operation["responses"] |= {str(k): v for k, v in problem(400, 415).items()}
