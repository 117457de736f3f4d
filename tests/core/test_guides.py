"""Guided fixes as documents: their canonical form, their faults, and the walk through them."""

import copy

import pytest

from faq.core.guides import in_language, normalised, problems, walk


def both(text):
    return {"zh-hans": f"{text}？", "en": text}


def question(key, *choices):
    chosen = [{"key": name, "label": both(name), "next": after} for name, after in choices]
    return {"key": key, "kind": "question", "title": both(key), "why": both("because"), "choice": chosen}


def end(key, kind, *fields):
    return {"key": key, "kind": kind, "title": both(key), "why": both("because"), "field": list(fields)}


def document():
    """Two questions, an end with a person, a good end."""
    how = {
        "key": "how",
        "kind": "choice",
        "label": both("how"),
        "options": {"zh-hans": ["卡"], "en": ["Card"]},
    }
    return {
        "slug": "test",
        "title": both("Test"),
        "step": [
            question("network", ("ok", "balance"), ("fixed", "solved"), ("not-sure", "balance")),
            question("balance", ("enough", "contact"), ("not-sure", "contact")),
            end("solved", "solved"),
            end("contact", "contact", how),
        ],
    }


def codes(changed):
    return {problem.code for problem in problems(changed)}


def changed(step=0, **values):
    """The canonical document with one step's values replaced."""
    result = copy.deepcopy(normalised(document()))
    result["steps"][step] |= values
    return result


def choice(key, after):
    return {"key": key, "label": both(key), "next": after}


def test_every_key_is_present_when_a_short_document_is_normalised():
    canonical = normalised(document())

    assert (canonical["article"], canonical["is_published"], canonical["position"]) == ("", True, 0)
    assert canonical["intro"] == {"zh-hans": "", "en": ""}
    assert canonical["steps"][3]["fields"][0]["required"] is False


def test_nothing_changes_when_texts_have_spaces_around_them():
    spaced = document()
    spaced["title"] = {"zh-hans": " Test？\n", "en": "Test "}

    assert normalised(spaced) == normalised(document())


def test_no_problem_is_found_when_a_guide_is_whole():
    assert problems(normalised(document())) == []


@pytest.mark.parametrize("missing", ["slug", "title", "step"])
def test_value_error_is_raised_when_a_key_is_missing(missing):
    broken = document()
    del broken[missing]

    with pytest.raises(ValueError, match="guide"):
        normalised(broken)


@pytest.mark.parametrize("odd", [{"step": "x"}, {"step": [[]]}, {"step": [{}]}, {"position": None}])
def test_value_error_is_raised_when_a_document_has_another_shape(odd):
    with pytest.raises(ValueError, match="guide"):
        normalised(document() | odd)


def test_value_error_names_the_problem_when_an_answer_leads_nowhere():
    broken = document()
    broken["step"][0]["choice"][0]["next"] = "gone"

    with pytest.raises(ValueError, match="unknown_next"):
        normalised(broken)


@pytest.mark.parametrize(
    "values, code",
    [
        ({"choices": []}, "dead_end"),
        ({"choices": [choice("yes", "balance")]}, "no_not_sure"),
        ({"choices": [choice("not-sure", "solved")]}, "unreachable"),
        ({"choices": [choice("not-sure", "solved")]}, "no_contact"),
        ({"choices": [choice("not-sure", "network")]}, "cycle"),
        ({"choices": [choice("not-sure", "balance")] * 2}, "duplicate"),
        ({"choices": [choice("Not Sure", "balance")]}, "bad_key"),
        ({"key": "net.work"}, "bad_key"),
        ({"key": "balance"}, "duplicate"),
        ({"kind": "quiz"}, "bad_kind"),
        ({"kind": "contact"}, "choices_at_end"),
        ({"fields": [{"key": "a", "kind": "text", "label": both("a"), "options": {}}]}, "fields_elsewhere"),
        ({"title": {"zh-hans": "网络？", "en": ""}}, "missing_text"),
        ({"body": {"zh-hans": "", "en": "Look."}}, "missing_text"),
    ],
)
def test_problem_is_found_when_a_question_is_broken(values, code):
    assert code in codes(changed(**values))


