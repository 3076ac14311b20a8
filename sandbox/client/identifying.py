"""How people get in: tokens of their own, passwords, and what administrators do about both."""

from sandbox.client.connection import Connection, Progress, segment
from sandbox.client.seat import Seat
from sandbox.wire_identity import (
    AccountForm,
    LoginCard,
    OwnPasswordForm,
    PasswordForm,
    SignInForm,
    TokenCard,
    TokenForm,
    TokenIssued,
)


def sign_in(
    url: str, name: str, password: str, *, days: int | None = None, label: str = ""
) -> TokenIssued:
    """Get a token for the name and password of an account of the site.

    Raises:
        NotSignedIn: code `account.wrong`.
        Unavailable: code `sign_in.too_many`, or no site answers there.
        BadInput: the address would carry the password unencrypted.
    """
    form = SignInForm(name=name, password=password, days=days, label=label)
    return Connection(url, None, private=True).post(TokenIssued, "/sign-in", form)


class Identifying(Seat):
    """A site as everybody uses it to get in, and administrators to let in."""

    def tokens(self, limit: int | None = None, told: Progress | None = None) -> list[TokenCard]:
        """List one's own tokens, without their secrets; everybody's for administrators."""
        return self._connection.all(TokenCard, "/tokens", limit, told)

    def issue_token(
        self,
        days: int | None = None,
        label: str = "",
        name: str | None = None,
        role: str | None = None,
        agreement: str | None = None,
    ) -> TokenIssued:
        """Issue a further token of one's own role; administrators may name somebody and a role.

        With `agreement` it serves that one agreement, can do nothing else, and ends with it.

        Raises:
            NotFound: code `agreement.unknown`.
            Conflict: `role.second`, or `agreement.not_in_force`.
        """
        form = TokenForm(days=days, label=label, name=name, role=role, agreement=agreement)
        return self._connection.post(TokenIssued, "/tokens", form)

    def revoke_token(self, id: str) -> TokenCard:  # noqa: A002  (the message's own name)
        """Shut a token out from the next request on.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._connection.delete(TokenCard, f"/tokens/{segment(id)}")

    def change_password(self, present: str, password: str) -> LoginCard:
        """Change one's own password; all of one's other tokens end.

        Raises:
            NotSignedIn: code `account.wrong`.
            BadInput: code `password.weak`.
        """
        form = OwnPasswordForm(present=present, password=password)
        return self._connection.post(LoginCard, "/me/password", form)

    def accounts(self, limit: int | None = None, told: Progress | None = None) -> list[LoginCard]:
        """List accounts; for administrators."""
        return self._connection.all(LoginCard, "/accounts", limit, told)

    def open_account(self, name: str, role: str, password: str) -> LoginCard:
        """Open an account with a first password; for administrators.

        Raises:
            Conflict: `account.exists` or `role.second`.
            BadInput: code `password.weak`.
        """
        form = AccountForm(name=name, role=role, password=password)
        return self._connection.post(LoginCard, "/accounts", form)

    def close_account(self, name: str) -> LoginCard:
        """Close an account, and end all of its holder's tokens now; for administrators.

        Raises:
            NotFound: code `account.none`.
        """
        return self._connection.delete(LoginCard, f"/accounts/{segment(name)}")

    def reset_password(self, name: str, password: str) -> LoginCard:
        """Give an account another password; for administrators.

        Raises:
            NotFound: code `account.none`.
            BadInput: code `password.weak`.
        """
        path = f"/accounts/{segment(name)}/password"
        return self._connection.post(LoginCard, path, PasswordForm(password))
