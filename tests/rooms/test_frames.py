"""The codec of the live protocols, against the committed samples and against noise."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms import frames
from app.rooms.frames import Auth, AwarenessEntry, Frame, Kind, Malformed, Sync

SAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "contracts/samples/frames.json").read_text()
)
CLIENT_IDS = st.integers(0, 2**53 - 1)


def frame_of(sample: dict[str, Any]) -> Frame:
    kind = Kind[sample["kind"]]
    names: Any = {Kind.SYNC: Sync, Kind.AUTH: Auth}.get(kind)
    sub = sample.get("sub", 0)
    return Frame(
        kind,
        sample.get("address", ""),
        names[sub] if names else sub,
        bytes.fromhex(sample.get("body", "")),
        sample.get("text", ""),
        sample.get("version", ""),
    )


@pytest.mark.parametrize("sample", SAMPLES["hocuspocus"], ids=lambda sample: sample["name"])
def test_each_sample_is_read_and_written_as_it_stands(sample: dict[str, Any]) -> None:
    source = bytes.fromhex(sample["hex"])

    frame = frames.decode(source)

    assert frame == frame_of(sample["frame"])
    assert frames.encode(frame) == source


@pytest.mark.parametrize("sample", SAMPLES["malformed"], ids=lambda sample: sample["name"])
def test_malformed_bytes_are_refused_by_one_error(sample: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        frames.decode(bytes.fromhex(sample["hex"]))


@pytest.mark.parametrize("sample", SAMPLES["awareness"], ids=lambda sample: sample["name"])
def test_awareness_samples(sample: dict[str, Any]) -> None:
    entries = [AwarenessEntry(**entry) for entry in sample["entries"]]

    assert frames.decode_awareness(bytes.fromhex(sample["hex"])) == entries
    assert frames.encode_awareness(entries).hex() == sample["hex"]


def test_a_token_without_a_version_is_read() -> None:
    source = frames.string("d1") + b"\x02\x00" + frames.string("secret")

    assert frames.decode(source).text == "secret"


def test_the_name_is_the_address_without_its_session() -> None:
    assert Frame(Kind.CLOSE, "section\x00abc").name == "section"


@given(st.binary(max_size=200))
def test_noise_is_a_frame_or_malformed(noise: bytes) -> None:
    for decode in (frames.decode, frames.decode_bare, frames.decode_vector):
        try:
            decode(noise)
        except Malformed:
            continue


@given(st.binary(max_size=60))
def test_what_is_read_is_written_back_to_the_same_frame(noise: bytes) -> None:
    try:
        frame = frames.decode(noise)
    except Malformed:
        return
    assert frames.decode(frames.encode(frame)) == frame


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\x00\x02", b"\x00\x01", b"\x01\x02", b"\x00\x82\x00"]),
    st.binary(max_size=200) | st.builds(frames.sized, st.binary(max_size=200)),
)
def test_a_keystroke_is_read_like_any_other_frame(
    address: bytes, kinds: bytes, rest: bytes
) -> None:
    source = frames.sized(address) + kinds + rest

    assert _read(frames.decode, source) == _read_with_care(address, kinds + rest)


def _read(decode: Callable[[bytes], Frame], source: bytes) -> Frame | None:
    try:
        return decode(source)
    except Malformed:
        return None


def _read_with_care(address: bytes, message: bytes) -> Frame | None:
    """The bare protocol has no frames that are read at a glance."""
    frame = _read(frames.decode_bare, message)
    if frame is None:
        return None
    try:
        return frame._replace(address=address.decode())
    except UnicodeDecodeError:
        return None


@given(st.integers(0, 2**55))
def test_numbers_come_back(value: int) -> None:
    assert frames.Reader(frames.uint(value)).uint() == value


@given(st.lists(st.tuples(CLIENT_IDS, st.integers(0, 2**40), st.text()), max_size=5))
def test_awareness_comes_back(entries: list[tuple[int, int, str]]) -> None:
    made = [AwarenessEntry(*entry) for entry in entries]

    assert frames.decode_awareness(frames.encode_awareness(made)) == made


def test_a_huge_length_costs_nothing() -> None:
    with pytest.raises(Malformed):
        frames.decode(b"\xff" * 200_000)


def test_a_bare_frame_has_no_address_and_few_kinds() -> None:
    assert frames.decode_bare(b"\x00\x00\x01\x00").body == b"\x00"
    with pytest.raises(Malformed):
        frames.decode_bare(b"\x05\x02hi")
