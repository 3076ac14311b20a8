"""The budget tree in the books: accounts by name, and their values put in place together."""

from collections.abc import Sequence

from sandbox.errors import Conflict, NotFound
from sandbox.model.account import Account
from sandbox.model.cost import Accounting
from sandbox.model.names import AccountId
from sandbox.store.tables import Reader, Writer


class BudgetTree:
    """Accounts in exact fractions; see `sandbox.ports.Accounts`."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        """Stand on one transaction's tables."""
        self._reader = reader
        self._writer = writer

    def open(self, account: Account) -> None:
        """Put a new account below its parent, which keeps the tree free of cycles.

        Raises:
            Conflict: `books.exists`, it stands already.
        """
        if self.find(account.id) is not None:
            raise Conflict(f"The account {account.id} stands already", code="books.exists")
        if account.parent is not None:
            self.get(account.parent)
        self._writer.open_account(account)

    def get(self, account: AccountId) -> Account:
        """Give an account.

        Raises:
            NotFound: `books.unknown`, there is none.
        """
        found = self.find(account)
        if found is None:
            raise NotFound(f"There is no account {account}", code="books.unknown")
        return found

    def find(self, account: AccountId) -> Account | None:
        """Give an account, or None."""
        return self._reader.account(account)

    def below(self, parent: AccountId) -> tuple[Account, ...]:
        """Give the accounts right below another, by name in the order of code points."""
        return tuple(sorted(self._reader.accounts_below(parent), key=lambda account: account.id))

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> None:
        """Put each account of `after` in the place of the one in `before`, caps included.

        Raises:
            Conflict: `books.moved_on`, an account is not what `before` says. Nothing of the
                transaction will stay, also if the caller goes on.
            ValueError: the two are not the same accounts, each once and in the same order.
        """
        names = [_name(account) for account in before]
        if len(set(names)) != len(names) or names != [_name(account) for account in after]:
            raise ValueError("accounts move in pairs that differ in cap and spending only")
        if not self._writer.move(before, after):
            raise Conflict("An account has moved on meanwhile", code="books.moved_on")


def _name(account: Account) -> tuple[AccountId, AccountId | None, Accounting]:
    """Give what never changes of an account."""
    return account.id, account.parent, account.accounting
