"""What is said of a log that is not what was written."""

from dataclasses import dataclass

from app.errors import Refused
from app.ids import SectionId, Seq


@dataclass(frozen=True, slots=True)
class Damage:
    """The first row of a log that is missing or not what was written."""

    section_id: SectionId
    seq: Seq

    @property
    def sentence(self) -> str:
        """What people are told."""
        return (
            f"This text is damaged at row {self.seq} of its log. What came before is shown; "
            "nobody can change it until it has been repaired from a backup."
        )


class DamagedLog(Refused):
    """What was asked for lies behind a damaged row."""
