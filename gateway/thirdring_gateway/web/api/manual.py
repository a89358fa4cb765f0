"""The API's manual: its OpenAPI description, told for people."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from thirdring_gateway.web.api.openapi import description

NESTED_MAX = 3


class Field(NamedTuple):
    """A field of an answer: how deep it lies, its name, its type in a word, and what it means."""

    depth: int
    name: str
    kind: str
    about: str


class Entry(NamedTuple):
    """An address with its parameters and the fields of its answer."""

    name: str
    address: str
    about: str
    parameters: list[Field]
    fields: list[Field]


def manual() -> list[Entry]:
    """Return every address of the API in the reader's language."""
    told = description()
    return [entry(address, methods["get"], told) for address, methods in told["paths"].items()]


def entry(address: str, said: Mapping[str, Any], told: Mapping[str, Any]) -> Entry:
    """Return what the manual says of one address."""
    parameters = [
        Field(0, each["name"], kind_of(each["schema"], told), each["description"]) for each in said["parameters"]
    ]
    (content,) = said["responses"]["200"]["content"].values()
    return Entry(said["operationId"], address, said["summary"], parameters, list(fields(content["schema"], told, 0)))


def fields(schema: Mapping[str, Any], told: Mapping[str, Any], depth: int) -> Iterator[Field]:
    """Yield the fields of a type and of what lies in it; the many measures of a figure are not told again and again."""
    kind = inner(schema, told)
    for name, value in kind.get("properties", {}).items():
        yield Field(depth, name, kind_of(value, told), value.get("description", ""))
        if depth < NESTED_MAX and "median_ms" not in inner(value, told).get("properties", {}):
            yield from fields(value, told, depth + 1)


def inner(schema: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the type that a type is about: what a reference names, what a list holds, what may also be null."""
    while True:
        if "$ref" in schema:
            schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "items" in schema and isinstance(schema["items"], dict):
            schema = schema["items"]
        elif "anyOf" in schema:
            schema = next(each for each in schema["anyOf"] if each != {"type": "null"})
        elif isinstance(schema.get("additionalProperties"), dict):
            schema = schema["additionalProperties"]
        else:
            return schema


def kind_of(schema: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Return a type in a word or two."""
    if "anyOf" in schema:
        return " | ".join(kind_of(each, told) for each in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].strip("_")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if isinstance(schema.get("items"), dict):
        return f"[{kind_of(schema['items'], told)}]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{…: {kind_of(schema['additionalProperties'], told)}}}"
    return str(schema.get("type", "any"))
