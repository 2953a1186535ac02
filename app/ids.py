"""The identifiers and small distinct types that every storey shares."""

import secrets
from typing import NewType
from uuid import UUID

import uuid_utils

MemberId = NewType("MemberId", UUID)
WorkingGroupId = NewType("WorkingGroupId", UUID)
SubgroupId = NewType("SubgroupId", UUID)
ReportId = NewType("ReportId", UUID)
SectionId = NewType("SectionId", UUID)
MeetingId = NewType("MeetingId", UUID)
DecisionId = NewType("DecisionId", UUID)
RevisionId = NewType("RevisionId", UUID)

ParagraphId = NewType("ParagraphId", str)
"""`p` and 12 characters of lower-case base32; never a label."""

Seq = NewType("Seq", int)
"""The clock of one section: the number of a row in its UpdateLog, from 1; 0 is the empty log."""

TextHash = NewType("TextHash", str)
"""SHA-256 in hexadecimal of a paragraph's canonical text (app.text.hashing)."""

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def new_id() -> UUID:
    """Return a fresh UUIDv7: unique, and sortable by the time of its making."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def new_paragraph_id() -> ParagraphId:
    """Return a fresh block id: `p` and 12 characters (60 random bits)."""
    return ParagraphId("p" + "".join(secrets.choice(_BASE32) for _ in range(12)))
