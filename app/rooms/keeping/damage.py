"""What is said of a log that is not what was written."""

from dataclasses import dataclass

from app.errors import Refused
from app.ids import SectionId, Seq


@dataclass(frozen=True, slots=True)
class Damage:
    """The first row of a log that is missing or not what was written: everything before is whole.

    in_head: the rows themselves are whole, but the section's row tells of another end.
    """

    section_id: SectionId
    seq: Seq
    in_head: bool = False

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if self.in_head:
            return f"behind row {self.seq - 1}: the end of the log is not the one that was written"
        return f"at row {self.seq}"

    @property
    def sentence(self) -> str:
        """What people are told."""
        where = f"behind row {self.seq - 1}" if self.in_head else f"at row {self.seq}"
        return (
            f"This text is damaged {where} of its log. What came before is shown; "
            "nobody can change it until it has been repaired from a backup."
        )


class DamagedLog(Refused):
    """What was asked for lies behind a damaged row."""
