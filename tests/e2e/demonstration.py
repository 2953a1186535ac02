"""A server that holds the demonstration, and its people's way in over HTTP."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tests.house.people import API, told
from tests.house.servers import ANSWER_S, LiveServer

CHAIR = "Chair"
SECRETARIAT = "Secretariat, drafting"


class Demonstration:
    """The demonstration, on SQLite, as it stands in the middle of an open meeting."""

    def __init__(self, home: Path) -> None:
        """Seed it and start its server."""
        self.server = LiveServer(home, {})
        printed = self.server.run("demo")
        self._links = dict(re.findall(r"^ +(\S.*?) {2,}http\S*/([\w-]+)$", printed, re.MULTILINE))
        self.server.start()
        self.chair = self._signs_in(CHAIR)
        self.secretariat = self._signs_in(SECRETARIAT)

    @cached_property
    def report(self) -> Any:
        """The report, with its sections and working group."""
        [listed] = told(self.chair.get("/reports"), 200)
        return told(self.chair.get(f"/reports/{listed['id']}"), 200)

    @cached_property
    def meeting(self) -> Any:
        """The meeting that is open, with the floor."""
        view = told(self.chair.get(f"/reports/{self.report['id']}/view"), 200)
        return view["meeting"]

    @property
    def words_on_floor(self) -> str:
        """Some of the words of the paragraph on the floor."""
        floor = self.meeting["floor"]
        text = told(self.chair.get(f"/sections/{floor['section_id']}/text"), 200)
        block = next(one for one in text["blocks"] if one["id"] == floor["paragraph_id"])
        return max((str(run.get("text", "")) for run in block["runs"]), key=len).strip()

    def opens_screen(self) -> str:
        """Open a hall screen; return its path."""
        path = f"/meetings/{self.meeting['id']}/screens"
        opened = told(self.chair.post(path, json={"label": "Hall"}), 201)
        return f"/screen/{opened['token']}"

    def cookies(self, person: httpx.Client) -> list[Any]:
        """Return what a browser keeps of a person's sign-in."""
        return [
            {"name": name, "value": text, "url": self.server.url}
            for name, text in person.cookies.items()
        ]

    def close(self) -> None:
        """End the server."""
        self.chair.close()
        self.secretariat.close()
        self.server.stop()

    def _signs_in(self, name: str) -> httpx.Client:
        url = self.server.url
        person = httpx.Client(base_url=f"{url}{API}", headers={"Origin": url}, timeout=ANSWER_S)
        told(person.post("/sign-ins/by-link", json={"token": self._links[name]}), 201)
        return person
