"""Damages real updates: bytes, numbers, lengths, and every field by name."""

import random
from collections.abc import Callable, Iterator

from app.rooms.frames import uint
from tests.strict.likely import KEYS, NUMBERS, PARENTS, TEXTS, VALUES
from tests.strict.wire import (
    DELETED,
    EMBED,
    FORMAT,
    GC,
    KINDS,
    SKIP,
    STRING,
    TYPE,
    Part,
    Parts,
    Unit,
    Written,
    put_together,
    take_apart,
)


class Mutator:
    """Makes mutants of one update, for a text of this state and these clocks.

    others: updates of the same session.
    """

    def __init__(
        self, chance: random.Random, state: bytes, vector: dict[int, int], others: list[bytes]
    ) -> None:
        self.chance = chance
        self.state = state
        self.vector = vector
        self.others = others

    def mutant(self, update: bytes) -> bytes:
        """Return the update with one to three damages."""
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            update = self._damaged(update)
        return update

    def _damaged(self, update: bytes) -> bytes:
        if self.chance.random() < 0.35:
            return self.chance.choice(_ON_BYTES)(self, bytearray(update))
        try:
            parts = take_apart(update)
        except Exception:
            return self.chance.choice(_ON_BYTES)(self, bytearray(update))
        self.chance.choice(_ON_PARTS)(self, parts)
        return put_together(parts)

    # ------------------------------------------------------------------ places

    def unit(self, parts: Parts) -> Unit:
        """Something that is there, that is about to be, or that never was."""
        roll = self.chance.random()
        if roll < 0.55 and self.vector:
            client = self.chance.choice(list(self.vector))
            return client, self.chance.randrange(self.vector[client] + (roll < 0.02))
        if roll < 0.9 and parts.clients:
            written = self.chance.choice(parts.clients)
            return written.client, written.clock + self.chance.randint(-1, 6) % 2**31
        return self.chance.choice(NUMBERS), self.chance.choice(NUMBERS)

    def part(self, parts: Parts) -> Part | None:
        """One of the parts, if there are any."""
        everything = [part for written in parts.clients for part in written.parts]
        return self.chance.choice(everything) if everything else None


# ------------------------------------------------------------------------ on bytes


def _flip(m: Mutator, update: bytearray) -> bytes:
    if update:
        update[m.chance.randrange(len(update))] ^= 1 << m.chance.randrange(8)
    return bytes(update)


def _set(m: Mutator, update: bytearray) -> bytes:
    if update:
        update[m.chance.randrange(len(update))] = m.chance.choice((0, 1, 0x7F, 0x80, 0xFF, 4, 7))
    return bytes(update)


def _number(m: Mutator, update: bytearray) -> bytes:
    at = m.chance.randrange(len(update) + 1)
    number = m.chance.choice((uint(m.chance.choice(NUMBERS)), b"\x80\x00", b"\xff" * 12))
    update[at : at + m.chance.randint(0, 2)] = number
    return bytes(update)


def _cut(m: Mutator, update: bytearray) -> bytes:
    return bytes(update[: m.chance.randrange(len(update) + 1)])


def _lose(m: Mutator, update: bytearray) -> bytes:
    at = m.chance.randrange(len(update) + 1)
    del update[at : at + m.chance.randint(1, 8)]
    return bytes(update)


def _splice(m: Mutator, update: bytearray) -> bytes:
    other = m.chance.choice(m.others)
    at, start = m.chance.randrange(len(update) + 1), m.chance.randrange(len(other) + 1)
    return bytes(update[:at]) + other[start:]


def _double(m: Mutator, update: bytearray) -> bytes:
    at = m.chance.randrange(len(update) + 1)
    piece = bytes(update[at : at + m.chance.randint(1, 20)])
    return bytes(update[:at]) + piece + bytes(update[at:])


# ------------------------------------------------------------------------ on fields