@pytest.mark.parametrize(
    "values, code",
    [
        ({"key": "path"}, "reserved_field"),
        ({"kind": "file"}, "bad_kind"),
        ({"options": {"zh-hans": [], "en": []}}, "no_options"),
        ({"options": {"zh-hans": ["卡"], "en": []}}, "no_options"),
        ({"options": {"zh-hans": ["卡", "余额"], "en": ["Card"]}}, "no_options"),
        ({"label": {"zh-hans": "", "en": "How"}}, "missing_text"),
    ],
)
def test_problem_is_found_when_a_field_is_broken(values, code):
    broken = normalised(document())
    broken["steps"][3]["fields"][0] |= values

    assert code in codes(broken)


def test_a_longer_circle_is_found_when_a_later_answer_leads_back():
    assert "cycle" in codes(changed(step=1, choices=[choice("not-sure", "network"), choice("a", "contact")]))


def test_no_circle_is_seen_when_two_answers_meet_again():
    assert problems(changed(step=0, choices=[choice("not-sure", "balance"), choice("a", "solved")])) == []


def test_problem_says_where_when_a_translation_is_missing():
    found = problems(changed(step=1, why={"zh-hans": "因为", "en": ""}))

    assert [(p.code, p.step, p.item, p.language) for p in found] == [("missing_text", "balance", "why", "en")]


def test_no_steps_is_the_only_problem_when_a_guide_is_new():
    assert codes(normalised(document()) | {"steps": []}) == {"no_steps"}


def test_walk_starts_at_the_first_step_when_nothing_is_answered():
    walked = walk(normalised(document()), "")

    assert (walked.step["key"], walked.answers, walked.questions_left) == ("network", (), 2)
    assert walked.path_with("ok") == "network.ok"


def test_walk_reaches_the_end_when_every_question_is_answered():
    walked = walk(normalised(document()), "network.ok~balance.enough")

    assert (walked.step["key"], walked.questions_left) == ("contact", 0)
    assert [(a.step["key"], a.choice["key"], a.path_before) for a in walked.answers] == [
        ("network", "ok", ""),
        ("balance", "enough", "network.ok"),
    ]


@pytest.mark.parametrize(
    "path, valid",
    [
        ("network.ok~balance.gone", "network.ok"),
        ("network.ok~elsewhere.ok", "network.ok"),
        ("balance.enough", ""),
        ("network.gone~balance.enough", ""),
        ("network.ok~network.ok", "network.ok"),
        ("network.fixed~balance.enough", "network.fixed"),
        ("network.ok~", "network.ok"),
        ("network", ""),
        ("~~..~", ""),
        ("\x00'\"<script>", ""),
        ("network.ok~" * 5000, "network.ok"),
    ],
)
def test_walk_goes_as_far_as_it_makes_sense_when_a_path_is_odd(path, valid):
    assert walk(normalised(document()), path).path == valid


def test_walk_ends_when_a_saved_guide_goes_in_circles():
    circle = changed(step=1, choices=[choice("again", "network")])
    walked = walk(circle, "~".join(["network.ok", "balance.again"] * 3))

    assert (walked.step["key"], len(walked.answers), walked.questions_left) == ("network", 6, 2)


def test_answer_leads_nowhere_when_its_step_is_gone():
    broken = changed(step=0, choices=[choice("ok", "gone")])

    assert walk(broken, "network.ok").step["key"] == "network"


def test_there_is_no_walk_when_there_are_no_steps():
    assert walk(normalised(document()) | {"steps": []}, "network.ok") is None


def test_texts_come_in_one_language_when_asked_for_it():
    step = in_language(normalised(document()), "zh-hans")["steps"][3]

    assert (step["title"], step["fields"][0]["options"]) == ("contact？", ["卡"])


def test_the_other_language_speaks_when_a_text_is_missing():
    english = in_language(changed(title={"zh-hans": "网络正常吗？", "en": ""}), "en")

    assert english["steps"][0]["title"] == "网络正常吗？"
