"""The service manager's side: ready, alive and stopping are told to systemd over its socket, when there is one."""

import os
import socket

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def notify(state: str) -> None:
    """Tell the service manager a state; does nothing where no service manager listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
        manager.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


def watchdog_ms() -> int | None:
    """Return how often systemd wants a sign of life at the latest, None when it does not watch."""
    period_us = os.environ.get("WATCHDOG_USEC", "")
    return int(period_us) // 1_000 if period_us.isdigit() else None
