"""The whole schema, one file per aggregate; importing this package registers every table."""

from app.db.tables.exports import Export, StoredFile
from app.db.tables.people import (
    ApiToken,
    Member,
    OneTimeLink,
    Seat,
    SeatRole,
    SignIn,
    SignInTry,
    Subgroup,
    SubgroupMember,
    WorkingGroup,
)
from app.db.tables.plenary import Decision, HallScreen, Meeting, ParagraphStatus
from app.db.tables.reports import ChangeCounter, MandateItem, Report, Section, SectionMandateItem
from app.db.tables.revisions import Revision, SectionStateChange
from app.db.tables.rooms import Checkpoint, ClientBinding, LiveTicket, LogEntry, LogSegment

__all__ = [
    "ApiToken",
    "ChangeCounter",
    "Checkpoint",
    "ClientBinding",
    "Decision",
    "Export",
    "HallScreen",
    "LiveTicket",
    "LogEntry",
    "LogSegment",
    "MandateItem",
    "Meeting",
    "Member",
    "OneTimeLink",
    "ParagraphStatus",
    "Report",
    "Revision",
    "Seat",
    "SeatRole",
    "Section",
    "SectionMandateItem",
    "SectionStateChange",
    "SignIn",
    "SignInTry",
    "StoredFile",
    "Subgroup",
    "SubgroupMember",
    "WorkingGroup",
]
