"""What is done in turn to read a web page?

Its lines are read, then what it declares, then trafilatura's choice among the lines, which is put right. The
article's lines then go through the same zoning as any other: they hold pointers to other articles.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from index.articles.article import Article, Content
from index.articles.composing import Declared, compose
from index.articles.encoding import clean, decode
from index.articles.notes import calls_note
from index.articles.pages import metadata
from index.articles.pages.blocks import Page, read_blocks
from index.articles.pages.credits import credit_lines, stamps
from index.articles.pages.exports import may_hold_several, part_articles
from index.articles.pages.marks import Chosen, mark_lines, read_marks
from index.articles.pages.names import Role, is_hidden
from index.articles.pages.roles import find_title, roles
from index.articles.pages.text import Parted, part
from index.articles.pages.title import find_headline, find_site_name
from index.articles.source_file import SourceFile, exported_id, name_without_suffix, read_whole
from index.errors import InvalidInput

_DECLARED_ENCODING = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I)
_DECLARATIONS_BYTES = 4096  # where a page must declare its encoding: 1024 by the standard, more in practice
_OF_THE_MACHINE = (ImportError, MemoryError)  # were they a page's fault, an update would remove its article
_NO_TEXT = "aucun texte d’article trouvé dans cette page"
_CELLS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_LONGEST_CELL = 300  # characters of a line; a longer one is no figure of a table, but a text laid out by one


def read_web_page(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content]:
    """Yield what the file of a web page holds. Raises: InvalidInput, OSError."""
    data = read_whole(source)
    on_bytes(len(data))
    exported = _parted(data) if may_hold_several(data) else []
    for number, page in enumerate(exported, start=1):
        yield Content(f"{source.name}#{number}", page.encode(), _read_exported)
    if not exported:
        yield Content(source.name, data, _read)


def _parted(data: bytes) -> list[str]:
    """Give the articles of an export, a page each; none where the page is of one article, or unreadable."""
    try:
        tree = _parse(_decoded(data))
        return part_articles(tree) if tree is not None else []
    except _OF_THE_MACHINE:
        raise
    except Exception:  # as a page of one article it is rejected with a reason
        return []


def _read_exported(data: bytes, place: str) -> tuple[Article, tuple[str, ...]]:
    return _composed(data, exported_id(place))


def _read(data: bytes, name: str) -> tuple[Article, tuple[str, ...]]:
    return _composed(data, name_without_suffix(name))


def _composed(data: bytes, article_id: str) -> tuple[Article, tuple[str, ...]]:
    text, page, declared = _extract(_decoded(data))
    return compose(article_id, text, declared, page), ()


def _decoded(data: bytes) -> str:
    encoding = _DECLARED_ENCODING.search(data[:_DECLARATIONS_BYTES])
    return decode(data, encoding[1].decode("ascii") if encoding else None)


def _extract(written: str) -> tuple[str, list[str], Declared]:
    """Give the lines of the article, all the lines of the page, and what it declares."""
    try:
        tree = _parse(written)
        found = _divide(tree) if tree is not None else None
        # What a script shows once the page is loaded is hidden in it, be it all of the article.
        if found and not found[0] and _show(tree := _parse(written)):
            found = _divide(tree)
    except _OF_THE_MACHINE:
        raise
    except Exception as error:  # whatever a hostile page makes a parser do, it costs this page only
        raise InvalidInput(f"page illisible ({type(error).__name__})") from error
    if not found or not found[0]:
        raise InvalidInput(_NO_TEXT)
    return found


def _parse(written: str) -> Any:
    import trafilatura  # a second to import: only where there are web pages

    # It reports on its logger what is a reject here; without a handler that would reach stderr.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    tree = trafilatura.load_html(written)
    for call in tree.iter("sup") if tree is not None else ():
        _part_note_call(call)
    return tree


def _show(tree: Any) -> bool:
    """Take off what hides elements of a page; False where nothing does."""
    hidden = [element for element in tree.iter() if isinstance(element.tag, str) and is_hidden(element)]
    for element in hidden:
        for name in ("hidden", "aria-hidden", "style"):
            element.attrib.pop(name, None)
    return bool(hidden)


def _divide(tree: Any) -> tuple[str, list[str], Declared]:
    """Give what `_extract` does; no line of the article where there is none."""
    body = tree.find("body") if tree.tag == "html" else tree
    page = read_blocks(tree if body is None else body)
    told = _metadata(tree)
    linked = metadata.linked_data(tree)
    dates = metadata.declared_dates(tree, linked)
    summaries = metadata.summaries(tree, linked)
    url = metadata.original_address(clean(told.url or next(metadata.addresses(linked), "")))
    names = metadata.declared_names(tree, linked)
    title = find_headline(tree, page, metadata.headlines(linked), names, clean(told.title or ""))
    names = [name for name in (*names, find_site_name(tree, page, title)) if name]
    title_at = find_title(page, title)
    role = roles(page, title_at)
    chosen = _main_text(tree, page, role)  # which spends the tree
    if not chosen.lines and (told_text := metadata.article_body(linked)):
        chosen = Chosen(set(), {-1: [line for row in told_text.split("\n") if (line := row.strip())]})
    parted = part(page, chosen.lines, title_at, role, summaries)
    text, shown = _lines(page, chosen, parted)
    dates += [*stamps(page, [*parted.credits, *parted.late_credits]), *metadata.created_dates(linked)]
    declared = Declared(
        title=title,
        source=metadata.publication_name(told.sitename or "", names, url),
        author=clean(told.author or ""),
        date=metadata.first_date(dates),
        url=url,
    )
    return "\n".join(text), shown, declared


def _metadata(tree: Any) -> Any:
    from trafilatura.metadata import extract_metadata

    return extract_metadata(tree, date_config={"extensive_search": False})


def _main_text(tree: Any, page: Page, role: list[Role]) -> Chosen:
    """Give the lines that trafilatura takes for the main text."""
    import trafilatura

    mark_lines(page)
    for time in list(tree.iter("time")):
        time.drop_tag()  # trafilatura leaves its words out
    for number, box in enumerate(page.boxes):
        if number and role[number] in ("hidden", "comments") and role[box.parent] != role[number]:
            box.element.drop_tree()
        elif box.role == "comments" and not role[number]:
            box.element.attrib.pop("class", None)  # a commentary, which trafilatura would drop for its name
            box.element.attrib.pop("id", None)
    for number in _layout_cells(page):
        page.boxes[number].element.tag = "div"
    found: Any = trafilatura.bare_extraction(tree, include_comments=False)
    return read_marks(clean(found.text or ""), page) if found is not None else Chosen(set(), {})


def _layout_cells(page: Page) -> Iterator[int]:
    """Give the boxes of the tables that lay out a page, rather than tell figures."""
    layout = {0}  # boxes that hold a long line
    for line in page.lines:
        number = line.box
        while len(line.words) > _LONGEST_CELL and number not in layout:
            layout.add(number)
            number = page.boxes[number].parent
    for number, box in enumerate(page.boxes):
        if box.tag in _CELLS and (number in layout or box.parent in layout):
            layout.add(number)
            yield number


def _lines(page: Page, chosen: Chosen, parted: Parted) -> tuple[list[str], list[str]]:
    """Give the lines of the article, its credits first and last, and all those of the page in their order."""
    text, shown = set(parted.text), list(chosen.besides.get(-1, ()))
    article = [*credit_lines(page, parted.credits, "head"), *shown]
    for i, line in enumerate(page.lines):
        rows = line.words.split("\n")
        shown += rows
        article += rows if i in text else ()
        if i in chosen.besides:
            shown += chosen.besides[i]
            article += chosen.besides[i]
    if not text and not chosen.besides:
        return [], shown
    return [*article, *credit_lines(page, parted.late_credits, "foot")], shown


def _part_note_call(call: Any) -> None:
    """Put a space before the number of a note."""
    if calls_note(call.xpath("string(preceding::text()[1])"), call.text_content()):
        first = next(each for each in call.iter() if (each.text or "").strip())
        first.text = f" {first.text}"
