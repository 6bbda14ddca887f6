"""The page of results: one file, safe to open, that says what the results say."""

import hashlib
import json
import re
import subprocess
import sys
from base64 import b64encode
from itertools import pairwise

import pytest
from markupsafe import Markup
from matplotlib.figure import Figure

import sim
from sim.errors import ResultsError, UsageError
from sim.page import page_of, page_place, write_page
from sim.page.inline_svg import StyleSheet
from sim.page.page_figures import ORDER, drawn, inlined
from sim.page.page_tables import MOST_ROWS, PageTable, TableRow, first_rows, heading
from sim.page.page_words import WORDS
from sim.page.rendering import environment
from sim.page.study_page import PLACES, StudySource, study_page
from sim.report.figure_input.declared_figures import DeclaredFigure, declared_figures
from sim.report.results_text.sentences import Facts, sentences

from .page_results import HOSTILE, SVG, save
from .reading_html import Page

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def page(compared, tmp_path_factory):
    return page_of(save(compared, tmp_path_factory.mktemp("page") / "first"))


@pytest.fixture(scope="module")
def strange(hostile, tmp_path_factory):
    figures = {"share-reached": SVG.encode(), "map": SVG.encode()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.page.results_page.drawn", lambda *_: figures)
        path = hostile.write_page(tmp_path_factory.mktemp("strange") / "page.html")
    return path.read_text(encoding="utf-8")


def hash_of(text):
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("made", ["page", "strange"])
def test_the_content_policy_allows_what_is_there_and_nothing_else(made, request):
    """A style or a script that its hash does not name is not used by any browser."""
    found = Page(request.getfixturevalue(made))
    (policy,) = (
        e.attributes["content"]
        for e in found.of("meta")
        if e.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    scripts = [text for e, text in found.texts if e and e.tag == "script" and not e.attributes]

    assert rules["default-src"] == "'none'"
    assert rules["style-src"].split() == [hash_of(text) for text in found.text_of("style")]
    assert rules["script-src"].split() == [hash_of(text) for text in scripts]
    assert rules["img-src"] == "data:"


@pytest.mark.parametrize("made", ["page", "strange"])
def test_nothing_in_it_makes_a_request_or_is_blocked_by_the_policy(made, request):
    found = Page(request.getfixturevalue(made))
    allowed = re.compile(r"#[\w-]*|data:image/png;base64,[\w+/=]*")
    for element in found.elements:
        assert element.tag not in {"link", "iframe", "object", "embed", "form", "base", "img"}
        for name, value in element.attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            assert name not in {"srcset", "action", "background", "xmlns", "ping"}
            if name in {"src", "href", "xlink:href"}:
                assert allowed.fullmatch(value)
            assert "://" not in (value or "")
    assert not re.search(r"url\((?!#)|@import|://", "".join(found.text_of("style")))


@pytest.mark.parametrize("made", ["page", "strange"])
def test_names_within_it_are_unique_and_all_that_is_referred_to_is_there(made, request):
    found = Page(request.getfixturevalue(made))
    ids = [e.attributes["id"] for e in found.elements if "id" in e.attributes]
    wanted = {e.attributes["href"][1:] for e in found.elements if "href" in e.attributes}
    wanted |= {e.attributes["aria-labelledby"] for e in found.elements
               if "aria-labelledby" in e.attributes}  # fmt: skip

    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


@pytest.mark.parametrize("made", ["page", "strange"])
def test_headings_are_in_order_and_tables_have_captions_and_scopes(made, request):
    """Else who hears the page instead of seeing it is lost in it."""
    found = Page(request.getfixturevalue(made))
    levels = [int(e.tag[1]) for e in found.of("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(found.of("table")) == len(found.of("caption")) > 3
    assert all(e.attributes.get("scope") in ("row", "col") for e in found.of("th"))
    assert [e.tag for e in found.of("header", "nav", "main")] == ["header", "nav", "main"]


def test_the_answer_is_the_one_that_is_printed(page, compared):
    text = re.sub(r"\s+", " ", Page(page).text.replace("\N{NO-BREAK SPACE}", " "))

    for sentence in sentences(Facts(compared.study, compared.tables)):
        assert sentence in text


def test_who_is_not_reached_comes_before_any_time(page):
    headings = [e for e in Page(page).texts if e[0] and "th" in (*e[0].inside, e[0].tag)]
    first = [text.strip() for _, text in headings if "[" in text]

    assert first[0].startswith("not reached in")


def test_the_worst_group_stands_first(page):
    """Fires are never reached under one of the two."""
    kinds = page.split('data-word="by_kind"')[1].split("</table>")[0]
    names = re.findall(r'<th scope="row"><bdi>([^<]+)', kinds)

    assert names[0] == "fire"


def test_it_says_that_it_is_internal_and_which_care_is_due(page, compared, tmp_path):
    care = {"map.attribution": ["Illustrative bases; not for operations."]}
    scenario = sim.load("first-steps", {"clock.length": "1 day", **care})
    marked = page_of(save(sim.compare(scenario, replications=2), tmp_path / "care"))

    assert "Internal, not redacted" in Page(page).text
    assert 'data-word="care_operations"' not in page
    assert {"illustrative bases", "not for operations"} <= {
        text.strip() for text in Page(marked).text_of("span")
    }


def test_strange_names_stay_names(strange):
    found = Page(strange)
    named = set(found.text_of("bdi"))

    assert len(found.of("script")) == 2
    assert found.of("b", "img") == []
    assert "\u202e" not in strange
    for name in HOSTILE:
        assert name.replace("\u202e", " ") in named


def test_all_of_many_alternatives_are_ranked_and_those_without_a_column_named(strange):
    """Forty alternatives in every table would be a page that nobody can open on a phone."""
    ranking = strange.split('data-word="alternatives"')[1].split("</table>")[0]
    inequality = strange.split('data-word="inequality"')[1].split("</details>")[0]

    assert ranking.count('<th scope="row">') == 8
    assert "eighth" not in inequality
    assert "Not shown: " in Page(strange).text


def test_of_many_rows_the_first_are_seen_and_the_others_folded_away():
    """Else who opens the page finds a table where the answer should be."""
    rows = [TableRow(Markup(f"row {n}"), []) for n in range(MOST_ROWS + 5)]
    table = first_rows(PageTable(Markup("caption"), [heading(Markup("name"))], rows))

    shown, folded = (
        environment().get_template("parts.html.j2").module.table(table).split("<details>")
    )

    assert shown.count("<tr>") == MOST_ROWS + 1
    assert folded.count("<tr>") == 5 + 1
    assert '<bdi class="count">5</bdi>' in folded


def test_one_replication_has_no_intervals_and_says_so(tmp_path):
    scenario = sim.load("first-steps", {"clock.length": "1 day"})
    found = sim.compare(scenario, policies=["today"], replications=1)
    alone = Page(page_of(save(found, tmp_path / "alone"))).text

    assert "· no intervals" in alone
    assert WORDS["one_replication"][0] in alone
    assert WORDS["in_brackets"][0] not in alone.split("How sure")[0]


def test_every_word_of_the_page_is_in_the_table(page, strange):
    for made in (page, strange):
        found = Page(made)
        used = {e.attributes[name] for e in found.elements for name in
                ("data-word", "data-word-label") if name in e.attributes}  # fmt: skip
        (table,) = (json.loads(text) for text in found.text_of("script", id="words"))

        assert {key for key in used if not key.startswith("rp_")} <= set(WORDS)
        assert used <= set(table)


def test_a_page_has_at_most_a_megabyte_and_names_the_figures_it_has_no_room_for(page, results):
    big = SVG.replace("</svg>", f'<path d="M{"1 2L3 4" * 150_000}"/></svg>')
    assert len(page.encode()) < MEGABYTE
    manifest = json.loads((results / "manifest.json").read_text())
    read = sim.read_results(results)
    figures = {"share-reached": SVG.encode(), "map": big.encode()}

    small = study_page(
        StudySource(read.study, sim.tabulate(read.study), manifest, results, figures)
    )

    assert len(small.encode()) < MEGABYTE
    assert 'id="figure-share-reached"' in small
    assert 'id="figure-map"' not in small
    assert "figures/map.svg" in small


def test_files_that_were_altered_or_are_gone_are_named_in_red(results):
    (results / "staff.csv").write_text("team,hours\n")
    (results / "answer.txt").unlink()

    found = Page(page_of(results))

    assert {"staff.csv", "answer.txt"} <= set(found.text_of("code"))
    assert sum("alarm" in e.attributes.get("class", "") for e in found.elements) >= 2


def test_a_figure_that_was_altered_is_not_shown(results):
    (results / "figures" / "map.svg").write_text(SVG.replace("reached", "never"))

    page = page_of(results)

    assert 'id="figure-share-reached"' in page
    assert 'id="figure-map"' not in page
    assert "figures/map.svg" in Page(page).text


def test_it_does_not_tell_where_the_results_lay(results, monkeypatch):
    """It is handed on, and the path of somebody's machine may hold their name."""
    looks = {"scenario": "first-steps", "number": 2, "tried": {}, "not_declared": []}
    run = json.loads((results / "manifest.json").read_text())["run"]
    change_manifest(results, run={**run, "looks": looks})

    page = page_of(results)
    assert str(results.parent) not in page
    assert "rescuesim reproduce first<" in page
    assert "look 2" in Page(page).text.replace("\N{NO-BREAK SPACE}", " ")

    monkeypatch.chdir(results)
    assert "rescuesim reproduce first<" in page_of(".")


def test_why_there_is_no_replay_is_told_without_a_path(results, monkeypatch):
    def fails(*_):
        raise ResultsError(f"{results / 'callouts.csv.gz'} is damaged")

    monkeypatch.setattr("sim.page.study_page.replay_parts", fails)

    page = page_of(results)

    assert "first/callouts.csv.gz is damaged" in Page(page).text
    assert str(results.parent) not in page


def change_manifest(folder, **values):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: (f / "manifest.json").rename(f / "PARTIAL.json"), "not complete"),
        (lambda f: change_manifest(f, format=2), "results format 2"),
        (lambda f: (f / "observations.npz").write_bytes(b"no"), "not the file that the manifest"),
        (lambda f: (f / "scenario.yaml").unlink(), "missing"),
        (lambda f: (f / "manifest.json").write_text("{"), "cannot be read"),
        (lambda f: (f / "manifest.json").unlink(), "not a results folder"),
        (lambda f: change_manifest(f, selection={}), "holds a selection"),
    ],
)
def test_results_that_it_cannot_rest_on_are_refused_with_the_reason(results, spoil, told, tmp_path):
    spoil(results)

    with pytest.raises(ResultsError, match=told):
        write_page(results, tmp_path / "page.html")

    assert not (tmp_path / "page.html").exists()


def test_a_page_is_written_atomically(results, monkeypatch, tmp_path):
    path = write_page(results, tmp_path / "own" / "page.html")
    before = path.read_text(encoding="utf-8")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(ResultsError, match="No space left"):
        write_page(results, path)

    assert path.read_text(encoding="utf-8") == before
    assert [p.name for p in path.parent.iterdir()] == ["page.html"]


def test_it_goes_next_to_the_folder_and_never_over_another_file(results, tmp_path):
    assert write_page(results) == page_place(results) == tmp_path / "first.html"
    assert write_page(results) == tmp_path / "first.html", "an earlier page is replaced"

    other = tmp_path / "scenario.yaml"
    other.write_text("name: mine")
    for place in (other, results):
        with pytest.raises(UsageError, match="name"):
            write_page(results, place)
    assert other.read_text() == "name: mine"


def test_next_to_figures_that_exist_it_waits_for_nothing_that_draws():
    code = "import sys, sim.page.study_page; print('matplotlib' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_the_same_results_give_the_same_page(results):
    assert page_of(results) == page_of(results)


def test_a_result_at_hand_writes_its_page(compared, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.page.results_page.drawn", lambda *_: {"map": SVG.encode()})

    path = compared.write_page(tmp_path / "mine.html")

    assert path == tmp_path / "mine.html"
    assert 'id="figure-map"' in path.read_text(encoding="utf-8")


def test_what_the_author_answers_is_on_it(results):
    page = page_of(results, {"purpose": "To decide <where> to stand by."})

    assert "To decide <where> to stand by." in Page(page).text


def test_a_figure_that_the_page_has_no_words_for_is_called_what_it_says_of_itself():
    """So that a new one takes two files; those that are shipped have words in all languages."""
    other = DeclaredFigure(500, "other", "What else <there> is.", "other_data", "figure")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.page.page_figures.declared_figures", lambda: [other])
        (figure,) = inlined({"other": SVG.encode()}, StyleSheet())

    assert figure.title == '<span lang="en" dir="ltr">What else &lt;there&gt; is.</span>'


def test_figures_that_a_folder_lacks_are_drawn_without_a_date(compared, monkeypatch):
    """So that two pages of the same results are the same."""
    monkeypatch.setattr("sim.report.figures_of", lambda *_: [("map", Figure((1, 1)))])

    first, again = (drawn(compared.study, compared.tables)["map"] for _ in range(2))

    assert b"<svg" in first
    assert b"<dc:date>" not in first
    assert first == again


def test_what_the_page_says_of_figures_is_of_figures_that_there_are():
    names = {figure.name for figure in declared_figures()} | {"areas"}  # of records

    assert set(ORDER) <= names
    assert set(PLACES) <= names
    assert {key for key in WORDS if key.startswith("figure_")} <= {f"figure_{n}" for n in names}
