"""JSON with places, and without what JSON lets pass in silence."""

from __future__ import annotations

import json as library

import pytest

from whypin.errors import WhypinError
from whypin.syntax import json

TEXT = """\
{
  "a": {"b": [1, {"c": "x, \\"{"}], "d": {}},
  "e\\u0066": null, "g":
    true
}
"""


def test_it_reads_what_the_library_reads() -> None:
    assert json.load(TEXT, "a.json") == library.loads(TEXT)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("a",), (2, 3)),
        (("a", "b"), (2, 9)),
        (("a", "b", 1, "c"), (2, 19)),
        (("a", "d"), (2, 36)),
        (("ef",), (3, 3)),
        (("g",), (3, 20)),
        (("a", "nothing"), (2, 3)),
        (("nothing",), (1, 1)),
    ],
)
def test_places(keys: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert json.place_of(TEXT, *keys) == place


def test_lines_of_tables_are_the_same_of_any_layout() -> None:
    data = {"a": {"b": {"x": 1}, "c": {"b": {}}}, "d": {}, "e": {'"': {}}}
    regular = library.dumps(data, indent=4)
    assert json.lines(json.load(regular, "a.json"), regular)["a", "c"] == 6
    assert json.lines(json.load(regular, "a.json"), regular)["e", '"'] == 12
    wide = library.dumps(data, indent=3)
    assert json.lines(json.load(wide, "a.json"), wide)["a", "c"] == 6
    assert json.lines(json.load(wide, "a.json"), wide)[("d",)] == 10


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "not valid JSON: expecting value at the end of the file"),
        ("{", "1:1", "not valid JSON: expecting property name"),
        ('{"a": 1\n"b": 2}', "2:1", "not valid JSON: expecting ',' delimiter"),
        ('{"a": 1}\n{}', "2:1", "not valid JSON: extra data"),
        ('{"a": "\n"}', "1:8", "not valid JSON: invalid control character"),
        ("null", "1:1", "not a JSON object"),
        ('{"a": 1,\n "\\u0061": 2}', "2:2", "the key 'a' stands twice"),
        ('{"b": [{"a": 1},\n {"c": 1, "c": 2}]}', "2:11", "the key 'c' stands twice"),
        ('{"a":\n NaN}', "2:2", "not valid JSON: no number"),
        ('{"a":\n [-Infinity]}', "2:3", "not valid JSON: no number"),
        ('{"a":\n ' + "1" * 5000 + "}", "2:2", "a number is too long to be read"),
        ('{"a":\n ' + "[" * 100_000, "2:100", "values are nested too deeply to be read"),
        ('{"a": {"b":\n ' * 100_000, "50:8", "values are nested too deeply to be read"),
        ('{"a":\n "\\ud83d"}', "2:3", "not valid JSON: half a character"),
        ('{"a":\n>>>>>>> theirs\n 1}', "2:1", "unresolved merge conflict"),
    ],
)
def test_what_is_refused(text: str, where: str, message: str) -> None:
    with pytest.raises(WhypinError) as caught:
        json.load(text, "a.json")
    assert str(caught.value).startswith(f"a.json:{where}: {message}")


def test_characters_of_two_halves_are_read() -> None:
    assert json.load('{"a": "\\ud83d\\ude00"}', "a.json") == {"a": "\U0001f600"}


def test_places_of_broken_text_are_found_as_far_as_it_goes() -> None:
    for end in range(len(TEXT)):
        assert json.place_of(TEXT[:end], "a", "b", 0)[0] in (1, 2)
