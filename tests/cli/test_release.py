"""`datarange release`: from a saved answer to its agreement."""

from pathlib import Path

from tests.cli.conftest import Type, typed


def test_a_saved_answer_is_traced_at_the_site_and_in_an_export(
    one_agreement: str, researcher: Type, steward: Type, auditor: Type, tmp_path: Path
) -> None:
    asked = researcher(
        *("submission", "ask", "town/clinic", "--measure", "count", "--epsilon", "0.01"),
        *("--agreement", one_agreement, "--json"),
    )
    saved, export = tmp_path / "answer.json", tmp_path / "export"
    saved.write_text(asked.out)
    at_site = steward("release", "trace", str(saved), "--json")
    assert at_site.json["agreement"] == one_agreement
    assert auditor("audit", "export", str(export)).code == 0
    offline = typed("release", "trace", str(saved), "--export", str(export), "--json")
    assert offline.json == at_site.json
    assert one_agreement in steward("release", "trace", str(saved)).out
    assert researcher("release", "trace", str(saved)).code == 4
