"""What failed is told in Chinese to whoever reads Chinese, and nothing of it is lost."""

import pytest

from tests.cli.conftest import Type

ASK = ("submission", "ask", "town/clinic", "--epsilon", "0.1", "--measure")


def test_the_headline_is_chinese_alone_where_the_message_names_nothing(researcher: Type) -> None:
    said = researcher("dataset", "show", "town/none", "--lang", "zh")
    assert said.code == 5
    assert "出错：目录中没有该数据集。" in said.err
    assert "catalogue" not in said.err


def test_particulars_stand_below_a_chinese_headline(researcher: Type, one_agreement: str) -> None:
    said = researcher(*ASK, "sum:agee", "--agreement", one_agreement, "--lang", "zh")
    headline, particulars, *_ = said.err.splitlines()
    assert headline == "出错：没有该字段，请核对字段名。"
    assert "agee" in particulars


def test_english_readers_are_told_in_english_alone(researcher: Type) -> None:
    said = researcher("dataset", "show", "town/none")
    assert said.err.startswith("Error: The catalogue lists no such dataset")
    assert "目录" not in said.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_programs_are_given_both(researcher: Type, language: str) -> None:
    said = researcher("dataset", "show", "town/none", "--lang", language, "--json").json
    assert said["detail"] == "The catalogue lists no such dataset"
    assert said["detail_zh"] == "目录中没有该数据集。"
