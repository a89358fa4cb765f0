"""Judges certificates as the program does: `whose.py FILE` with {"kept", "sent"}; prints what it says of each."""

import json
import sys
from binascii import unhexlify

from thirdring_unit.pico.certificates import renewed

with open(sys.argv[1], "rb") as file:
    told = json.load(file)
said = []
for payload in told["sent"]:
    try:
        renewed(unhexlify(told["kept"]), payload.encode())
        said.append("")
    except ValueError as error:
        said.append(str(error))
sys.stdout.write(json.dumps(said) + "\n")
