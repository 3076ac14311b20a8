"""What failed is told in Chinese to whoever reads Chinese, and nothing of it is lost."""

from pathlib import Path

import pytest

from tests.cli.conftest import Type, typed

ASK = ("submission", "ask", "town/clinic", "--epsilon", "0.1", "--measure")


def test_the_headline_is_chinese_alone_where_the_message_names_nothing(researcher: Type) -> None:
    said = researcher("dataset", "show", "town/none", "--lang", "zh")
    assert said.code == 5
    assert "出错：目录中没有该数据集。" in said.err
    assert "catalogue" not in said.err


def test_particulars_stand_below_a_chinese_headline(researcher: Type) -> None:
    said = researcher(*ASK, "sum:agee", "--lang", "zh")
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


def test_each_fault_of_a_policy_has_a_chinese_sentence_at_its_place(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("openness: ajar\nnothing: 1\n")
    said = typed("policy", "check", str(policy), "--lang", "zh")
    assert said.code == 3
    assert "policy.yaml:2:1: nothing: 没有该条款，请核对条款名称。" in said.all.replace("\n", "")
    assert "There is no such clause" in said.all
    errors = typed("policy", "check", str(policy), "--json").json["errors"]
    assert all(error["message"] and error["message_zh"].endswith("。") for error in errors)
    assert "。" not in typed("policy", "check", str(policy)).all
