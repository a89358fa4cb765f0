"""How Django knows this part."""

from django.apps import AppConfig


class Branch(AppConfig):
    """The branch's settings."""

    name = "thirdring_gateway.branch"
    label = "branch"
