"""What an address of the API may be asked: its parameters, each documented."""

from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from thirdring_gateway.web.period import NAMES


class Parameter(NamedTuple):
    """A parameter of an address: its name, what it means in words, and its values as a JSON Schema."""

    name: str
    about: str
    values: dict[str, object]
    is_many: bool = False


PERIOD = (
    Parameter("period", _("A named period; otherwise from and to."), {"type": "string", "enum": list(NAMES)}),
    Parameter("from", _("The first day, such as 2026-11-02."), {"type": "string", "format": "date"}),
    Parameter("to", _("The last day, which is included."), {"type": "string", "format": "date"}),
    Parameter("desk", _("A desk's unit; again for more. All that may be seen otherwise."), {"type": "string"}, True),
)
PAGE = Parameter("page", _("A page of the list, from 1."), {"type": "integer", "minimum": 1})
