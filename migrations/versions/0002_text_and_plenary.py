"""Live text, plenary, revisions, exports.

Reason: the first schema, second half: the log, decisions bound to it, what is exported.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "live_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("acting_role", sa.String(length=20), nullable=True),
        sa.Column("sign_in_id", sa.Uuid(), nullable=True),
        sa.Column("api_token_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_token_id"],
            ["api_token.id"],
            name=op.f("fk_live_ticket_api_token_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_live_ticket_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_live_ticket_report_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sign_in_id"],
            ["sign_in.id"],
            name=op.f("fk_live_ticket_sign_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_live_ticket_token_hash")),
    )
    with op.batch_alter_table("live_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_ticket_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_live_ticket_sign_in_id"), ["sign_in_id"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("log_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_checkpoint_section_id")
        ),
        sa.PrimaryKeyConstraint("section_id", "seq", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "client_binding",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_client_binding_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_client_binding_section_id")
        ),
        sa.PrimaryKeyConstraint("section_id", "client_id", name=op.f("pk_client_binding")),
    )
    op.create_table(
        "log_entry",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("acting_role", sa.String(length=20), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_log_entry_member_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_log_entry_section_id")
        ),
        sa.PrimaryKeyConstraint("section_id", "seq", name=op.f("pk_log_entry")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("planned_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=False),
        sa.Column("pen_id", sa.Uuid(), nullable=True),
        sa.Column("floor_section_id", sa.Uuid(), nullable=True),
        sa.Column("floor_paragraph_id", sa.String(length=40), nullable=True),
        sa.Column("floor_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_s", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["chair_id"], ["member.id"], name=op.f("fk_meeting_chair_id")),
        sa.ForeignKeyConstraint(
            ["floor_section_id"], ["section.id"], name=op.f("fk_meeting_floor_section_id")
        ),
        sa.ForeignKeyConstraint(["pen_id"], ["member.id"], name=op.f("fk_meeting_pen_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_meeting_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_report_id"), ["report_id"], unique=False)
        batch_op.create_index(
            "uq_meeting_one_open",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("acting_role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_revision_member_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_revision_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_section_id_seq", ["section_id", "seq"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("paragraph_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("status_before", sa.String(length=20), nullable=False),
        sa.Column("status_after", sa.String(length=20), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("acting_role", sa.String(length=20), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_decision_member_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_decision_report_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_decision_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "meeting_id", "idempotency_key", name=op.f("uq_decision_meeting_id_idempotency_key")
        ),
        sa.UniqueConstraint("section_id", "seq", name=op.f("uq_decision_section_id_seq")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_decision_report_id_paragraph_id", ["report_id", "paragraph_id"], unique=False
        )
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=True),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_hash"], ["stored_file.hash"], name=op.f("fk_export_file_hash")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_export_member_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_export_report_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_export_revision_id")
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_export_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_report_id"), ["report_id"], unique=False)
    op.create_table(
        "hall_screen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_hall_screen_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_screen")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hall_screen_token_hash")),
    )
    with op.batch_alter_table("hall_screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_screen_meeting_id"), ["meeting_id"], unique=False)
    op.create_table(
        "section_state_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.String(length=30), nullable=False),
        sa.Column("to_state", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("acting_role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_section_state_change_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_section_state_change_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_state_change_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_state_change")),
    )
    with op.batch_alter_table("section_state_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_section_state_change_section_id_created_at",
            ["section_id", "created_at"],
            unique=False,
        )
    op.create_table(
        "paragraph_status",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("paragraph_id", sa.String(length=40), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_paragraph_status_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_paragraph_status_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_paragraph_status_section_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "paragraph_id", name=op.f("pk_paragraph_status")),
    )
    with op.batch_alter_table("paragraph_status", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paragraph_status_section_id"), ["section_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("paragraph_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paragraph_status_section_id"))
    op.drop_table("paragraph_status")
    with op.batch_alter_table("section_state_change", schema=None) as batch_op:
        batch_op.drop_index("ix_section_state_change_section_id_created_at")
    op.drop_table("section_state_change")
    with op.batch_alter_table("hall_screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hall_screen_meeting_id"))
    op.drop_table("hall_screen")
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_report_id"))
    op.drop_table("export")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_report_id_paragraph_id")
    op.drop_table("decision")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("ix_revision_section_id_seq")
    op.drop_table("revision")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_one_open",
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )
        batch_op.drop_index(batch_op.f("ix_meeting_report_id"))
    op.drop_table("meeting")
    op.drop_table("log_entry")
    op.drop_table("client_binding")
    op.drop_table("checkpoint")
    with op.batch_alter_table("live_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_ticket_sign_in_id"))
        batch_op.drop_index(batch_op.f("ix_live_ticket_member_id"))
    op.drop_table("live_ticket")
    op.drop_table("stored_file")
