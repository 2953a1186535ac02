"""The typefaces of the PDF's tests, from the packages that the front end installs."""

import re
from pathlib import Path

from app.settings import REPOSITORY

_PACKAGES = REPOSITORY / "frontend" / "node_modules" / "@expo-google-fonts"
_LISTED = REPOSITORY / "frontend" / "build" / "localFonts.ts"


def lay_out(folder: Path) -> Path:
    """Fill a folder with the same files that the built front end serves; return it."""
    listed = re.findall(r'"([\w-]+\.ttf)": "([^"]+)"', _LISTED.read_text(encoding="utf-8"))
    for name, source in listed:
        (folder / name).symlink_to(_PACKAGES / source)
    return folder
