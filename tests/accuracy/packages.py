"""Prints Debian's packages of sound that `make accuracy` needs: none where there is a folder of recordings."""

import subprocess

from tests.accuracy.corpus import FOLDER
from tests.accuracy.debian import FALLBACK_PACKAGES

if __name__ == "__main__" and not (FOLDER / "MANIFEST.tsv").is_file():
    known = subprocess.run(["apt-cache", "pkgnames"], check=False, capture_output=True, text=True).stdout.split()
    print(*(package for package in FALLBACK_PACKAGES if package in known))
