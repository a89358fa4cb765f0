"""The wire: topics, messages and their one canonical encoding, shared by the unit and the gateway.

Every message is one JSON object in UTF-8. What comes in is checked here and nowhere else: garbage raises
`WireError`, so code behind this module may trust the fields that `SHAPES` and the envelope name. Fields that
are not named are kept, so that an older gateway does not lose what a newer unit says.
"""

import json

from thirdring_unit.core.vip import WORDS

PROTOCOL = "thirdring/1/"
VERSION = 1
MAX_FACT_BYTES = 1024
MAX_MESSAGE_BYTES = 8192  # settings and self-checks; the Pico must be able to hold one
MAX_NAME_LENGTH = 32
MAX_DEPTH = 8
MAX_INT = 2**63 - 1  # what SQLite and PostgreSQL can store

STATES = ("ready", "lost")
ENVELOPE = ("v", "branch", "unit", "boot", "seq", "up_ms", "kind")
GATEWAY = "gateway"  # stands in the place of a unit in the topics that the gateway owns

_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_SHOWN_LENGTH = 60  # about half a line of a log
_CONSTANTS = {None: "null", True: "true", False: "false"}
_KIND_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


class WireError(ValueError):
    """A message or topic is not what the protocol says; its text is one line for a log."""


# ---- topics


def is_name(text: object) -> bool:
    """Tell whether `text` may name a branch or a unit: 1 to 32 of a-z, 0-9 and the hyphen."""
    return _is_word(text, _NAME_CHARACTERS)


def topic(branch: str, unit: str, tail: str) -> str:
    """Return the full topic of `tail` (such as "fact" or "light/set"), `unit` being "gateway" for its own."""
    if not is_name(branch) or not is_name(unit):
        raise WireError(f"branch {_shown(branch)} or unit {_shown(unit)}: 1 to 32 of a-z, 0-9 and hyphen are allowed")
    return f"{PROTOCOL}{branch}/{unit}/{tail}"


def parse_topic(text: str) -> "tuple[str, str, str]":
    """Split a full topic into branch, unit and tail; raise WireError when it is not one of ours."""
    parts = text[len(PROTOCOL) :].split("/", 2) if text.startswith(PROTOCOL) else []
    if len(parts) != len(("branch", "unit", "tail")) or not is_name(parts[0]) or not is_name(parts[1]) or not parts[2]:
        raise WireError(f"topic {_shown(text)} is not {PROTOCOL}<branch>/<unit>/<what>")
    return parts[0], parts[1], parts[2]


def broker_name(branch: str) -> str:
    """Return the name in the certificate of the branch's broker, the same wherever the gateway is moved to."""
    return f"thirdring-{branch}"


# ---- facts


def encode_fact(fact: dict) -> bytes:
    """Encode a fact canonically: envelope in its order, then the other fields by name, no spaces.

    The same fact gives the same bytes on every Python. Raises WireError when the fact is not valid or is longer
    than MAX_FACT_BYTES.
    """
    _check_fact(fact)
    others = [name for name in sorted(fact) if name not in ENVELOPE]
    return _encoded(_object(fact, list(ENVELOPE) + others), "fact", MAX_FACT_BYTES)


def decode_fact(payload: bytes) -> dict:
    """Return the fact in `payload`, its envelope checked and unknown fields kept; raise WireError on garbage."""
    fact = _load(payload, MAX_FACT_BYTES)
    _check_fact(fact)
    return fact


def _check_fact(fact: dict) -> None:
    if fact.get("v") != VERSION or not _is_count(fact["v"]):
        raise WireError(f"fact of version {_shown(fact.get('v'))}: this program speaks version {VERSION}")
    _check(fact, _FACT_SHAPE, "fact")


# ---- every other message


def encode(tail: str, fields: dict) -> bytes:
    """Encode the message of topic `tail`, its fields sorted by name; raise WireError when they do not fit SHAPES."""
    _check(fields, _shape(tail), tail)
    return _encoded(_object(fields, sorted(fields)), tail, MAX_MESSAGE_BYTES)


def decode(tail: str, payload: bytes) -> dict:
    """Return the fields of a message on topic `tail`, checked by SHAPES; raise WireError on garbage."""
    fields = _load(payload, MAX_MESSAGE_BYTES)
    _check(fields, _shape(tail), tail)
    return fields


