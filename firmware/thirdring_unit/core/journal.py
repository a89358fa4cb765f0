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
_PIECE_BYTES = MAX_LINE_BYTES  # so much is read at once: a Pico finds no room for a whole segment
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
        self._oldest: Contents | None = None  # of the oldest segment, once looked up
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
            found = self._look_through(self._newest)
            self._torn = found.is_torn or not found.size_bytes
            self._newest_bytes = max(was_bytes, found.size_bytes)
            raise
        finally:
            self.size_bytes += self._newest_bytes - was_bytes

    def release(self, key: Key) -> None:
        """Remove the segments in which every record is below `key`, save the one being written."""
        while self._first < self._newest and self._look_up_oldest().last < key:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Remove the oldest segment with its records; one that the disk will not let go comes again after a restart."""
        if self._first == self._newest:
            self._begin_segment()
        oldest = self._look_up_oldest()
        try:
            self.storage.remove(_name(self._first))
        except OSError:
            self.damaged += 1
        self.size_bytes -= oldest.size_bytes
        self.count -= oldest.count
        self._first += 1
        self._oldest = None
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
        end = (self._first + 1, 0) if self._first < self._newest else self.end
        return self._read_until(self.start, end, self.segment_bytes)[0]

    def read(self, place: Place, limit: int) -> "tuple[list[Record], Place]":
        """Return up to `limit` records from `place` on, and the place after them."""
        return self._read_until(max(place, self.start), self.end, limit)

    def _read_until(self, place: Place, end: Place, limit: int) -> "tuple[list[Record], Place]":
        found: list[Record] = []
        while len(found) < limit and place < end:
            data = self._read(place)
            offset, whole_bytes = 0, _whole_lines(data)
            while offset < whole_bytes and len(found) < limit:
                record, offset = _next_record(data, offset)
                if record:
                    found.append(record)
            place = (place[0], place[1] + offset) if data else (place[0] + 1, 0)
        return found, min(place, end)

    def _look_up_oldest(self) -> "Contents":
        if self._oldest is None:
            self._oldest = self._look_through(self._first)
        return self._oldest

    def _look_through(self, number: int) -> "Contents":
        found = Contents()
        data = self._read((number, 0))
        while data:
            found.add(data, _whole_lines(data))
            data = self._read((number, found.size_bytes))
        return found

    def _read(self, place: Place) -> bytes:
        """Return a piece of a segment; a file that the disk no longer gives is damage, its records are lost."""
        try:
            return self.storage.read(_name(place[0]), place[1], _PIECE_BYTES)
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
            contents = self._look_through(number)
            self._newest_bytes = contents.size_bytes
            self._torn = contents.is_torn
            self.size_bytes += contents.size_bytes
            self.count += contents.count
            self.damaged += contents.damaged
            self.last = max(self.last, contents.last)

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
        return sum([self._look_through(number).count for number in numbers])


class Contents:
    """What a segment holds, without holding it: its bytes, whole records, damaged lines, and the highest key.

    `is_torn` tells that its last line has no end.
    """

    def __init__(self) -> None:
        self.size_bytes = 0
        self.count = 0
        self.damaged = 0
        self.last: Key = (0, 0)
        self.is_torn = False

    def add(self, data: bytes, end: int) -> None:
        """Take the lines of a piece until `end`."""
        offset = 0
        while offset < end:
            record, offset = _next_record(data, offset)
            if record:
                self.count += 1
                self.last = max(self.last, record[0])
            else:
                self.damaged += 1
        self.size_bytes += end
        self.is_torn = data[end - 1 : end] != b"\n"


def _name(number: int) -> str:
    return f"{number:08d}{_SUFFIX}"


def _whole_lines(data: bytes) -> int:
    """Return how many bytes of a piece are whole lines; the last line of a segment is whole, however it ends."""
    return len(data) if len(data) < _PIECE_BYTES else data.rfind(b"\n") + 1 or len(data)


def _next_record(data: bytes, offset: int) -> "tuple[Record | None, int]":
    """Return the record of the line at `offset`, None when it is damaged, and the offset of the next line."""
    text = unseal(data, offset)
    after = data.find(b"\n", offset) + 1 or len(data)
    if text is None:
        return None, after
    boot, seq, payload = bytes(text).split(b" ", 2)
    return ((int(boot), int(seq)), payload), after
