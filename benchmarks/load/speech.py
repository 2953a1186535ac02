"""How clients of the two sync protocols speak: with an address and acknowledgements, or without."""

from dataclasses import dataclass

from app.rooms.frames import (
    EMPTY_UPDATE,
    EMPTY_VECTOR,
    PING,
    Auth,
    Frame,
    Kind,
    Sync,
    decode,
    decode_bare,
    encode,
    encode_bare,
)


@dataclass(frozen=True, slots=True)
class Speech:
    """One protocol. has_addresses: it is Hocuspocus's; without, it is y-websocket's."""

    name: str
    has_addresses: bool

    def opening(self, address: str, token: str, vector: bytes = EMPTY_VECTOR) -> list[bytes]:
        """Return what a client says first: who it is, and what it has."""
        step1 = self.frame(Kind.SYNC, address, Sync.STEP1, vector)
        if not self.has_addresses:
            return [step1]
        return [encode(Frame(Kind.AUTH, address, Auth.TOKEN, text=token or "-")), step1]

    def update(self, address: str, update: bytes) -> bytes:
        """Return an edit as it is sent."""
        return self.frame(Kind.SYNC, address, Sync.UPDATE, update)

    def answer(self, address: str) -> bytes:
        """Return what a client that has written nothing says when it is asked for its edits."""
        return self.frame(Kind.SYNC, address, Sync.STEP2, EMPTY_UPDATE)

    def frame(self, kind: Kind, address: str, sub: int, body: bytes) -> bytes:
        """Return a frame's bytes."""
        frame = Frame(kind, address if self.has_addresses else "", sub, body)
        return encode(frame) if self.has_addresses else encode_bare(frame)

    def read(self, source: bytes) -> Frame:
        """Return what was said."""
        if source == PING:
            return Frame(Kind.PING)
        return decode(source) if self.has_addresses else decode_bare(source)


HOCUSPOCUS = Speech("hocuspocus", True)
Y_WEBSOCKET = Speech("y-websocket", False)
