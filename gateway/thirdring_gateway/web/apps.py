"""How Django knows this part."""

from django.apps import AppConfig


class Web(AppConfig):
    """The pages."""

    name = "thirdring_gateway.web"
    label = "web"
