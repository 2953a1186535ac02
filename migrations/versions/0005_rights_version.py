"""What changes beside texts.

Reason: while people type, a report changes twice a second; their rights need not be read each time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("change_counter", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("rights_version", sa.BigInteger(), nullable=False, server_default="0")
        )
    op.execute("UPDATE change_counter SET rights_version = version")
    with op.batch_alter_table("change_counter", schema=None) as batch_op:
        batch_op.alter_column("rights_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("change_counter", schema=None) as batch_op:
        batch_op.drop_column("rights_version")
