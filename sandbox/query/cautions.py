"""Cautions: settings of an algorithm that would waste its price; told before it is paid."""

from collections.abc import Iterator, Sequence

from sandbox.wire import Caution, ProgramForecast

FEW_PEOPLE = 10
"""People of a block under which most methods give something else than over everybody."""
MUCH_NOISE = 0.1
"""Half-width, as a share of the declared range, from which an answer says little."""
FEW_RANKS = 0.25
"""Rank error from which a median may be any value between the quartiles of the blocks."""

_USELESS = (
    "The noise of {output} is wider than its range: the answer would say nothing. "
    "Narrow the range, take more blocks, or pay more."
)
_USELESS_ZH = (
    "输出项“{output}”的噪声宽于其取值范围，结果将毫无信息量。"
    "请收窄取值范围、增加数据块数或提高预算。"
)
_NOISY = (
    "The noise of {output} is {share:.0%} of its range to either side. "
    "A narrower range, more blocks or a higher price make it smaller."
)
_NOISY_ZH = (
    "输出项“{output}”的噪声半宽为其取值范围的 {share:.0%}。"
    "收窄取值范围、增加数据块数或提高预算可减小噪声。"
)
_RANKS = (
    "The median of {output} may lie {share:.0%} of the blocks away from the middle one. "
    "More blocks or a higher price bring it nearer."
)
_RANKS_ZH = (
    "输出项“{output}”的中位数可能偏离正中的数据块达 {share:.0%}。增加数据块数或提高预算可减小偏离。"
)
_SMALL = (
    "A block has about {people} people: check on mock rows whether the method works on so few. "
    "Fewer blocks are larger, and noisier."
)
_SMALL_ZH = (
    "每个数据块约 {people} 人，请先用样例数据检验方法在如此小的样本上是否可行。"
    "减少数据块数可使每块更大，但噪声也更大。"
)
_WORDS = {
    "useless": (_USELESS, _USELESS_ZH),
    "noisy": (_NOISY, _NOISY_ZH),
    "ranks": (_RANKS, _RANKS_ZH),
    "small": (_SMALL, _SMALL_ZH),
}


def cautions(outputs: Sequence[ProgramForecast], people: int | None) -> tuple[Caution, ...]:
    """Give what speaks against a setting; `people` is about how many a block has, if published."""
    found = [caution for output in outputs for caution in _of_output(output)]
    if people is not None and people < FEW_PEOPLE:
        found.append(_caution("small", people=people))
    return tuple(found)


def _of_output(output: ProgramForecast) -> Iterator[Caution]:
    if output.relative is not None and output.relative >= MUCH_NOISE:
        code = "useless" if output.relative >= 1 else "noisy"
        yield _caution(code, output=output.name, share=output.relative)
    if output.rank_error is not None and output.rank_error >= FEW_RANKS:
        yield _caution("ranks", output=output.name, share=output.rank_error)


def _caution(code: str, **words: object) -> Caution:
    english, chinese = _WORDS[code]
    return Caution(f"algorithm.{code}", english.format(**words), chinese.format(**words))
