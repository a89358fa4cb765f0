"""Pins of a desk unit on a Raspberry Pi; made by `make docs` from pins.toml, do not edit."""

INPUTS = {
    "ring": (17, False, "up"),
    "loop": (27, False, "up"),
    "hold_key": (22, False, "up"),
    "vip_in": (23, False, "up"),
    "vip_served": (24, False, "up"),
    "vip_left": (25, False, "up"),
    "serve": (4, False, "up"),
    "rate_1": (5, False, "up"),
    "rate_2": (6, False, "up"),
    "rate_3": (16, False, "up"),
    "rate_4": (26, False, "up"),
    "rate_5": (7, False, "up"),
    "resolved": (8, False, "up"),
    "unresolved": (11, False, "up"),
}

LIGHTS = {
    "vip": (12, True),
    "prompt": (13, True),
}
