"""The running gateway's doorkeeper: shuts out who was revoked, lets in who has a password, renews what ends."""

import structlog
from thirdring_unit.core import wire

from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.authority import Authority
from thirdring_gateway.link import Retained

RENEW_EVERY_MS = 3_600_000
log = structlog.get_logger()


class Doorkeeper:
    """Keeps `broker` as the registry says; to be asked to `look` every second or so, by one thread.

    Its time is real time, which TLS goes by, even where a demonstration's day is faster.
    """

    def __init__(self, authority: Authority, branch: str, broker: Mosquitto) -> None:
        self._authority = authority
        self._branch = branch
        self._broker = broker
        self._revision = registry.revision()
        self._access = registry.access(branch)
        self._renewed_ms = 0

    def open(self) -> None:
        """Start the broker."""
        self._broker.start(self._access)

    def close(self) -> None:
        """End the broker."""
        self._broker.stop()

    def look(self, now_ms: int) -> bool:
        """Do what has become due; tell whether `units` or `certificates` have changed."""
        if not 0 <= now_ms - self._renewed_ms < RENEW_EVERY_MS:
            self._renewed_ms = now_ms
            for unit in registry.renew(self._authority, self._branch, now_ms):
                log.info("certificate renewed", unit=unit)
        latest = registry.revision()
        if latest == self._revision:
            return False
        access = registry.access(self._branch)
        if access != self._access:
            log.info("who may come in has changed, the broker is started anew")
            self._broker.admit(access)
        self._revision, self._access = latest, access
        return True

    def units(self) -> list[str]:
        """Return who is enrolled."""
        return list(registry.enrolled(self._branch).values_list("unit", flat=True))

    def certificates(self) -> list[Retained]:
        """Return the newest certificate of each unit, and nothing for those that have none any more."""
        gone = dict.fromkeys(registry.everyone(self._branch).values_list("unit", flat=True), "")
        newest = gone | dict(registry.enrolled(self._branch).values_list("unit", "cert"))
        return [
            Retained(wire.topic(self._branch, unit, "cert"), wire.encode("cert", {"pem": cert}) if cert else b"")
            for unit, cert in newest.items()
        ]
