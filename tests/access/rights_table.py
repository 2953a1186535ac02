"""What each route answers to each kind of person: the table that holds, written by hand."""

from dataclasses import dataclass
from typing import Any

PARTS = (
    "nobody",
    "outsider",
    "observer",
    "member",
    "convenor",
    "secretariat",
    "chair",
    "administrator",
)
"""Who asks, in the order of the statuses in each row."""


@dataclass(frozen=True)
class Row:
    """Statuses by part, what is sent, and the state of the section that it is about.

    In a body, `{section_id}` and the like stand for the ids of things made for this one request.
    """

    statuses: str
    body: Any = None
    section: str = "drafting"
    query: str = ""


#               nobody outsider observer member convenor secretariat chair administrator
ANYBODY_200 = "200 200 200 200 200 200 200 200"
NOBODY_401 = "401 401 401 401 401 401 401 401"
SIGNED_IN_200 = "401 200 200 200 200 200 200 200"
SIGNED_IN_201 = "401 201 201 201 201 201 201 201"
SIGNED_IN_204 = "401 204 204 204 204 204 204 204"
SEATED_200 = "401 404 200 200 200 200 200 404"
SEATED_201 = "401 404 201 201 201 201 201 404"
SEATED_202 = "401 404 202 202 202 202 202 404"
SECRETARIAT_200 = "401 404 403 403 403 200 403 404"
SECRETARIAT_201 = "401 404 403 403 403 201 403 404"
SECRETARIAT_204 = "401 404 403 403 403 204 403 404"
PODIUM_200 = "401 404 403 403 403 200 200 404"
PODIUM_201 = "401 404 403 403 403 201 201 404"
PODIUM_204 = "401 404 403 403 403 204 204 404"
CHAIR_200 = "401 404 403 403 403 403 200 404"
CHAIR_201 = "401 404 403 403 403 403 201 404"

ACCOUNTS = {
    "POST /sign-ins": Row(NOBODY_401, {"email": "{fresh}@example.org", "password": "wrong"}),
    "POST /sign-ins/by-link": Row(NOBODY_401, {"token": "no such link"}),
    "GET /me": Row(SIGNED_IN_200),
    "PUT /me/password": Row(SIGNED_IN_204, {"new": "a long password"}),
    "GET /me/api-tokens": Row(SIGNED_IN_200),
    "POST /me/api-tokens": Row(SIGNED_IN_201, {"name": "script"}),
    "DELETE /me/api-tokens/{token_id}": Row(SIGNED_IN_204),
    "DELETE /sign-ins/current": Row(SIGNED_IN_204),
}

GROUPS = {
    "GET /working-groups": Row(SIGNED_IN_200),
    "POST /working-groups": Row("401 403 403 403 403 403 403 201", {"name": "New group"}),
    "GET /working-groups/{working_group_id}": Row(SEATED_200),
    "GET /working-groups/{working_group_id}/members": Row(SEATED_200),
    "POST /working-groups/{working_group_id}/members": Row(
        SECRETARIAT_201, {"name": "New", "email": "{fresh}@example.org"}
    ),
    "PATCH /working-groups/{working_group_id}/members/{member_id}": Row(
        SECRETARIAT_200, {"country": "Chile"}
    ),
    "DELETE /working-groups/{working_group_id}/members/{member_id}": Row(SECRETARIAT_204),
    "POST /working-groups/{working_group_id}/members/{member_id}/links": Row(SECRETARIAT_201),
    "GET /working-groups/{working_group_id}/subgroups": Row(SEATED_200),
    "POST /working-groups/{working_group_id}/subgroups": Row(SECRETARIAT_201, {"name": "{fresh}"}),
    "PATCH /subgroups/{subgroup_id}": Row(SECRETARIAT_200, {"name": "{fresh}"}),
    "DELETE /subgroups/{subgroup_id}": Row(SECRETARIAT_204),
    "PUT /subgroups/{subgroup_id}/members/{member_id}": Row(SECRETARIAT_200, {"convenor": True}),
    "DELETE /subgroups/{subgroup_id}/members/{member_id}": Row(SECRETARIAT_204),
}

