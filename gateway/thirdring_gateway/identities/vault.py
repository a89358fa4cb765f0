"""The authority's one file, `authority.pem` in the state folder: whoever has it can make identities for the branch."""

import os
from contextlib import suppress
from pathlib import Path

from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.identities.authority import Authority, Pair, new_authority
from thirdring_gateway.trouble import Trouble

FILE = "authority.pem"
KEY_BEGINS = "-----BEGIN EC PRIVATE KEY-----"
OTHERS = 0o077


def open_authority(state_dir: Path, branch: str, *, is_known: bool) -> Authority:
    """Return the branch's authority, made at the first time.

    Raises Trouble when it cannot be read, and when it is missing although it `is_known` to units.
    """
    path = make_folder(state_dir) / FILE
    if not path.exists():
        if is_known:
            raise Trouble(
                f"{path} is missing, and with it every unit's trust; bring it back from the backup, or revoke all"
            )
        _create(path, new_authority(branch))
    try:
        if path.stat().st_mode & OTHERS:
            raise Trouble(f"{path}: others may read the key of the branch; run `chmod 600 {path}`")
        cert, begins, key = path.read_text().partition(KEY_BEGINS)
        return Authority(Pair(cert, begins + key))
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; run this as the user of the gateway") from error
    except (TypeError, ValueError) as error:
        raise Trouble(f"{path} is damaged; bring it back from the backup") from error


def _create(path: Path, pair: Pair) -> None:
    """Write the file, unless another program was faster."""
    draft = path.with_name(f"{FILE}.{os.getpid()}.new")
    write_whole(draft, (pair.cert + pair.key).encode(), PRIVATE)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
