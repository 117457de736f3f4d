"""The client of the wire contract in a real browser: nothing lost, nothing doubled, everything in order."""

import pytest

from tests.browser.talking import TALK, desk_page, empty_page, texts, visitor_page, wait_for_link

WAIT_FOR_SAID = "(wanted) => JSON.stringify(thread.events.filter((e) => e.kind === 'message' && e.author.kind !== 'assistant').map((e) => e.text)) === JSON.stringify(wanted)"
HELD_SOCKET = """
  window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); } close() {} };
"""


@pytest.fixture
def visitor(open_context):
    """A visitor who asked something, connected."""
    return visitor_page(open_context(bypass_csp=True), "My card was declined.", "payment")


def said(page, *wanted):
    page.wait_for_function(WAIT_FOR_SAID, arg=list(wanted))


def test_both_sides_see_the_same_when_they_talk(site, open_context, visitor):
    page, conversation = visitor
    desk = desk_page(open_context(bypass_csp=True), "agent1", site.password)
    desk.wait_for_function("(id) => desk.offers.has(id)", arg=conversation)
    desk.evaluate("(id) => desk.verb('accept', { conversation: id })", conversation)
    desk.evaluate("(id) => { window.thread = desk.open(id); }", conversation)
    desk.wait_for_function("thread.isCaughtUp && thread.rev")
    desk.evaluate("thread.send('Which shop was it?')")
    said(page, "My card was declined.", "Which shop was it?")
    page.evaluate("thread.send('A book shop.')")
    said(desk, "My card was declined.", "Which shop was it?", "A book shop.")
    desk.evaluate("thread.read(thread.last)")
    page.wait_for_function("thread.cursors.agent.read === thread.last")

    assert texts(desk) == texts(page)
    assert page.evaluate("thread.pending.length") == 0

    desk.evaluate("(id) => desk.verb('close', { conversation: id, reason: 'solved' })", conversation)
    page.wait_for_function("thread.state.state === 'closed'")


def test_texts_arrive_once_and_in_order_when_the_network_was_away(visitor, open_context):
    page, _ = visitor
    page.context.set_offline(True)
    page.evaluate("['one', 'two', 'three'].forEach((text) => thread.send(text))")
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_for_function("thread.pending.length === 3")
    page.context.set_offline(False)

    said(page, "My card was declined.", "one", "two", "three")
    page.wait_for_function("thread.pending.length === 0")


def test_a_text_is_sent_after_a_reload_when_it_was_not_acknowledged(visitor):
    page, _ = visitor
    page.evaluate("talk.stop()")
    page.evaluate("thread.send('written in a tunnel')")
    page.wait_for_function("""async () => {
      const store = await import("/static/js/talk/store.js");
      return (await store.load("visitor", thread.id)).length === 1;
    }""")
    page.reload()
    page.evaluate(TALK)

    said(page, "My card was declined.", "written in a tunnel")


SWALLOW = """() => {
  const write = WebSocket.prototype.send;
  window.swallowed = 0;
  WebSocket.prototype.send = function (data) {
    if (!swallowed && JSON.parse(data).type === "send") swallowed += 1;
    else write.call(this, data);
  };
}"""


def test_a_text_is_sent_again_when_nobody_answers(visitor):
    page, _ = visitor
    page.evaluate(SWALLOW)
    page.clock.install()
    page.evaluate("thread.send('into the void')")
    page.wait_for_function("swallowed === 1")
    page.clock.fast_forward(9_000)

    said(page, "My card was declined.", "into the void")


def test_the_conversation_goes_on_when_no_socket_gets_through(visitor):
    page, _ = visitor
    page.evaluate("talk.stop()")
    page.add_init_script(HELD_SOCKET)
    page.reload()
    page.evaluate(TALK)
    page.wait_for_function("talk.link === 'http'")
    page.evaluate("thread.send('by post')")

    said(page, "My card was declined.", "by post")


def test_two_tabs_show_the_same_when_one_of_them_writes(visitor):
    page, _ = visitor
    opened = page.evaluate("sessionStorage.getItem('opened')")
    other = empty_page(page.context)
    other.evaluate("(opened) => sessionStorage.setItem('opened', opened)", opened)
    other.evaluate(TALK)
    wait_for_link(other, "talk")
    page.evaluate("thread.send('from the first tab')")
    other.evaluate("thread.send('from the second tab')")
    both = "thread.events.filter((e) => e.text.startsWith('from the')).length === 2"
    for tab in (page, other):
        tab.wait_for_function(both)

    assert texts(page) == texts(other)


def test_only_the_end_is_loaded_first_when_much_was_said(visitor):
    page, _ = visitor
    page.evaluate("""async () => {
      const token = JSON.parse(sessionStorage.getItem("opened")).token;
      const { VisitorApi } = await import("/static/js/talk/visitor_api.js");
      const { uuid } = await import("/static/js/talk/ids.js");
      const api = new VisitorApi(thread.id, token);
      for (let i = 0; i < 70; i += 1) {
        for (;;) {
          try { await api.post(uuid(), `line ${i}`, []); break; }
          catch (refused) { await new Promise((done) => setTimeout(done, 1000 * (refused.retryAfter || 1))); }
        }
      }
    }""")
    page.reload()
    page.evaluate(TALK)
    page.wait_for_function("thread.isCaughtUp")
    assert page.evaluate("thread.events.length") == 50
    assert page.evaluate("thread.hasEarlier")

    page.evaluate("thread.loadEarlier()")
    page.wait_for_function("!thread.hasEarlier")
    assert page.evaluate("thread.events.every((e, i) => e.n === i + 1)")
