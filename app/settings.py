"""Every knob of the server, typed and with its unit, read once at the start."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, computed_field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of one server. Built in `main` and `cli`, and handed down from there."""

    model_config = SettingsConfigDict(env_prefix="RAPPORTEUR_", extra="forbid", frozen=True)

    home: Path = Field(default=Path("data"), description="Folder for the embedded database.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, validation_alias="PORT", description="Port to listen on.")
    workers: int = Field(default=1, ge=1, description="Server processes on this machine.")
    database_url_given: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    database_patience_s: float = Field(
        default=20.0,
        ge=0,
        description="Seconds until a commit that a database server holds up is given up; 0: never.",
    )
    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    public_url: str | None = Field(
        default=None, description="Address that people type, if not host:port."
    )
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Other web origins allowed to connect."
    )
    frontend_dir: Path = Field(
        default=REPOSITORY / "frontend" / "dist", description="The built front end."
    )
    fonts_dir: Path | None = Field(
        default=None, description="Full TTF fonts for PDF; default: in the built front end."
    )
    secure_cookie: bool = Field(
        default=False, description="Mark the sign-in cookie Secure; set it behind HTTPS."
    )
    sign_in_days: int = Field(default=14, description="Days until a sign-in ends.")
    link_hours: int = Field(default=72, description="Hours until a one-time sign-in link ends.")
    ticket_s: int = Field(
        default=120, description="Seconds within which a live ticket must be used."
    )
    commit_window_ms: int = Field(
        default=10, description="Milliseconds of grouping under load before a commit."
    )
    show_window_ms: int = Field(
        default=110, description="The longest that a change waits to be shown to a hall, in ms."
    )
    exports_kept_days: int = Field(
        default=30, ge=0, description="Days for which finished exports are kept; 0: for ever."
    )
    checkpoint_rows: int = Field(default=500, description="Log rows between two checkpoints.")
    max_frame_bytes: int = Field(
        default=1024 * 1024, description="Largest frame taken from a client."
    )
    max_body_bytes: int = Field(default=2 * 1024 * 1024, description="Largest HTTP body taken.")
    outbox_bytes: int = Field(default=1024 * 1024, description="Bytes queued per slow connection.")
    frames_per_s: int = Field(
        default=200, description="Frames a second taken from a connection; 5 s of them at once."
    )
    frame_bytes_per_s: int = Field(
        default=1024 * 1024, description="Their bytes a second; 5 s of them at once."
    )
    sockets_per_member: int = Field(default=32, description="Live connections of one member.")
    sockets_per_address: int = Field(
        default=2000, description="Live connections from one address: a whole hall may share one."
    )
    unsigned_sockets_per_address: int = Field(
        default=500, description="Those of them on which nobody has signed in yet."
    )
    sockets_per_screen: int = Field(
        default=200, description="Devices that show the hall screen of one token."
    )
    screen_sockets: int = Field(default=1000, description="Devices that show any hall screen.")
    unsigned_bytes: int = Field(
        default=64 * 1024 * 1024, description="Bytes that all such connections may hold together."
    )
    member_share_percent: float = Field(
        default=5.0,
        gt=0,
        description="Percent of a processor for what one member sends; 100 s of it at once.",
    )
    waiting_bytes_per_member: int = Field(
        default=8 * 1024 * 1024, description="Bytes of one member's that wait to be proven."
    )
    waiting_bytes: int = Field(
        default=64 * 1024 * 1024, description="Bytes of all members' that wait to be proven."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses whose X-Forwarded-For is believed, parted by commas.",
    )
    poll_ms: int = Field(
        default=500, description="Milliseconds between looks at the change counter."
    )
    log_json: bool = Field(default=False, description="Write logs as JSON lines.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def database_url(self) -> str:
        """The given SQLAlchemy address, asynchronous driver added, or the embedded SQLite file."""
        if self.database_url_given is None:
            return f"sqlite+aiosqlite:///{(self.home / 'rapporteur.sqlite3').resolve()}"
        url = self.database_url_given.get_secret_value()
        scheme, _, rest = url.partition("://")
        drivers = {
            "postgres": "postgresql+asyncpg",
            "postgresql": "postgresql+asyncpg",
            "sqlite": "sqlite+aiosqlite",
        }
        return f"{drivers.get(scheme, scheme)}://{rest}"

    @property
    def address(self) -> str:
        """The address that people open, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def fonts(self) -> Path:
        """The folder of full TTF fonts."""
        return self.fonts_dir or self.frontend_dir / "fonts"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is an SQLite file, which one process serves."""
        return self.database_url.startswith("sqlite")

    def summary(self) -> dict[str, str]:
        """Return the settings as text, secrets redacted, for the first lines of the log."""
        shown = {name: str(value) for name, value in self if not isinstance(value, SecretStr)}
        shown["database"] = (
            "embedded SQLite"
            if self.database_url_given is None
            else self.database_url.partition(":")[0]
        )
        shown["redis"] = "yes" if self.redis_url else "no"
        return shown