def _clock(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        written = m.chance.choice(parts.clients)
        moved = max(0, written.clock + m.chance.choice((-3, -2, -1, 1, 2)))
        written.clock = m.chance.choice((moved, moved, moved, m.chance.choice(NUMBERS)))


def _client(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        written = m.chance.choice(parts.clients)
        client = m.chance.choice([*m.vector, *NUMBERS, 4242])
        written.client = client
        if m.chance.random() < 0.7:
            written.clock = m.vector.get(client, 0)


def _origin(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.origin = m.chance.choice((m.unit(parts), m.unit(parts), None))


def _right(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.right = m.chance.choice((m.unit(parts), m.unit(parts), None))


def _swap(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.origin, part.right = part.right, part.origin


def _parent(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.origin = part.right = None
        part.parent = m.chance.choice((m.chance.choice(PARENTS), m.unit(parts)))
        part.key = m.chance.choice((None, None, m.chance.choice(KEYS)))


def _bits(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.extra_bits = m.chance.choice((0x20, 0x40, 0x80, 0x10, 0x08, 0))


def _body(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.body = fresh_body(m.chance, part.kind)


def _kind(m: Mutator, parts: Parts) -> None:
    if part := m.part(parts):
        part.kind = m.chance.choice(KINDS)
        part.body = fresh_body(m.chance, part.kind)


def _again(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        written = m.chance.choice(parts.clients)
        written.parts.insert(m.chance.randrange(len(written.parts) + 1), fresh_part(m, parts))


def _drop(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        written = m.chance.choice(parts.clients)
        if written.parts:
            written.parts.pop(m.chance.randrange(len(written.parts)))


def _shuffle(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        m.chance.shuffle(m.chance.choice(parts.clients).parts)


def _block_again(m: Mutator, parts: Parts) -> None:
    if parts.clients:
        parts.clients.append(m.chance.choice(parts.clients))


def _clocks(written: Written) -> Iterator[tuple[Part, int]]:
    clock = written.clock
    for part in written.parts:
        yield part, clock
        clock += part.length


def _beside(m: Mutator, parts: Parts) -> None:
    """New words where somebody once wrote, whatever was put there since."""
    found = [
        (part, written.client, clock)
        for written in take_apart(m.state).clients
        for part, clock in _clocks(written)
    ]
    if not found:
        return
    part, owner, first = m.chance.choice(found)
    client = m.chance.choice([*m.vector, *m.vector, 4242])
    new = Part(STRING, m.chance.choice(("x", "new", "é")))
    at = first + m.chance.randrange(part.length)
    if m.chance.random() < 0.5 and at > first:
        new.origin, new.right = (owner, at - 1), (owner, at)
    elif m.chance.random() < 0.5:
        new.origin, new.right = part.origin, (owner, first)
    else:
        new.origin, new.right = (owner, at), part.right
    new.parent, new.key = part.parent, part.key
    known = next((w for w in parts.clients if w.client == client), None)
    if known is None:
        known = Written(client, m.vector.get(client, 0), [])
        parts.clients.append(known)
    known.parts.append(new)


def _block_new(m: Mutator, parts: Parts) -> None:
    client = m.chance.choice([*m.vector, 4242, 4243, 0, 2**32 - 1, 2**53 - 1])
    written = Written(client, m.vector.get(client, 0), [])
    parts.clients.append(written)
    written.parts = [fresh_part(m, parts) for _ in range(m.chance.randint(1, 4))]


def _split_block(m: Mutator, parts: Parts) -> None:
    """The second half of what a client wrote goes to another client."""
    if parts.clients:
        written = m.chance.choice(parts.clients)
        at = m.chance.randrange(len(written.parts) + 1)
        parts.clients.append(Written(4242, m.vector.get(4242, 0), written.parts[at:]))
        del written.parts[at:]


def _delete_new(m: Mutator, parts: Parts) -> None:
    client, clock = m.unit(parts)
    length = m.chance.choice((1, 1, 2, 3, 10, m.chance.choice(NUMBERS)))
    parts.deletes.append((client, [(max(0, clock), length)]))


def _delete_else(m: Mutator, parts: Parts) -> None:
    if parts.deletes:
        _, ranges = m.chance.choice(parts.deletes)
        start, length = m.chance.choice(ranges) if ranges else (0, 1)
        moved = max(0, start + m.chance.randint(-2, 2)), max(0, length + m.chance.randint(-1, 3))
        ranges.append(moved)


def _delete_less(m: Mutator, parts: Parts) -> None:
    if parts.deletes:
        parts.deletes.pop(m.chance.randrange(len(parts.deletes)))


def _merge(m: Mutator, parts: Parts) -> None:
    """What another update says, beside this one."""
    other = take_apart(m.chance.choice(m.others))
    parts.clients += other.clients
    parts.deletes += other.deletes


def fresh_part(m: Mutator, parts: Parts) -> Part:
    """Return a part that was never written, somewhere."""
    chance = m.chance
    kind = chance.choice((STRING, STRING, FORMAT, EMBED, TYPE, DELETED, GC, chance.choice(KINDS)))
    part = Part(kind, fresh_body(chance, kind))
    if chance.random() < 0.8:
        part.origin = m.unit(parts) if chance.random() < 0.8 else None
        part.right = m.unit(parts) if chance.random() < 0.6 else None
    part.parent = chance.choice((chance.choice(PARENTS[:2]), m.unit(parts)))
    part.key = chance.choice((None, None, chance.choice(KEYS)))
    return part


def fresh_body(chance: random.Random, kind: int) -> object:
    """Return a content for a part of this kind, likely or not."""
    if kind in (GC, SKIP, DELETED):
        return chance.choice((1, 1, 2, 3, chance.choice(NUMBERS)))
    if kind == STRING:
        return chance.choice(TEXTS)
    if kind == EMBED:
        return chance.choice(('{"b":1}', '{"fn":"na"}', chance.choice(VALUES)))
    if kind == FORMAT:
        return chance.choice(KEYS), chance.choice(VALUES)
    if kind == TYPE:
        return chance.choice((2, 2, 2, 0, 1, 3, 4, 6, 9))
    return bytes(chance.randrange(256) for _ in range(chance.randrange(12)))


_ON_BYTES: list[Callable[[Mutator, bytearray], bytes]] = [
    _flip, _flip, _set, _number, _cut, _lose, _splice, _double,
]  # fmt: skip
_ON_PARTS: list[Callable[[Mutator, Parts], None]] = [
    _clock, _clock, _client, _origin, _origin, _right, _right, _swap, _parent, _bits, _body,
    _body, _kind, _again, _again, _drop, _shuffle, _block_again, _block_new, _block_new,
    _split_block, _delete_new, _delete_new, _delete_else, _delete_less, _merge,
]  # fmt: skip
