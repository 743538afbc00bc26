"""Reports as people get them: written by the command, opened in a headless browser, on a screen, a phone and paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from browsers import launched
from playwright.sync_api import Browser, Page

from shoal.runtime.embedded import EmbeddedServer

from .conftest import POLICY, QI, STAYS, Run

LIMIT = "k-anonymity does not stop the disclosure of what a whole class shares"
HOSTILE = "<script>document.title='owned'</script>"

# Every text against the first background behind it that is not transparent: WCAG's contrast.
FAINT_TEXTS = """() => {
  const parse = text => (text.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some(each => each.nodeType === 3 && each.data.trim())) continue;
    const style = getComputedStyle(node);
    const own = light(parse(node.closest('svg') ? style.fill : style.color));
    const [one, other] = [own, light(behind(node))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) faint.push(node.textContent.slice(0, 40));
  }
  return faint;
}"""
# Texts of drawings that stick out of them: a reader's fonts may be wider than ours.
CUT_TEXTS = """() => [...document.querySelectorAll('svg text')].filter(text => {
  const [box, all] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
  return box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1;
}).map(text => text.textContent)"""


@dataclass
class Looked:
    """What a browser said of a page."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


def look(browser: Browser, path: Path, width: int, height: int) -> tuple[Page, Looked]:
    page = browser.new_page(viewport={"width": width, "height": height})
    said = Looked()
    page.on("console", lambda message: said.complaints.append(message.text))
    page.on("pageerror", lambda error: said.complaints.append(str(error)))
    page.on("request", lambda request: said.requests.append(request.url))
    page.goto(path.as_uri())
    return page, said


