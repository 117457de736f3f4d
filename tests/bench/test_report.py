"""The page that shows the figures."""

import json
from xml.etree import ElementTree

import pytest

from bench.report import BadPeer, Peer, chart, load_peer, table

ROWS = [
    {"what": "texts < stored", "got": 0.4, "reach": 0.35, "goal": 0.5, "unit": "x", "is_reached": True},
    {"what": "p99", "got": 20.0, "reach": 10, "goal": 5, "unit": "ms", "is_reached": False},
]


def test_a_missed_row_is_called_so():
    lines = table(ROWS, []).splitlines()

    assert "| ok |" in lines[2]
    assert "**missed**" in lines[3]


def test_a_peer_is_a_column():
    lines = table(ROWS, [Peer("Other", {"p99": 30.0})]).splitlines()

    assert lines[0].endswith("| Other |")
    assert lines[3].endswith("| 30.0 ms |")
    assert lines[2].endswith("|  |")


def test_the_chart_tells_how_far_each_row_is():
    texts = [
        node.text for node in ElementTree.fromstring(chart(ROWS)).iter("{http://www.w3.org/2000/svg}text")
    ]

    assert texts[:4] == ["texts < stored", "1.1", "p99", "0.5"]


def test_a_peers_figures_are_read_from_a_file(tmp_path):
    file = tmp_path / "peer.json"
    file.write_text(json.dumps({"name": "Other", "rows": [{"what": "p99", "got": 30}]}))

    assert load_peer(str(file)) == Peer("Other", {"p99": 30.0})


@pytest.mark.parametrize(
    "text", ["", "[]", '{"name": "x"}', '{"name": "x", "rows": [{"what": "p99", "got": "fast"}]}']
)
def test_a_peers_figures_are_refused_when_they_are_none(tmp_path, text):
    file = tmp_path / "peer.json"
    file.write_text(text)

    with pytest.raises(BadPeer):
        load_peer(str(file))
