"""How Django knows this part."""

from django.apps import AppConfig


class Sending(AppConfig):
    """Scheduled reports."""

    name = "thirdring_gateway.sending"
    label = "sending"
