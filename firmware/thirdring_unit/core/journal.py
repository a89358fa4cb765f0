"""The journal: a bounded log of records keyed (boot, seq), safe against a power cut at any byte.

A record is one sealed line, `<crc> <boot> <seq> <payload>`, in a segment file `<number>.log`. A cut can only tear
the line being written; its checksum tells, and a newline walls it off before the next line is written.
Whole segments leave at the old end. RAM holds four numbers per segment and never a payload.
"""

from thirdring_unit.core.frame import seal, unseal
from thirdring_unit.core.storage import Storage

MAX_LINE_BYTES = 1152  # a fact of 1024 bytes with its key and its checksum
MIN_LIMIT_BYTES = 8 * MAX_LINE_BYTES
_SEGMENTS = 64
_SEGMENT_BYTES = (4096, 65536)  # a block of a Pico's flash; what may be read at once on a Pi
_SUFFIX = ".log"

Key = tuple  # (boot, seq)
Place = tuple  # (segment number, byte offset)
Record = tuple  # (key, payload)


class _Segment:
    """What RAM knows of one segment file: its bytes, its records and the key of the last one."""

    __slots__ = ("count", "last", "number", "size_bytes")

    def __init__(self, number: int) -> None:
        self.number = number
        self.size_bytes = 0
        self.count = 0
        self.last: Key = (0, 0)

    @property
    def name(self) -> str:
        return f"{self.number:08d}{_SUFFIX}"


class Journal:
    """Records in the order of their keys over a storage, in at most `limit_bytes` of files.

    `last` is the highest key on disk, (0, 0) without any; `count` the records and `size_bytes` the bytes on disk;
    `damaged` the lines and files that were not what had been written, torn ones among them.
    """

    def __init__(self, storage: Storage, limit_bytes: int = 1 << 20) -> None:
        self.storage = storage
        self.limit_bytes = max(limit_bytes, MIN_LIMIT_BYTES)
        least, most = _SEGMENT_BYTES
        self.segment_bytes = min(max(self.limit_bytes // _SEGMENTS, least), most, self.limit_bytes // 4)
        self.damaged = 0
        self.last: Key = (0, 0)
        self.count = 0
        self.size_bytes = 0
        self._torn = False  # the last line may have no end
        self._segments: list[_Segment] = []
        self._recover()

    # ---- writing

    def append(self, key: Key, payload: bytes) -> None:
        """Write one record; durable on return. `key` must be above `last`, and `payload` hold no newline.

        Raises OSError when the storage does. The record may be found on disk all the same: its key is spent.
        """
        line = seal(b"%d %d " % key + payload)
        segment = self._segments[-1]
        if segment.size_bytes + len(line) > self.segment_bytes:
            segment = _Segment(segment.number + 1)
            self._segments.append(segment)
        self._write(segment, b"\n" + line if self._torn else line)
        segment.count += 1
        self.count += 1
        segment.last = self.last = key

    def _write(self, segment: _Segment, data: bytes) -> None:
        self._torn = True
        size_bytes = segment.size_bytes + len(data)
        try:
            self.storage.append(segment.name, data)
            self._torn = False
        except OSError:
            size_bytes = max(segment.size_bytes, len(self._read(segment)))
            raise
        finally:
            self.size_bytes += size_bytes - segment.size_bytes
            segment.size_bytes = size_bytes

    def release(self, key: Key) -> None:
        """Remove the segments in which every record is below `key`, save the one being written."""
        while len(self._segments) > 1 and self._segments[0].last < key:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Remove the oldest segment with its records; one that the disk will not let go comes again after a restart."""
        segment = self._segments.pop(0)
        try:
            self.storage.remove(segment.name)
        except OSError:
            self.damaged += 1
        self.count -= segment.count
        self.size_bytes -= segment.size_bytes

    @property
    def is_full(self) -> bool:
        """Tell whether the oldest segment must go before a record, and the fact that counts the loss, are written."""
        return self.size_bytes + 2 * MAX_LINE_BYTES > self.limit_bytes

    # ---- reading

    @property
    def start(self) -> Place:
        """The place of the oldest record."""
        return self._segments[0].number, 0

    @property
    def end(self) -> Place:
        """The place after the newest record."""
        return self._segments[-1].number, self._segments[-1].size_bytes

    def oldest(self) -> "list[Record]":
        """Return the records of the oldest segment."""
        return self._read_segment(self._segments[0], 0, self.segment_bytes)[0]

    def read(self, place: Place, limit: int) -> "tuple[list[Record], Place]":
        """Return up to `limit` records from `place` on, and the place after them."""
        found: list[Record] = []
        for segment in self._segments:
            offset = place[1] if segment.number == place[0] else 0
            if segment.number >= place[0] and offset < segment.size_bytes and len(found) < limit:
                records, offset = self._read_segment(segment, offset, limit - len(found))
                found += records
                place = (segment.number, offset)
        return found, place

    def _read_segment(self, segment: _Segment, offset: int, limit: int) -> "tuple[list[Record], int]":
        data = self._read(segment)
        found: list[Record] = []
        while offset < len(data) and len(found) < limit:
            record, offset = _next_record(data, offset)
            if record:
                found.append(record)
        return found, offset if len(found) == limit else segment.size_bytes

    def _read(self, segment: _Segment) -> bytes:
        """Return the bytes of a segment; a file that the disk no longer gives is damage, its records are lost."""
        try:
            return self.storage.read(segment.name)
        except OSError:
            self.damaged += 1
            return b""

    # ---- recovery

    def _recover(self) -> None:
        names = [name[: -len(_SUFFIX)] for name in self.storage.names() if name.endswith(_SUFFIX)]
        for number in sorted([int(name) for name in names if name.isdigit()]):
            segment = _Segment(number)
            self._scan(segment)
            self._segments.append(segment)
            self.count += segment.count
            self.size_bytes += segment.size_bytes
            self.last = max(self.last, segment.last)
        if not self._segments:
            self._segments.append(_Segment(1))

    def _scan(self, segment: _Segment) -> None:
        data = self._read(segment)
        segment.size_bytes = len(data)
        self._torn = bool(data) and not data.endswith(b"\n")
        offset = 0
        while offset < len(data):
            record, offset = _next_record(data, offset)
            if record:
                segment.count += 1
                segment.last = record[0]
            else:
                self.damaged += 1


def _next_record(data: bytes, offset: int) -> "tuple[Record | None, int]":
    """Return the record of the line at `offset`, None when it is damaged, and the offset of the next line."""
    end = data.find(b"\n", offset)
    if end < 0:
        end = len(data)
    text = unseal(data[offset:end])
    if text is None:
        return None, end + 1
    boot, seq, payload = text.split(b" ", 2)
    return ((int(boot), int(seq)), payload), end + 1
