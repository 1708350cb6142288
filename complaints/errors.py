"""Everything that can go wrong and that a person can mend; a docstring is the message."""


class ForthwithError(Exception):
    """Forthwith could not do what was asked."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class UnknownComplaint(ForthwithError):
    """No complaint has this reference; the board's tables and `forthwith list --all` show those there are."""


class UnknownCustomer(ForthwithError):
    """No customer of the register has this id; the forms and `forthwith customers list` show those there are."""


class NotAllowed(ForthwithError):
    """The complaint's present state does not allow this step."""


class BadRegister(ForthwithError):
    """A register is broken; the message names file, line and field. Nothing was changed."""


class BadSetting(ForthwithError):
    """A setting is wrong; the message names it, its value and what would be right."""


class BadTerms(ForthwithError):
    """A contract's term cannot be read; the message says what was read and what would be right."""


class StoreUnavailable(ForthwithError):
    """The database does not answer; `forthwith doctor` says why."""


class InboxUnavailable(ForthwithError):
    """The mailbox cannot be read; `forthwith doctor` says why."""
