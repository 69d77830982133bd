"""Makes what strangers type comparable: one spelling for each character, without changing what is said."""

import re
import unicodedata
from itertools import pairwise

from mutual.disguise import undisguised

MAX_CHARACTERS = 20_000
"""Longest text that is read, in characters; a 2,000-word message has about 11,000."""

_SAME = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u2032": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2026": "...",
    }
)  # fmt: skip
# Cyrillic and Greek letters that look Latin; used to dodge word lists. Applied only inside words that also hold a
# Latin letter, so that Russian or Greek text stays what it is.
_LOOKALIKES = dict(
    zip("аеіјорсухѕԁһкмтвнАВЕЅІЈКМНОРСТХУαοερντικ", "aeijopcyxsdhkmtbhABESIJKMHOPCTXYaoepvtik", strict=True)
)
_MIXED_WORD = re.compile(r"\w*[A-Za-z]\w*")
_LONG_RUN = re.compile(r"(\w)\1{3,}", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_POINTING = frozenset({"it", "it's", "its", "that", "this", "they", "them"})
_ASKING = "what|what's|why|how|is|are|does|do|can|could|would|should|who|when|where|which"
_ASKS = re.compile(rf"(?:{_ASKING})\b|.*\?$", re.IGNORECASE)
_QUESTION_END = re.compile(rf"(?<=\?)\s+|[,;.]?\s+(?:and|also|plus)\s+(?=(?:{_ASKING})\b)", re.IGNORECASE)
_MAX_ASKING_WORDS = 50
_GREETING_WORDS = 6
_ONE, _OTHER = r"(?P<one>[\w' -]{3,40}?)", r"(?P<other>[\w' -]{3,40}?)"
_BETWEEN = re.compile(rf".*\bdifferences? between {_ONE} and {_OTHER}\s*[?.!]*", re.IGNORECASE)
_AGAINST = re.compile(
    rf"(?:compare |what is |what's |is |how (?:does|do|is|are) )?{_ONE}\s+"
    r"(?:vs\.?|versus|against|compared (?:to|with)|(?:any |so )?differ(?:ent)? (?:from|to|than)"
    r"|(?:and|or)(?=.*\bdifference))"
    rf"\s+{_OTHER}(?:[,;:?.!].*|\s*|\s+(?:what|whats|what's|where|how|is there|difference)\b.*)",
    re.IGNORECASE,
)
_MAX_COMPARING_WORDS = 16
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*")


def plain(text: str) -> str:
    """Normalises a message for reading by patterns and the encoder.

    Curly quotes become straight (a curly apostrophe silently defeats "don't" patterns), invisible, control and
    bidirectional characters go, compatibility forms and look-alike letters become the plain ones, four or more equal
    letters in a row become two, white space becomes single spaces, disguised words ("r*ped", "s3x") become the words
    meant (`mutual.disguise`). Case is kept.

    Args:
        text: Any text, of any length; only the first `MAX_CHARACTERS` and the last tenth of that are read, since a key
            sentence may stand at the very end.

    Returns:
        The text on one line; empty when nothing visible was there.
    """
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS * 9 // 10] + " " + text[-MAX_CHARACTERS // 10 :]
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    kept = (
        c if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co", "Cn") else (" " if c.isspace() else "")
        for c in text
    )
    text = "".join(kept)
    text = _MIXED_WORD.sub(lambda word: "".join(_LOOKALIKES.get(c, c) for c in word.group()), text)
    return undisguised(_SPACE.sub(" ", _LONG_RUN.sub(r"\1\1", text)).strip())


def bare(text: str) -> str:
    """A normalised text without case and closing punctuation, to find one text that is typed in another's words."""
    return text.lower().rstrip(" .!?")


def asks(text: str) -> bool:
    """Whether a normalised text is a question, by its first word or its mark."""
    return _ASKS.match(text) is not None


def sentences(text: str) -> list[str]:
    """Splits a message into sentences, without needing correct punctuation.

    Args:
        text: The message as typed.

    Returns:
        Its non-empty sentences in order; a sentence without any end for 40 words is cut into pieces of 25 words that
        overlap by 5, because people in distress seldom type full stops.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if len(words) <= 40:
            pieces.append(" ".join(words))
            continue
        pieces.extend(" ".join(words[start : start + 25]) for start in range(0, len(words) - 5, 20))
    return [piece for piece in pieces if piece]


def passages(text: str) -> list[str]:
    """The pieces in which a long message is read beside its whole: each two sentences that follow one another.

    Two, because one alone has lost what it speaks of: read sentence by sentence, ordinary letters alarmed half again as
    often for the same share of disclosures found.

    Args:
        text: The message as typed.

    Returns:
        The pieces in order; none of a message of one or two sentences.
    """
    parts = sentences(text)
    return [f"{first} {second}" for first, second in pairwise(parts)] if len(parts) > 2 else []


def questions(text: str) -> list[str]:
    """The questions of a short message that asks more than one, or that greets before it asks.

    Args:
        text: The message, normalised.

    Returns:
        Its questions in order, none of fewer than three words; empty when it asks one thing from the start, or nothing.
        A question about "it" has the first one before it, since it means nothing alone.
    """
    if len(text.split()) > _MAX_ASKING_WORDS:
        return []
    parts = [part for part in _QUESTION_END.split(text) if len(part.split()) >= 3 and asks(part)]
    if len(parts) < 2:
        *opening, last = _SENTENCE_END.split(text)
        greets = opening and len(" ".join(opening).split()) <= _GREETING_WORDS and len(last.split()) >= 3
        return [last] if greets and asks(last) else []
    return [parts[0], *(f"{parts[0]} {part}" if _leans(part) else part for part in parts[1:])]


def compared(text: str) -> list[str]:
    """The two things a short message asks to compare ("emotional vs sexual intimacy"), each as a question of its own.

    Args:
        text: The message, normalised.

    Returns:
        "What is …" for each, a first one of a single word completed by the second's last word; empty when nothing is
        compared.
    """
    if len(text.split()) > _MAX_COMPARING_WORDS:
        return []
    found = _BETWEEN.fullmatch(text) or _AGAINST.fullmatch(text)
    if found is None:
        return []
    one, other = found["one"].strip(), found["other"].strip()
    if len(one.split()) == 1 and len(other.split()) > 1:
        one = f"{one} {other.split()[-1]}"
    return [f"What is {one}?", f"What is {other}?"]


def _leans(part: str) -> bool:
    return bool(_POINTING & {word.strip(".,!?'\"").lower() for word in part.split()})
