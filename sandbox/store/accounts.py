"""The budget tree: a debit fits at every node of its path, or nothing is written."""

from dataclasses import replace

from sandbox.errors import Conflict, NotFound
from sandbox.model.account import Account
from sandbox.model.cost import PrivacyCost
from sandbox.model.names import AccountId
from sandbox.store.tables import Reader, Writer


class BudgetTree:
    """Accounts with their ancestors, in exact fractions; see `sandbox.ports.Accounts`."""

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

    def path(self, leaf: AccountId) -> tuple[Account, ...]:
        """Give the account and its ancestors, leaf first."""
        nodes = [self.get(leaf)]
        while nodes[-1].parent is not None:
            nodes.append(self.get(nodes[-1].parent))
        return tuple(nodes)

    def debit(self, leaf: AccountId, cost: PrivacyCost) -> tuple[Account, ...]:
        """Spend at every node from the leaf up, or nowhere; give the path as it stands after.

        Raises:
            Conflict: `budget.exceeded`, naming the first account that cannot hold the cost.
        """
        path = self.path(leaf)
        for node in path:
            if not node.fits(cost):
                raise Conflict(
                    f"The account {node.id} cannot hold this cost", code="budget.exceeded"
                )
        after = tuple(
            replace(node, spent=node.spent + cost.spent_under(node.accounting)) for node in path
        )
        self._writer.update_spent(after)
        return after