def canonical(value: object) -> str:
    """Return the one JSON text of `value`: no spaces, keys sorted, other scripts as themselves, integers only."""
    if value is None or value is True or value is False:
        return _CONSTANTS[value]
    if type(value) is int and -MAX_INT <= value <= MAX_INT:
        return str(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    if isinstance(value, dict):
        return _object(value, sorted(value))
    raise WireError(f"{_shown(value)} has no canonical form: numbers are integers of 64 bits, and text is text")


def _encoded(text: str, what: str, size_limit: int) -> bytes:
    if _has_surrogate(text):
        raise WireError(f"{what} with text that is not Unicode: {_shown(text)}")
    payload = text.encode()
    if len(payload) > size_limit:
        raise WireError(f"{what} of {len(payload)} bytes: at most {size_limit} are allowed")
    return payload


def _object(fields: dict, names: "list[str]") -> str:
    return "{" + ",".join([_string(name) + ":" + canonical(fields[name]) for name in names]) + "}"


def _string(text: str) -> str:
    if '"' not in text and repr(text) == "'" + text + "'":  # nothing to escape: much faster than looking at each
        return '"' + text + '"'
    return '"' + "".join([_escaped(each) for each in text]) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character >= " " else f"\\u{ord(character):04x}"


# ---- checks


def _load(payload: bytes, size_limit: int) -> dict:
    if len(payload) > size_limit:
        raise WireError(f"{len(payload)} bytes: at most {size_limit} are allowed")
    try:
        text = bytes(payload).decode()
        value = json.loads(text)
    except (ValueError, RuntimeError):  # RuntimeError: CPython's parser counts its nesting
        raise WireError(f"not JSON in UTF-8: {_shown(bytes(payload))}") from None
    if not isinstance(value, dict):
        raise WireError(f"not a JSON object: {_shown(value)}")
    _check_storable(value, MAX_DEPTH, "\\u" in text)
    return value


def _check_storable(value: "dict | list", depth: int, has_escapes: bool) -> None:
    """Refuse what a database or another JSON reader would choke on; only an escape can write half a character."""
    if not depth:
        raise WireError(f"nested deeper than {MAX_DEPTH} levels")
    for item in value.values() if isinstance(value, dict) else value:
        kind = type(item)  # one look per item: the gateway comes here for every fact
        if kind is str:
            if has_escapes:
                _check_text(item)
        elif kind is dict or kind is list:
            _check_storable(item, depth - 1, has_escapes)
        elif kind in (int, float) and not -MAX_INT <= item <= MAX_INT:  # NaN is in no range
            raise WireError("a number that does not fit into 64 bits")
    if has_escapes and isinstance(value, dict):
        for name in value:
            _check_text(name)


def _check_text(text: str) -> None:
    if _has_surrogate(text):
        raise WireError(f"text that is not Unicode: {_shown(text)}")


def _has_surrogate(text: str) -> bool:
    return max(text, default="") >= "\ud800" and any("\ud800" <= character <= "\udfff" for character in text)


def _is_word(text: object, characters: str) -> bool:
    if not isinstance(text, str) or not 0 < len(text) <= MAX_NAME_LENGTH:
        return False
    return not text.strip(characters)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT


def _is_serial(value: object) -> bool:
    return _is_count(value) and value != 0


def _is_key(value: object) -> bool:
    return isinstance(value, (list, tuple)) and [_is_serial(part) for part in value] == [True, True]


def _is_light(value: object) -> bool:
    return value in WORDS


def _is_kind(value: object) -> bool:
    return _is_word(value, _KIND_CHARACTERS)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_LENGTH


_FACT_SHAPE = {
    "branch": is_name,
    "unit": is_name,
    "boot": _is_serial,
    "seq": _is_serial,
    "up_ms": _is_count,
    "kind": _is_kind,
}

# What each message must say; `light` is the body of both light/set and light/state.
_LIGHT_SHAPE = {"rev": _is_count, "vip": _is_light, "prompt": _is_light}
_SHAPES = {
    "ack": {"boot": _is_serial, "seq": _is_count},
    "state": {"s": lambda value: value in STATES, "boot": _is_serial},
    "info": {"model": _is_text, "fw": _is_text},
    "beat": {"boot": _is_serial, "up_ms": _is_count, "backlog": _is_count, "oldest": _is_key},
    "light/set": _LIGHT_SHAPE,
    "light/state": _LIGHT_SHAPE,
    "config": {"rev": _is_count, "settings": lambda value: isinstance(value, dict)},
    "cert": {"pem": lambda value: isinstance(value, str)},
    "cmd": {"id": _is_text, "do": _is_text},
    "reply": {"id": _is_text, "ok": lambda value: isinstance(value, bool)},
    "gateway/state": {"s": lambda value: value in STATES},
}

TAILS = sorted(_SHAPES)  # the end of every topic, but for facts, which have their own shape


def _shape(tail: str) -> dict:
    if tail not in _SHAPES:
        raise WireError(f"no message is known on topic {_shown(tail)}")
    return _SHAPES[tail]


def _check(fields: dict, shape: dict, what: str) -> None:
    for name, fits in shape.items():
        if name not in fields:
            raise WireError(f"{what} without `{name}`")
        if not fits(fields[name]):
            raise WireError(f"{what} with {name} {_shown(fields[name])}")


def _shown(value: object) -> str:
    """Return `value` for a message: one line and short, whatever it is."""
    text = repr(value)
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "..."
