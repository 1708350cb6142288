"""What can be set of each of several relays: the tables ``[[smtp_relays]]``."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from complaints.errors import BadSetting


class RelaySettings(BaseModel):
    """One relay; the names are those of the ``smtp_...`` settings without ``smtp_``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="Host of the relay.")
    port: int = Field(587, ge=1, le=65535, description="TCP port.")
    tls: Literal["tls", "starttls", "none"] = Field("starttls", description="As smtp_tls.")
    ca_file: Path | None = Field(None, description="As smtp_ca_file.")
    user: str = Field("", description="Login name. Empty: no login.")
    password: SecretStr = Field(SecretStr(""), description="Password.")
    password_file: Path | None = Field(None, description="File that holds the password alone.")
    token_command: str = Field("", description="As smtp_token_command.")
    connections: int = Field(8, ge=1, le=100, description="As smtp_connections.")
    messages_per_connection: int = Field(100, ge=1, description="As smtp_messages_per_connection.")
    messages_per_minute: int = Field(0, ge=0, description="As smtp_messages_per_minute.")
    max_mb: float = Field(0, ge=0, description="As smtp_max_mb.")

    @property
    def secret(self) -> str:
        """The password, its own or its file's.

        Raises:
            BadSetting: the file cannot be read.
        """
        if self.password_file is None:
            return self.password.get_secret_value()
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise BadSetting(
                f"setting smtp_relays: password_file of {self.host} is '{self.password_file}', which cannot be read "
                f"({type(error).__name__}); name a file that holds the password alone"
            ) from None
