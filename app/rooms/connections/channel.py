"""The report's channel: a read-only, empty document beside which notices come."""

from app.rooms.connections.attachment import Attachment
from app.rooms.frames import EMPTY_UPDATE, EMPTY_VECTOR, Frame, Kind, Sync, decode_vector


def answer_channel(channel: Attachment, frame: Frame) -> None:
    """Answer what a client asks of an empty document that nobody can write.

    Raises: Malformed.
    """
    if frame.kind not in (Kind.SYNC, Kind.SYNC_REPLY):
        return
    if frame.sub == Sync.STEP1:
        decode_vector(frame.body)
        channel.step2(lambda: EMPTY_UPDATE)
        if frame.kind is Kind.SYNC:
            channel.step1(EMPTY_VECTOR)
    else:
        channel.status(frame.body == EMPTY_UPDATE)