def check(browser: Browser, path: Path, first_screen: list[str]) -> None:
    """What holds of every report; the sentences are read without scrolling."""
    for width, height in ((1280, 800), (390, 844)):
        page, said = look(browser, path, width, height)
        assert said.complaints == []
        assert said.requests == [path.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.scripts.length") == 0
        if width > 1000:
            for sentence in first_screen:
                box = page.get_by_text(sentence).first.bounding_box()
                assert box is not None, sentence
                assert box["y"] + box["height"] <= height, sentence
            assert page.evaluate(FAINT_TEXTS) == []
            assert page.evaluate(CUT_TEXTS) == []
            figures = page.locator("figure")
            assert figures.count() >= 2
            for place in range(figures.count()):
                assert len(figures.nth(place).get_attribute("aria-label") or "") > 30
                assert figures.nth(place).locator("svg").count() == 1
            headings = page.locator("h1, h2, h3").evaluate_all("all => all.map(each => Number(each.tagName[1]))")
            assert headings[0] == 1
            assert all(after - before <= 1 for before, after in pairwise(headings))
        picture = path.with_name(f"{path.stem}-{width}.png")
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 20_000
        page.close()
    page, _ = look(browser, path, 794, 1123)  # A4 at 96 dots an inch
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    paper = page.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 12
    page.close()


def test_the_report_of_the_example_s_release(call: Run, tmp_path: Path, browser: Browser) -> None:
    report = tmp_path / "report.html"
    # The report of a second release names the first one: that is long, too.
    assert call("anonymize", STAYS, "--policy", POLICY, "-o", tmp_path / "first.csv").code == 0
    ended = call("anonymize", STAYS, "--policy", POLICY, "-o", tmp_path / "out.csv", "--report", report, "--json")
    assert ended.code == 0, ended.err
    made = ended.json
    assert made["report"] == str(report)
    check(
        browser,
        report,
        ["Anonymisation report: hospital_stays.csv", "every row looks like at least 4 others", "1 in 5", LIMIT, "1.6%"],
    )
    page, _ = look(browser, report, 1280, 800)
    text = page.inner_text("main")
    for sentence in (
        "5,000 of 5,000 rows (100%) looked like no other",
        "k-anonymity, k = 5\tsmallest class 5\tyes",
        "the decade, level 2 of 3",
        "Nothing here protects people from a second release",
        made["solution"],
        "no model protects the values of diagnosis, ward",
        "one level coarser",
    ):
        assert sentence in text, sentence
    cells = page.locator("table", has_text="what happened").locator("tbody tr")
    rows = {cells.nth(place).locator("th").inner_text(): cells.nth(place).inner_text() for place in range(cells.count())}
    assert set(rows) == {"name", *QI.split(","), "diagnosis", "ward", "length_of_stay"}
    assert rows["name"].split("\t")[1:3] == ["points to a person", "removed"]
    assert f"{made['loss'] * 100:.1f}".removesuffix(".0") in text


def test_the_report_of_a_table_s_risk(call: Run, tmp_path: Path, browser: Browser) -> None:
    report = tmp_path / "risk.html"
    ended = call("risk", STAYS, "--qi", "birth_date,sex,postcode", "--contributions", "--report", report, "--json")
    assert ended.code == 0, ended.err
    found = ended.json
    assert found["report"] == str(report)
    sentence = f"{found['unique']:,} of 5,000 rows"
    check(browser, report, ["Risk report: hospital_stays.csv", sentence, "What a low risk does not promise", LIMIT])
    page, _ = look(browser, report, 1280, 800)
    assert "Which column gives people away" in page.inner_text("main")


def test_names_are_shown_and_not_run(call_here: Run, tmp_path: Path, browser: Browser) -> None:
    """Whoever names a column or a file does not write the report."""
    table = tmp_path / "a<img src=x onerror=alert(1)>.csv"
    rows = [f"{place % 4},{value}" for place, value in enumerate(["x", "y"] * 20)]
    table.write_text(f'"{HOSTILE}","{{{{ 7 * 7 }}}}"\n' + "\n".join(rows) + "\n")
    policy = tmp_path / "policy.json"
    attributes = [{"name": HOSTILE, "role": "QUASI_IDENTIFIER"}, {"name": "{{ 7 * 7 }}", "role": "SENSITIVE"}]
    policy.write_text(json.dumps({"attributes": attributes, "privacy_models": [{"k_anonymity": {"k": 2}}]}))
    report = tmp_path / "report.html"
    ended = call_here("anonymize", table, "-p", policy, "-o", tmp_path / "o.csv", "--report", report)
    assert ended.code == 0, ended.err
    page, said = look(browser, report, 1280, 800)
    assert (page.evaluate("document.scripts.length"), page.evaluate("document.images.length")) == (0, 0)
    assert said.complaints == []
    assert page.title() == f"Anonymisation report: {table.name}"
    text = page.inner_text("main")
    assert HOSTILE in text
    assert "{{ 7 * 7 }}" in text
    assert "<script" not in report.read_text()


def test_local_recoding_has_a_report_without_neighbours(call_here: Run, tmp_path: Path, browser: Browser) -> None:
    policy, report = tmp_path / "policy.yaml", tmp_path / "report.html"
    policy.write_text(POLICY.read_text().replace("{strategy: OPTIMAL}", "{strategy: LOCAL_RECODING}"))
    ended = call_here("anonymize", STAYS, "-p", policy, "-o", tmp_path / "o.csv", "--report", report)
    assert ended.code == 0, ended.err
    page, said = look(browser, report, 1280, 800)
    assert said.complaints == []
    text = page.inner_text("main")
    assert "made coarser by class" in text
    assert "What else was possible" not in text


def test_persons_are_called_persons(call_here: Run, tmp_path: Path, browser: Browser) -> None:
    table, report = tmp_path / "t.csv", tmp_path / "r.html"
    table.write_text("who,city\n" + "a,Lyon\na,Lyon\nb,Lyon\nc,Bonn\n")
    assert call_here("risk", table, "--qi", "city", "--entity", "who", "--report", report).code == 0
    text = look(browser, report, 1280, 800)[0].inner_text("main")
    assert "1 of 3 persons (33.3%) look like no other" in text
    assert "The smallest crowd has 1 person." in text
    policy = tmp_path / "policy.json"
    attributes = [{"name": "who", "role": "IDENTIFIER"}, {"name": "city", "role": "QUASI_IDENTIFIER"}]
    models = [{"k_anonymity": {"k": 3}}]
    policy.write_text(json.dumps({"attributes": attributes, "privacy_models": models, "entity_column": "who"}))
    ended = call_here("anonymize", table, "-p", policy, "-o", tmp_path / "o.csv", "--report", report)
    assert ended.code == 0, ended.err
    text = look(browser, report, 1280, 800)[0].inner_text("main")
    # Four rows are alike, two of them of one person: the crowd is of three.
    assert "persons alone in their class" in ended.out
    assert "every person looks like at least 2 others" in text
    assert "1 in 3" in text
    assert "1 of 3 persons (33.3%) looked like no other" in text


def test_a_release_may_leave_rows_alone_and_says_so(call_here: Run, tmp_path: Path, browser: Browser) -> None:
    """A model that asks for no crowd: it would be wrong that every row looks like at least 0 others."""
    table, report, policy = tmp_path / "t.csv", tmp_path / "r.html", tmp_path / "policy.json"
    table.write_text("city,ill\nLyon,x\nLyon,y\nBonn,x\n")
    attributes = [{"name": "city", "role": "QUASI_IDENTIFIER"}, {"name": "ill", "role": "SENSITIVE"}]
    policy.write_text(json.dumps({"attributes": attributes, "privacy_models": [{"t_closeness": {"attribute": "ill", "t": 1}}]}))
    ended = call_here("anonymize", table, "-p", policy, "-o", tmp_path / "o.csv", "--report", report)
    assert ended.code == 0, ended.err
    text = look(browser, report, 1280, 800)[0].inner_text("main")
    assert "1 of 3 rows still look like no other" in text
    assert "0 others" not in text


def test_a_table_without_rows_that_count(call_here: Run, tmp_path: Path, browser: Browser) -> None:
    table, report = tmp_path / "t.csv", tmp_path / "r.html"
    table.write_text("a,b\n*,*\n1,2\n".replace("1,2\n", ""))
    assert call_here("risk", table, "--qi", "a", "--report", report).code == 0
    table.write_text("a,b\n")
    assert call_here("risk", table, "--qi", "a,b", "--report", report).code == 0
    page, said = look(browser, report, 1280, 800)
    assert said.complaints == []
    assert "there is nobody to be found" in page.inner_text("main")


def test_all_files_appear_or_none(here: Run, server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, report = tmp_path / "out.csv", tmp_path / "report.html"
    words = ("anonymize", STAYS, "-p", POLICY, "-o", out, "--json")
    for place in (out, tmp_path / "none" / "r.html", STAYS, tmp_path):
        ended = here(*words, "--report", place, env={"SHOAL_SERVER": server.address, "SHOAL_API_KEY": server.api_key})
        assert ended.code == 2
        assert "--report" in ended.error["message"]
    monkeypatch.setattr("shoal.cli.report.page.find_spec", lambda name: None)
    ended = here(*words, "--report", report)
    assert ended.code == 2
    assert "install shoal[plots]" in ended.error["message"]
    assert sorted(tmp_path.iterdir()) == []
