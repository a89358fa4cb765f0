"""How Django knows this part."""

from django.apps import AppConfig


class Entered(AppConfig):
    """What people enter."""

    name = "thirdring_gateway.entered"
    label = "entered"
