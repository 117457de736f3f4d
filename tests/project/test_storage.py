"""What browsers get of our scripts after they were collected."""

import shutil

import pytest
from django.core.files.storage import FileSystemStorage

from helpcenter.storage import HashedStaticStorage

pytestmark = pytest.mark.once

PAGE = '// Says what it is for.\nimport { answer } from "./parts/answer.js";\n\nconsole.log(`${answer}  //  left`);\n'
ANSWER = "/** The answer. */\nexport const answer = /\\/\\/ [a]/.test('// a') ? 42 : 0;\n"


def test_scripts_get_smaller_and_import_each_other_by_hashed_names(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "js" / "parts").mkdir(parents=True)
    (source / "js" / "page.js").write_text(PAGE)
    (source / "js" / "parts" / "answer.js").write_text(ANSWER)
    shutil.copytree(source, target)
    storage = HashedStaticStorage(location=target, base_url="/static/")
    files = {name: (FileSystemStorage(source), name) for name in ("js/page.js", "js/parts/answer.js")}

    for name, _hashed, problem in storage.post_process(files):
        assert not isinstance(problem, Exception), name

    page = (target / storage.stored_name("js/page.js")).read_text()
    answer = (target / storage.stored_name("js/parts/answer.js")).read_text()
    assert "Says" not in page
    assert "The answer" not in answer
    assert f"./parts/{storage.stored_name('js/parts/answer.js').rsplit('/', 1)[1]}" in page
    assert "${answer}  //  left" in page
    assert "/\\/\\/ [a]/" in answer
    assert "// a" in answer
