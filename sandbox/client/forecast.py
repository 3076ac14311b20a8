"""What is known of an algorithm before it is paid for, shown to whoever decides."""

from collections.abc import Iterator
from html import escape

from sandbox.wire import AlgorithmExplanation, ProgramForecast

UNPUBLISHED = "not published 未公布"


class Forecast(AlgorithmExplanation):
    """Blocks, noise, cost and cautions of an algorithm; reads no row and runs nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show it as lines of text."""
        lines = [f"{name}: {value}" for name, value in self._facts()]
        lines += [f"{each.name}: {_width(each)}" for each in self.outputs]
        return "\n".join([*lines, *self._remarks()])

    def _repr_html_(self) -> str:
        """Show it as a table in a notebook; every text in it is escaped."""
        rows = [*self._facts(), *((each.name, _width(each)) for each in self.outputs)]
        body = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>"
            for name, value in rows
        )
        remarks = "".join(f"<p>{escape(each)}</p>" for each in self._remarks())
        return f"<table><tbody>{body}</tbody></table>{remarks}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "blocks 数据块数", str(self.blocks)
        yield "people a block 每块人数", _about(self.people_a_block)
        yield "rows a block 每块行数", _about(self.rows_a_block)
        yield "seconds a block 每块用时（秒）", self.seconds
        yield "seconds to the answer 出结果用时（秒）", f"{self.duration:.1f}"
        yield "cost 隐私损失", f"epsilon {self.cost.epsilon}, delta {self.cost.delta}"
        yield "charged 扣减预算", f"{self.cost.charged} ({self.cost.accounting})"
        if self.remaining is not None:
            yield "remaining before 提交前余额", self.remaining

    def _remarks(self) -> Iterator[str]:
        for caution in self.cautions:
            yield f"⚠ {caution.message} {caution.message_zh}"
        for reason in self.reasons:
            yield f"✗ {reason.message} {reason.message_zh}"
        yield f"{self.note} {self.note_zh}"


def _about(count: int | None) -> str:
    return UNPUBLISHED if count is None else f"~{count}"


def _width(each: ProgramForecast) -> str:
    """Write an output's error: ± for a mean, a share of the blocks for a median."""
    if each.half_width is None:
        share = f"{each.rank_error:.1%}" if each.rank_error is not None else "?"
        return f"{each.statistic}, within {share} of the blocks 偏离正中不超过 {share} 的数据块"
    share = f" ({each.relative:.1%} of the range 占取值范围)" if each.relative is not None else ""
    return f"{each.statistic} ± {each.half_width:.4g}{share}"
