"""Updates that no section takes, whatever it holds: each shape by its name."""

import pytest

from app.rooms.frames import Malformed
from app.rooms.strict.update import read_update
from app.rooms.strict.values import ForeignContent
from tests.strict.wire import EMBED, FORMAT, GC, SKIP, STRING, TYPE, Part, Written, says, words

# -------------------------------------------------------------------- what is known of old

KNOWN = {
    "P1": "0101ec07d804a8ec07ae0f00000104060374763201020101000001010000",
    "P2": "0104eb070001010161ffffffffffffffffff0188eb0700037d02770178760101797d01c1eb0700eb070101"
    "000601eb070200010407",
    "P3": "0101ec07d8ffffffffffffff0fa8ec0790010177017101ec0701900101",
    "A1": "0101f007ffffffffffffffffff01040101740361626300",
    "S1": "0101050008010174017501" + "7501" * 26_256 + "7f00",
    "S3": "01d19f01010007010178030161" + "0700010003016100" * 20_400 + "00",
    "D1": "01e80701000701017401" + "070001000100" * 999 + "00",
    "M1": "80808040",
    "U1, origin": "0101050084050001780000",
    "U1, right": "01010500440500017800",
    "U1, ahead": "01020500840501017884050001780000",
}


@pytest.mark.parametrize("hostile", KNOWN.values(), ids=KNOWN)
def test_what_is_known_to_break_the_library_never_reaches_it(hostile: str) -> None:
    with pytest.raises((Malformed, ForeignContent)):
        read_update(bytes.fromhex(hostile))


# -------------------------------------------------------------------- form


@pytest.mark.parametrize(
    "update",
    [
        b"\xff" * 9 + b"\x01",
        b"\x80\x00\x00",
        b"\x01\x00\x05\x00\x00",
        says(Written(2**53, 0, [words("x", parent="body")])),
        says(Written(5, 2**31, [words("x", parent="body")])),
        says(Written(5, 0, [Part(GC, 2**31 - 1), Part(GC, 2)])),
        says(Written(5, 0, [Part(GC, 0)])),
        says(Written(5, 0, [words("", parent="body")])),
        says(Written(5, 0, [words("x", parent="body")]), Written(5, 0, [Part(GC, 1)])),
        says(Written(5, 0, [Part(GC, 1, extra_bits=0x80)])),
        says(Written(5, 0, [Part(SKIP, 1, extra_bits=0x20)])),
        says(Written(5, 0, [Part(11, b"", parent="body")])),
        says(Written(5, 0, [words("x", parent="body")])) + b"\x00",
        says(deletes=[(5, [(0, 0)])]),
        says(deletes=[(5, [(2**31 - 1, 1)])]),
        says(deletes=[(5, [(0, 1)]), (5, [(0, 1)])]),
        says(Written(5, 0, [Part(STRING, b"\xed\xa0\x80", parent="body")])),
        b"\x00\x01\x05\x7f\x00\x01",
    ],
    ids=[
        "long number", "longer than needed", "no parts", "client id", "clock", "length",
        "no length", "no words", "client twice", "gone with bits", "gap with bits", "kind",
        "trailing", "nothing deleted", "deleted clock", "deletes twice", "half a character",
        "more than there is",
    ],
)  # fmt: skip
def test_no_honest_client_writes_like_this(update: bytes) -> None:
    with pytest.raises(Malformed):
        read_update(update)


@pytest.mark.parametrize("kind", [2, 3, 8, 9])
def test_only_words_marks_embeds_and_footnotes_are_taken(kind: int) -> None:
    with pytest.raises(ForeignContent):
        read_update(says(Written(5, 0, [Part(kind, b"\x00", parent="body")])))


@pytest.mark.parametrize(
    "value",
    [
        "NaN", "-Infinity", "1e999", "9007199254740993", '{"__proto__":1}',
        '{"a":{"\\u005f_proto__":1}}', "[" * 17 + "]" * 17, '"\\ud800"', "undefined", "",
        '"' + "x" * 17_000 + '"',
    ],
)  # fmt: skip
def test_no_mark_and_no_embed_says_what_libraries_read_differently(value: str) -> None:
    for part in (Part(FORMAT, ("link", value)), Part(EMBED, f'{{"a":{value}}}')):
        part.parent = "body"
        with pytest.raises((Malformed, ForeignContent)):
            read_update(says(Written(5, 0, [part])))


@pytest.mark.parametrize("key", ["", "__proto__", "x" * 201, "a\nb", "a\x7f"])
def test_no_mark_and_no_footnote_has_such_a_name(key: str) -> None:
    mark = Part(FORMAT, (key, "true"), parent="body")
    note = Part(TYPE, 2, parent="notes", key=key)
    for part in (mark, note):
        with pytest.raises(ForeignContent):
            read_update(says(Written(5, 0, [part])))


@pytest.mark.parametrize("value", ['"text"', "1", "null", "[1]"])
def test_what_is_embedded_is_an_object(value: str) -> None:
    with pytest.raises(ForeignContent):
        read_update(says(Written(5, 0, [Part(EMBED, value, parent="body")])))


@pytest.mark.parametrize("value", ['{"b":1}', '{"a":' * 15 + "1" + "}" * 15, '{"a":1.5}'])
def test_honest_embeds_are_taken(value: str) -> None:
    assert read_update(says(Written(5, 0, [Part(EMBED, value, parent="body")]))).embeds
