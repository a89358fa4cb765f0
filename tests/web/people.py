"""One person of each role."""

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Role

PASSWORD = "three rings and no more"  # noqa: S105 -- of people who do not exist
ROLES = tuple(Role)
OWN_DESK = "desk-02"


def person(role: Role) -> Person:
    made = Person(login=role.value, name=f"Some {role.value}", role=role, desks=[OWN_DESK])
    made.set_password(PASSWORD)
    made.save()
    return made
