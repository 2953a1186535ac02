"""Rights as they were when they last changed: read once for everybody who comes in."""

from collections import OrderedDict

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.text import TextRights, load_text_rights
from app.ids import ReportId

_REPORTS_KEPT = 256


class KnownRights:
    """The rights in reports, each as of a version, read anew when a report's version has moved.

    Whatever a right depends on counts the version up in the transaction that changes it. So what
    was read at or after a version holds for as long as that version does.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[ReportId, tuple[int, TextRights]] = OrderedDict()

    async def of(self, session: AsyncSession, report_id: ReportId, version: int) -> TextRights:
        """Return the rights of everybody in the report.

        version: its change counter's `rights_version`, read in this session.
        """
        known = self._known.get(report_id)
        if known is None or known[0] != version:
            known = (version, await load_text_rights(session, report_id))
            self._known[report_id] = known
        self._known.move_to_end(report_id)
        if len(self._known) > _REPORTS_KEPT:
            self._known.popitem(last=False)
        return known[1]
