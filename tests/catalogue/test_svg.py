from __future__ import annotations

import pytest

from whypin.catalogue.svg import is_tame

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
PLOT = (
    '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    f'{HEAD}<metadata><a xmlns="urn:x" resource="http://purl.example/type"/></metadata>'
    '<defs><style type="text/css">*{stroke-linejoin: round}</style><path id="m" d="M 0 0"/></defs>'
    '<g clip-path="url(#p)" style="fill: #ffffff"><use xlink:href="#m"/><a href="https://a.example"><text>x</text></a>'
    '<image href="data:image/png;base64,iVBO"/></g></svg>'
)


def test_what_plotting_programs_write_is_tame() -> None:
    assert is_tame(PLOT.encode())
    assert is_tame(b"\xef\xbb\xbf" + PLOT.encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        '<s:script xmlns:s="http://www.w3.org/2000/svg">x</s:script>',
        "<SCRIPT>x</SCRIPT>",
        '<g onload="x"/>',
        '<g ONCLICK="x"/>',
        '<a xlink:href="javascript:x"/>',
        '<a href="&#106;ava&#10;script:x"/>',
        '<a href="data:text/html,x"/>',
        '<animate attributeName="href" values="javascript:x"/>',
        '<set attributeName="xlink:href" to="javascript:x"/>',
        '<image href="https://evil.example/x.png"/>',
        '<use href="//evil.example/x.svg#a"/>',
        '<g style="fill: url(https://evil.example/x)"/>',
        "<g fill=\"url( '//evil.example/x')\"/>",
        "<style>@import 'https://evil.example/x'</style>",
        "<style>*{fill:u\\72l(https://evil.example/x)}</style>",
        '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/></foreignObject>',
        '<?xml-stylesheet href="https://evil.example/x.css"?>',
        '<image xml:base="https://evil.example/" href="#x"/>',
    ],
)
def test_what_runs_or_fetches_is_not(inside: str) -> None:
    assert is_tame(f"{HEAD}<g/></svg>".encode())
    assert not is_tame(f"{HEAD}{inside}</svg>".encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg",
        b"GIF89a",
        f'<!DOCTYPE svg [<!ENTITY a "x">]>{HEAD}&a;</svg>'.encode(),
        f"{HEAD}<script/></svg>".encode("utf-16"),
        f'<?xml version="1.0" encoding="utf-7"?>{HEAD}</svg>'.encode(),
        f'<?xml version="1.0" encoding="iso-8859-1"?>{HEAD}</svg>'.encode(),
        HEAD.encode() * 100_000,
    ],
)
def test_what_cannot_be_told_is_not(data: bytes) -> None:
    assert not is_tame(data)
