"""How Django knows this part."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """People and the records about them."""

    name = "thirdring_gateway.accounts"
    label = "accounts"
