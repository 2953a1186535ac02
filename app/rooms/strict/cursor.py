"""Reads the numbers and texts of an update from the front; whatever does not fit is Malformed."""

from app.rooms.frames import Malformed

MAX_CLIENT_ID = 2**53
# Eight bytes of seven bits: the last one is shifted by 49.
_LAST_SHIFT = 49


class Cursor:
    """A place in bytes. Reading behind the end raises IndexError, which the caller translates."""

    __slots__ = ("at", "size", "source")

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.size = len(source)
        self.at = 0

    def byte(self) -> int:
        """Take one byte."""
        at = self.at
        self.at = at + 1
        return self.source[at]

    def uint(self) -> int:
        """Take a varuint of at most 8 bytes, written as short as it can be."""
        source, at = self.source, self.at
        byte = source[at]
        if byte < 0x80:
            self.at = at + 1
            return byte
        value, shift = byte & 0x7F, 7
        while True:
            at += 1
            byte = source[at]
            if byte < 0x80:
                break
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > _LAST_SHIFT:
                raise Malformed("A number is too long.")
        if byte == 0:
            raise Malformed("A number is written longer than needed.")
        self.at = at + 1
        return value | byte << shift

    def count(self) -> int:
        """Take a varuint that counts things of at least one byte each, all still to come."""
        count = self.uint()
        if count > self.size - self.at:
            raise Malformed("A count is larger than what follows.")
        return count

    def string(self) -> str:
        """Take a length and that many bytes of UTF-8."""
        length = self.uint()
        start = self.at
        self.at = end = start + length
        if end > self.size:
            raise Malformed("A text is longer than what follows.")
        try:
            return self.source[start:end].decode()
        except UnicodeDecodeError:
            raise Malformed("A text is not UTF-8.") from None

    def client_id(self) -> int:
        """Take a client id."""
        client_id = self.uint()
        if client_id >= MAX_CLIENT_ID:
            raise Malformed("A client id is too large.")
        return client_id

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.at != self.size:
            raise Malformed("The update is longer than it says.")
