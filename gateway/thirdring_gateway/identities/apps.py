"""How Django knows this part."""

from django.apps import AppConfig


class Identities(AppConfig):
    """The units' identities."""

    name = "thirdring_gateway.identities"
    label = "identities"