REPORTS = {
    "GET /reports": Row(SIGNED_IN_200),
    "POST /working-groups/{working_group_id}/reports": Row(SECRETARIAT_201, {"title": "New"}),
    "GET /reports/{report_id}": Row(SEATED_200),
    "PATCH /reports/{report_id}": Row(SECRETARIAT_200, {"title": "New"}),
    "GET /reports/{report_id}/desk": Row(SEATED_200),
    "POST /reports/{report_id}/mandate-items": Row(SECRETARIAT_201, {"text": "New"}),
    "PATCH /mandate-items/{mandate_item_id}": Row(SECRETARIAT_200, {"text": "New"}),
    "DELETE /mandate-items/{mandate_item_id}": Row(SECRETARIAT_204),
    "POST /reports/{report_id}/sections": Row(SECRETARIAT_201, {"title": "New"}),
    "GET /sections/{section_id}": Row(SEATED_200),
    "PATCH /sections/{section_id}": Row(SECRETARIAT_200, {"title": "New"}),
    "DELETE /sections/{section_id}": Row(SECRETARIAT_204, section="outlined"),
    "POST /sections/{section_id}/move": Row(SECRETARIAT_200, {"parent_id": None, "position": 0}),
    "POST /sections/{section_id}/state": Row(
        "401 404 403 403 200 200 403 404", {"to": "subgroup_review"}
    ),
    "POST /live-tickets": Row(
        SEATED_201, {"report_id": "{report_id}", "section_id": "{section_id}"}
    ),
}

PLENARY = {
    "GET /reports/{report_id}/view": Row(SEATED_200),
    "GET /reports/{report_id}/meetings": Row(SEATED_200),
    "POST /reports/{report_id}/meetings": Row(
        CHAIR_201, {"title": "Second", "planned_minutes": 60}
    ),
    "GET /meetings/{meeting_id}": Row(SEATED_200),
    "POST /meetings/{meeting_id}/state": Row(CHAIR_200, {"to": "suspended"}),
    "PUT /meetings/{meeting_id}/floor": Row(
        PODIUM_200,
        {"section_id": "{section_id}", "paragraph_id": "{paragraph_id}"},
        section="in_reading",
    ),
    "POST /meetings/{meeting_id}/floor/next": Row(PODIUM_200, {"direction": 1}),
    "PUT /meetings/{meeting_id}/pen": Row(CHAIR_200, {"member_id": None}),
    "POST /meetings/{meeting_id}/decisions": Row(
        CHAIR_201,
        {
            "section_id": "{section_id}",
            "paragraph_id": "{paragraph_id}",
            "verb": "agree",
            "seen_hash": "{text_hash}",
            "seen_seq": 1,
        },
        section="in_reading",
    ),
    "GET /meetings/{meeting_id}/decisions": Row(SEATED_200),
    "GET /reports/{report_id}/paragraphs/{paragraph_id}/decisions": Row(SEATED_200),
    "GET /meetings/{meeting_id}/screens": Row(PODIUM_200),
    "POST /meetings/{meeting_id}/screens": Row(PODIUM_201, {"label": "Hall"}),
    "DELETE /screens/{screen_id}": Row(PODIUM_204),
}

HISTORY = {
    "GET /sections/{section_id}/timeline": Row(SEATED_200),
    "GET /sections/{section_id}/text": Row(SEATED_200),
    "GET /sections/{section_id}/changes": Row(SEATED_200, query="?from=0&to=1"),
    "GET /sections/{section_id}/revisions": Row(SEATED_200),
    "POST /sections/{section_id}/revisions": Row(
        "401 404 403 403 201 201 201 404", {"name": "Before lunch"}
    ),
    "POST /sections/{section_id}/restore": Row("401 404 403 200 200 200 403 404", {"seq": 0}),
}

EXPORTS = {
    "POST /exports": Row(SEATED_202, {"report_id": "{report_id}", "format": "markdown"}),
    "GET /reports/{report_id}/exports": Row(SEATED_200),
    "GET /exports/{export_id}": Row(SEATED_200),
    "POST /exports/{export_id}/cancel": Row(SEATED_200),
    "GET /exports/{export_id}/file": Row("401 404 409 409 409 409 409 404"),
}

TABLE: dict[str, Row] = {**GROUPS, **REPORTS, **PLENARY, **HISTORY, **EXPORTS, **ACCOUNTS}
"""Signing out comes last: the person's cookie is good for nothing afterwards."""
