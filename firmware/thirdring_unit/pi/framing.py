"""How the recorder and the unit speak over a pipe.

Each record is a HEAD and so many bytes. The first tells the card's rate in Hz as text. All others are chunks of
CHUNK_MS, interleaved 16-bit samples, stamped when their last sample had come; only a head with the moment FAILED is
followed by the one line that says why there is no more.
"""

import struct

HEAD = struct.Struct("<qI")
"""Moment on the monotonic clock in nanoseconds, length of what follows in bytes."""

FAILED = -1
"""In place of a moment."""

CHUNK_MS = 100
"""Five frames of the ears: what is done for each record costs more than what is done for its samples."""
