"""What the agents of a run are called, and texts that can be told apart. Pure."""

PASSWORD = "a-long-word-for-tests"
LETTERS = "abcdefghij"


def login(number: int) -> str:
    """The user name of an agent."""
    return f"tester{number}"


def text_of(client: str, number: int) -> str:
    """A text that only this client writes, once; without digits, which masking might take for a code."""
    return f"Hello from {words(client)}, line {words(str(number))}."


def words(text: str) -> str:
    """The text with letters for its digits."""
    return "".join(LETTERS[int(sign)] if sign.isdigit() else sign for sign in text)
