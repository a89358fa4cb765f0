"""The description of the API in OpenAPI 3.1, made from the table of its addresses and the types of its answers."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from thirdring_gateway.web.api import answers
from thirdring_gateway.web.api.endpoints import ENDPOINTS, Endpoint
from thirdring_gateway.web.api.parameters import Parameter

VERSION = "1"
REFS = "#/components/schemas/{name}"
FIELDS = "properties"
Json = dict[str, Any]


def description() -> Json:
    """Return the description, in the reader's language."""
    schemas, components = msgspec.json.schema_components(
        [*(endpoint.answer for endpoint in ENDPOINTS), answers.Refusal], ref_template=REFS
    )
    *of_answers, refusal = map(translated, schemas)
    refused = {
        "description": _("Why there is no answer, and what to do."),
        "content": {"application/json": {"schema": refusal}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Thirdring", "version": VERSION, "description": _("What the pages show, for programs.")},
        "paths": {
            endpoint.template: {"get": operation(endpoint, schema)}
            for endpoint, schema in zip(ENDPOINTS, of_answers, strict=True)
        },
        "components": {
            "schemas": {name: translated(schema) for name, schema in components.items()},
            "responses": {"Refused": refused},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def operation(endpoint: Endpoint, schema: Json) -> Json:
    """Return the description of one address."""
    kind = "text/event-stream" if endpoint.is_stream else "application/json"
    return {
        "operationId": endpoint.name,
        "summary": _(endpoint.about),
        "parameters": [
            *(parameter_of(parameter, "path") for parameter in endpoint.path_parameters),
            *(parameter_of(parameter, "query") for parameter in endpoint.parameters),
        ],
        "responses": {
            "200": {"description": _(endpoint.about), "content": {kind: {"schema": schema}}},
            "default": {"$ref": "#/components/responses/Refused"},
        },
    }


def parameter_of(parameter: Parameter, place: str) -> Json:
    """Return the description of one parameter."""
    schema: Json = {"type": "array", "items": parameter.values} if parameter.is_many else parameter.values
    told = {"name": parameter.name, "in": place, "description": _(parameter.about), "schema": schema}
    return told | {"required": True} if place == "path" else told


def translated(schema: Any) -> Any:
    """Return a schema with its descriptions in the reader's language; what only the code says of itself is left out."""
    if isinstance(schema, list):
        return [translated(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    said = {key: translated(value) for key, value in schema.items() if key not in ("description", "title", FIELDS)}
    if FIELDS in schema:
        return said | {FIELDS: {name: translated(field) for name, field in schema[FIELDS].items()}}
    return said | ({"description": _(schema["description"])} if "description" in schema else {})
