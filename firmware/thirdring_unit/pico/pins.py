"""Pins of a desk unit on a Pico W; made by `make docs` from pins.toml, do not edit."""

INPUTS = (
    ("ring", 2, 0, "up", 0),
    ("loop", 3, 0, "up", 0),
    ("hold_key", 4, 0, "up", 30),
    ("vip_in", 5, 0, "up", 30),
    ("vip_served", 6, 0, "up", 30),
    ("vip_left", 7, 0, "up", 30),
    ("serve", 8, 0, "up", 30),
    ("rate_1", 9, 0, "up", 30),
    ("rate_2", 10, 0, "up", 30),
    ("rate_3", 11, 0, "up", 30),
    ("rate_4", 12, 0, "up", 30),
    ("rate_5", 13, 0, "up", 30),
    ("resolved", 18, 0, "up", 30),
    ("unresolved", 19, 0, "up", 30),
)

LIGHTS = (
    ("vip", 14, 1),
    ("prompt", 15, 1),
)
