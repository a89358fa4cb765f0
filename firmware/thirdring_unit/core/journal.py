"""The journal: a bounded log of records keyed (boot, seq), safe against a power cut at any byte.

A record is one sealed line, `<crc> <boot> <seq> <payload>`, in a segment file `<number>.log`. A cut can only tear
the line being written; its checksum tells, and a newline walls it off before the next line is written.
Whole segments leave at the old end. RAM holds a few numbers, however much is on disk.
"""

from thirdring_unit.core.frame import seal, unseal
from thirdring_unit.core.storage import Storage

MAX_LINE_BYTES = 1152  # a fact of 1024 bytes with its key and its checksum
MIN_LIMIT_BYTES = 8 * MAX_LINE_BYTES
_SEGMENTS = 128
_SEGMENT_BYTES = (4096, 65536)  # a block of a Pico's flash; what may be read at once on a Pi
_SUFFIX = ".log"

Key = tuple  # (boot, seq)
Place = tuple  # (segment number, byte offset)
Record = tuple  # (key, payload)


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
        self._first = self._newest = 1  # numbers of the oldest segment and of the one being written
        self._newest_bytes = 0
        self._oldest: tuple = ()  # bytes, records and last key of the oldest segment, once looked up
        self._torn = False  # the last line may have no end
        self._recover()

    # ---- writing

    def append(self, key: Key, payload: bytes) -> None:
        """Write one record; durable on return. `key` must be above `last`, and `payload` hold no newline.

        Raises OSError when the storage does. The record may be found on disk all the same: its key is spent.
        """
        line = seal(b"%d %d " % key + payload)
        if self._newest_bytes + len(line) > self.segment_bytes:
            self._begin_segment()
        self._write(b"\n" + line if self._torn else line)
        self.count += 1
        self.last = key

    def _begin_segment(self) -> None:
        self._newest += 1
        self._newest_bytes = 0

    def _write(self, data: bytes) -> None:
        was_bytes = self._newest_bytes
        self._torn = True
        try:
            self.storage.append(_name(self._newest), data)
            self._torn = False
            self._newest_bytes += len(data)
        except OSError:
            arrived = self._read(self._newest)
            self._torn = not arrived.endswith(b"\n")
            self._newest_bytes = max(was_bytes, len(arrived))
            raise
        finally:
            self.size_bytes += self._newest_bytes - was_bytes

    def release(self, key: Key) -> None:
        """Remove the segments in which every record is below `key`, save the one being written."""
        while self._first < self._newest and self._look_up_oldest()[2] < key:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Remove the oldest segment with its records; one that the disk will not let go comes again after a restart."""
        if self._first == self._newest:
            self._begin_segment()
        size_bytes, count, _ = self._look_up_oldest()
        try:
            self.storage.remove(_name(self._first))
        except OSError:
            self.damaged += 1
        self.size_bytes -= size_bytes
        self.count -= count
        self._first += 1
        self._oldest = ()
        if self._first == self._newest:  # segments that could not be read were not subtracted
            self.size_bytes = self._newest_bytes

    @property
    def is_full(self) -> bool:
        """Tell whether the oldest segment must go before a record, and the fact that counts the loss, are written."""
        return self.size_bytes + 2 * MAX_LINE_BYTES > self.limit_bytes

    # ---- reading

    @property
    def start(self) -> Place:
        """The place of the oldest record."""
        return self._first, 0

    @property
    def end(self) -> Place:
        """The place after the newest record."""
        return self._newest, self._newest_bytes

    def oldest(self) -> "list[Record]":
        """Return the records of the oldest segment."""
        return _records(self._read(self._first), 0, self.segment_bytes)[0]

    def read(self, place: Place, limit: int) -> "tuple[list[Record], Place]":
        """Return up to `limit` records from `place` on, and the place after them."""
        found: list[Record] = []
        place = max(place, self.start)
        while len(found) < limit and place < self.end:
            records, offset = _records(self._read(place[0]), place[1], limit - len(found))
            found += records
            if len(found) == limit:
                place = (place[0], offset)
            else:
                place = (place[0] + 1, 0) if place[0] < self._newest else self.end
        return found, place

    def _look_up_oldest(self) -> tuple:
        if not self._oldest:
            data = self._read(self._first)
            records = _records(data, 0, self.segment_bytes)[0]
            self._oldest = (len(data), len(records), records[-1][0] if records else (0, 0))
        return self._oldest

    def _read(self, number: int) -> bytes:
        """Return the bytes of a segment; a file that the disk no longer gives is damage, its records are lost."""
        try:
            return self.storage.read(_name(number))
        except OSError:
            self.damaged += 1
            return b""

    # ---- recovery

    def _recover(self) -> None:
        stems = [name[: -len(_SUFFIX)] for name in self.storage.names() if name.endswith(_SUFFIX)]
        found = sorted([int(stem) for stem in stems if stem and not stem.strip("0123456789")])
        numbers = self._own(found) if found else [1]
        self._first, self._newest = numbers[0], numbers[-1]
        for number in numbers:
            data = self._read(number)
            self._newest_bytes = len(data)
            self.size_bytes += len(data)
            self._torn = bool(data) and not data.endswith(b"\n")
            self._scan(data)

    def _own(self, numbers: "list[int]") -> "list[int]":
        """Return the numbers of the journal's own segments; it never counts its way to a foreign file far off."""
        runs = [numbers[:1]]
        for number in numbers[1:]:
            if number - runs[-1][-1] > _SEGMENTS:
                runs.append([])
            runs[-1].append(number)
        if len(runs) == 1:
            return numbers
        own = max(runs, key=self._records_in)
        self.damaged += len(numbers) - len(own)
        return own

    def _records_in(self, numbers: "list[int]") -> int:
        return sum([len(_records(self._read(number), 0, self.segment_bytes)[0]) for number in numbers])

    def _scan(self, data: bytes) -> None:
        offset = 0
        while offset < len(data):
            record, offset = _next_record(data, offset)
            if record:
                self.count += 1
                self.last = max(self.last, record[0])
            else:
                self.damaged += 1


def _name(number: int) -> str:
    return f"{number:08d}{_SUFFIX}"


def _records(data: bytes, offset: int, limit: int) -> "tuple[list[Record], int]":
    """Return up to `limit` whole records from `offset` on, and the offset after them."""
    found: list[Record] = []
    while offset < len(data) and len(found) < limit:
        record, offset = _next_record(data, offset)
        if record:
            found.append(record)
    return found, offset


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
