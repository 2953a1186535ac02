"""Sets a server up as a secretariat would before the first draft: people, subgroups, outline."""

from typing import Any
from uuid import uuid4

import httpx

from app.access.identify import COOKIE
from tests.house.people import API, told
from tests.house.servers import ANSWER_S, LiveServer

GROUP = "Working Group on Internet Governance"


class Office:
    """The secretariat's desk on a fresh server; it speaks over HTTP, signed in by its link."""

    def __init__(self, server: LiveServer) -> None:
        """Make the working group, with its secretariat in it."""
        self._server = server
        link = server.run("member", "invite", GROUP, *_SECRETARIAT, "--role", "secretariat")
        self._http = httpx.Client(
            base_url=f"{server.url}/api/v1", headers=signed_in(server, link), timeout=ANSWER_S
        )
        self.group = str(self._get("/me")["seats"][0]["working_group"]["id"])
        self.report = ""

    def link(self, name: str) -> str:
        """Return a new one-time sign-in link of a member."""
        path = f"/working-groups/{self.group}/members/{self._member(name)['id']}/links"
        return str(self._post(path)["link"])

    def invites(self, *names: str, role: str = "member") -> None:
        """Give people seats."""
        for name in names:
            email = f"{name.lower().replace(' ', '.')}@example.org"
            asked = {"name": name, "email": email, "roles": [role]}
            self._post(f"/working-groups/{self.group}/members", asked)

    def founds(self, subgroup: str, convenor: str, *members: str) -> str:
        """Make a subgroup of members; return its id."""
        made = self._post(f"/working-groups/{self.group}/subgroups", {"name": subgroup})
        for name in (convenor, *members):
            path = f"/subgroups/{made['id']}/members/{self._member(name)['id']}"
            told(self._http.put(path, json={"convenor": name == convenor}), 200)
        return str(made["id"])

    def begins(self, title: str, *mandate: str) -> None:
        """Make the report with its mandate items."""
        asked = {"title": title, "symbol": "WG/2026/1", "mandate_items": list(mandate)}
        self.report = str(self._post(f"/working-groups/{self.group}/reports", asked)["id"])

    def lays_out(self, title: str, subgroup_id: str) -> str:
        """Add a section that the subgroup now drafts; return its id."""
        section = str(self._post(f"/reports/{self.report}/sections", {"title": title})["id"])
        given = {"subgroup_id": subgroup_id}
        told(self._http.patch(f"/sections/{section}", json=given), 200)
        self._post(f"/sections/{section}/state", {"to": "drafting"}, status=200)
        return section

    def opens_the_reading(self, section_id: str) -> "Sitting":
        """Bring a drafted section before the plenary and open a meeting on its first paragraph."""
        steps = (("Convenor", "subgroup_review"), ("Convenor", "signed_off"))
        for name, state in steps:
            self.speaks_as(name).tells("POST", f"/sections/{section_id}/state", {"to": state})
        self._post(f"/sections/{section_id}/state", {"to": "consolidated"}, status=200)
        return Sitting(self)

    def speaks_as(self, name: str) -> "Voice":
        """Return a member's way to the server over HTTP."""
        return Voice(self._server, self.link(name))

    def member_id(self, name: str) -> str:
        """Return the id of a member."""
        return str(self._member(name)["id"])

    def close(self) -> None:
        """Leave the desk."""
        self._http.close()

    def _member(self, name: str) -> Any:
        members = self._get(f"/working-groups/{self.group}/members")
        return next(member for member in members if member["name"] == name)

    def _get(self, path: str) -> Any:
        return told(self._http.get(path), 200)

    def _post(self, path: str, body: Any = None, *, status: int = 201) -> Any:
        return told(self._http.post(path, json=body), status)


def signed_in(server: LiveServer, link: str) -> dict[str, str]:
    """Use a one-time link, and return what the browser that did sends from then on."""
    token = link.strip().rpartition("/")[2]
    with httpx.Client(
        base_url=server.url, headers={"Origin": server.url}, timeout=ANSWER_S
    ) as browser:
        told(browser.post(f"{API}/sign-ins/by-link", json={"token": token}), 201)
        return {"Origin": server.url, "Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}


def a_drafting_office(server: LiveServer) -> tuple[Office, str]:
    """Return an office whose subgroup Access, Ana and its Convenor, drafts a section; its id."""
    office = Office(server)
    office.invites("Ana", "Convenor")
    office.invites("Chair", role="chair")
    subgroup = office.founds("Access", "Convenor", "Ana")
    office.begins("Report")
    return office, office.lays_out("Access for all", subgroup)


class Voice:
    """A member who speaks to the server without a browser."""

    def __init__(self, server: LiveServer, link: str) -> None:
        """Sign in by a one-time link."""
        self._url = f"{server.url}/api/v1"
        self._headers = signed_in(server, link)

    def tells(self, method: str, path: str, body: Any) -> Any:
        """Ask for something; it must be granted."""
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        answer = httpx.request(
            method, self._url + path, json=body, headers=headers, timeout=ANSWER_S
        )
        assert answer.is_success, answer.text
        return answer.json()


class Sitting:
    """An open meeting with a hall screen, led over HTTP."""

    def __init__(self, office: Office) -> None:
        """Open it; its first paragraph is on the floor."""
        self._office = office
        self._chair = chair = office.speaks_as("Chair")
        report_id = office.report
        asked = {"title": "Evening meeting", "reading": 1, "planned_minutes": 60}
        self._meeting = chair.tells("POST", f"/reports/{report_id}/meetings", asked)["id"]
        screens = f"/meetings/{self._meeting}/screens"
        self.screen_url = str(chair.tells("POST", screens, {"label": "Hall"})["url"])
        self.moves_on()

    def hands_pen_to(self, name: str) -> None:
        """Give somebody the pen."""
        call = {"member_id": self._office.member_id(name)}
        self._chair.tells("PUT", f"/meetings/{self._meeting}/pen", call)

    def agrees_to(self, section_id: str, words: str) -> None:
        """Let the meeting agree to the paragraph that holds these words."""
        blocks = self._chair.tells("GET", f"/sections/{section_id}/text", None)["blocks"]
        block = next(one for one in blocks if words in str(one["runs"]))
        asked = {"section_id": section_id, "paragraph_id": block["id"]}
        self._chair.tells("PUT", f"/meetings/{self._meeting}/floor", asked)
        asked |= {"verb": "agree", "seen_hash": block["hash"], "seen_seq": 1}
        self._chair.tells("POST", f"/meetings/{self._meeting}/decisions", asked)

    def moves_on(self) -> None:
        """Put the next paragraph on the floor."""
        self._chair.tells("POST", f"/meetings/{self._meeting}/floor/next", {"direction": 1})


_SECRETARIAT = ("secretariat@example.org", "Secretariat")
