"""What all tests share: property tests have no deadline, for a busy machine is no bug, and print how to repeat them."""

from hypothesis import settings

settings.register_profile("thirdring", deadline=None, print_blob=True)
settings.load_profile("thirdring")
