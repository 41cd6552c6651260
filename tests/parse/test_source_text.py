"""Text that remembers where it stood: cutting and joining never lose or move a place."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.document import ByteMap, Run, SourceText, Span, concatenate
from broadsheet.parse.readings import places

Places = list[tuple[str, tuple[int, int] | None]]


def places_of(text: SourceText) -> Places:
    """Every character with the stretch of the file it came from."""
    found: Places = [(character, None) for character in text.text]
    for run in text.runs:
        for i in range(run.text_length):
            linear = run.text_length == run.source_length
            place = (run.source_start + i, 1) if linear else (run.source_start, run.source_length)
            found[run.text_start + i] = (text.text[run.text_start + i], place)
    return found


PIECES = st.lists(
    st.one_of(
        st.builds(SourceText.verbatim, st.text("甲乙 b\u3000", max_size=5), st.integers(0, 90)),
        st.builds(SourceText.replaced, st.text("&x ", max_size=2), st.integers(0, 90), st.integers(4, 7)),
        st.builds(SourceText, st.text("无 ", max_size=2)),
    ),
    max_size=6,
)
TEXTS = PIECES.map(concatenate)
SPANS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted).map(tuple)


@given(PIECES)
def test_joining_keeps_every_place(pieces: list[SourceText]) -> None:
    assert places_of(concatenate(pieces)) == [place for piece in pieces for place in places_of(piece)]


@given(TEXTS, SPANS)
def test_a_slice_is_the_slice_of_its_places(text: SourceText, span: tuple[int, int]) -> None:
    assert places_of(text.slice(*span)) == places_of(text)[slice(*span)]


@given(TEXTS)
def test_stripping_keeps_the_places_of_what_is_left(text: SourceText) -> None:
    left = len(text.text) - len(text.text.lstrip())
    assert places_of(text.strip()) == places_of(text)[left : left + len(text.text.strip())]


@given(TEXTS, st.lists(SPANS, max_size=3))
def test_what_is_kept_is_its_slices_joined(text: SourceText, spans: list[tuple[int, int]]) -> None:
    spans = [(start, end) for start, end in spans if text.text[start:end]]
    assert places_of(text.keep(spans)) == [place for span in spans for place in places_of(text)[slice(*span)]]


@given(TEXTS, SPANS)
def test_the_span_of_a_stretch_holds_all_its_places(text: SourceText, span: tuple[int, int]) -> None:
    known = [place for _, place in places_of(text)[slice(*span)] if place]
    ends = Span(min(p[0] for p in known), max(p[0] + p[1] for p in known)) if known else None
    assert text.source_span(*span) == ends


def test_runs_have_names() -> None:
    text = concatenate([SourceText.verbatim("甲乙", 3), SourceText.replaced("&", 5, 5), SourceText.verbatim("丙", 10)])
    assert text.runs == (Run(0, 2, 3, 2), Run(2, 1, 5, 5), Run(3, 1, 10, 1))
    assert text.runs[1].source_length == 5


def test_places_of_several_characters_come_in_order() -> None:
    assert places("a&b<c&", "<&") == [1, 3, 5]
    assert places("a&b<c&", "<&", 2, 5) == [3]


def test_bytes_are_counted_across_blocks_and_around_what_was_lost() -> None:
    text = "é" * 300 + "\ufffd" + "中" * 300
    positions = ByteMap(text, "utf-8", [(300, 1)])
    assert [positions.byte(p) for p in (0, 256, 300, 301, 601)] == [0, 512, 600, 601, 1501]
    assert positions.bytes_of(Span(299, 302)) == Span(598, 604)
