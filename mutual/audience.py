"""What people say of themselves that some services are made for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mutual.directory.resources import LGBTQ, MEN

_I_AM = (
    r"\b(?:i'?m|i am|as|being|me,?)(?: (?:just|only|actually|also|both|the|an?|young|old|older|grown|adult|big|small"
    r"|strong|straight|gay|bi|trans|cis|queer|single|married|divorced|widowed|retired|disabled|autistic|deaf|blind|black"
    r"|white|brown|asian|indian|african|latino|arab|muslim|christian|catholic|jewish|religious|\d\d|years?|yo|y/o))* "
)
_SAYS = {
    MEN: re.compile(
        _I_AM + r"(?:man|guy|dude|male|bloke|lad|husband)\b|\bi'?m her (?:husband|boyfriend)\b"
        r"|\bmale (?:here|survivor|victim)\b|^\(?(?:m ?\d\d|\d\d ?m)\b",
        re.IGNORECASE,
    ),
    LGBTQ: re.compile(
        _I_AM + r"(?:gay|lesbian|bi|bisexual|pansexual|queer|trans|transgender|non-?binary|enby)\b"
        r"|\bwe'?re (?:both )?(?:gay|lesbians?|queer|trans|women|men|two women|two men)\b",
        re.IGNORECASE,
    ),
}


def said_of_oneself(texts: Iterable[str]) -> tuple[str, ...]:
    """What somebody said of themselves: "i'm a man and ...", "as a gay guy", "we're both women".

    Args:
        texts: Their messages.

    Returns:
        Those of `MEN` and `LGBTQ` that were said.
    """
    said = list(texts)
    return tuple(need for need, expression in _SAYS.items() if any(expression.search(text) for text in said))
