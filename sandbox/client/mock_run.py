"""An algorithm's run over invented rows: what each block gave, and all that it said."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from sandbox import wire
from sandbox.client.outputs import shaped


@dataclass(frozen=True, slots=True)
class MockRun:
    """What came of it; nothing real is in it."""

    message: wire.MockRun
    declared: tuple[wire.OutputForm, ...]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What each block gave, by output; as it would be counted, defaults included."""
        return [self._laid_out(block.values) for block in self.message.blocks]

    @property
    def usable(self) -> bool:
        """Whether every block gave an answer of the declared form."""
        return all(block.usable for block in self.message.blocks)

    @property
    def said(self) -> str:
        """What the program wrote on standard output and error, each different text once."""
        return "\n".join(dict.fromkeys(block.said for block in self.message.blocks if block.said))

    def __repr__(self) -> str:
        """Show each block's outputs, then what the program said."""
        blocks, people = len(self.message.blocks), self.message.people_a_block
        lines = [f"Mock run 试运行: {blocks} blocks 数据块, {people} people a block 每块人数"]
        for number, block in enumerate(self.message.blocks, start=1):
            state = "ok" if block.usable else "NOT USABLE 不可用, defaults stand in 以缺省值代替"
            lines.append(
                f"{number}. {block.seconds:.2f} s, {state}: {self._laid_out(block.values)}"
            )
        return "\n".join([*lines, self.said] if self.said else lines)

    def _repr_html_(self) -> str:
        """Show the same in a notebook; every text in it is escaped."""
        names = [each.name for each in self.declared]
        heads = ("block 数据块", "seconds 秒", "usable 可用", *names)
        rows = (
            (number, f"{block.seconds:.2f}", "✓" if block.usable else "✗", *_in_order(given, names))
            for number, (block, given) in enumerate(
                zip(self.message.blocks, self.outputs, strict=True), start=1
            )
        )
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
        said = f"<pre>{escape(self.said)}</pre>" if self.said else ""
        head = "".join(f"<th scope=col>{escape(each)}</th>" for each in heads)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{said}"

    def _laid_out(self, values: Mapping[str, tuple[float, ...]]) -> dict[str, Any]:
        return {each.name: shaped(values.get(each.name, ()), each.shape) for each in self.declared}


def _in_order(given: Mapping[str, Any], names: list[str]) -> list[Any]:
    return [given[name] for name in names]


def _cell(value: object) -> str:
    shown = f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"<td>{escape(shown)}</td>"
