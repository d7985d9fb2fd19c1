"""Patterns of AWS's API models, which are regular expressions of Java and ECMAScript, as Python understands them."""

import re
import unicodedata
import warnings
from functools import lru_cache

# Classes of characters that Python lacks, without their brackets.
CLASSES = {"ASCII": r"\x00-\x7f", "Print": r"\x20-\x7e"}
CATEGORIES = "LMNPSZC"

# All characters beyond the first 65,536, which Java and ECMAScript write as two halves.
HALVES = re.compile(r"\\u[dD]800\\u[dD][cC]00-\\u[dD][bB][fF]{2}\\u[dD][fF]{3}|\ud800\udc00-\udbff\udfff")
BEYOND = "\\\\U00010000-\\\\U0010ffff"


@lru_cache(maxsize=None)
def compiled(pattern):
    """The compiled pattern, or None if Python does not understand it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python warns of, such as [a&&b], means something else in Java
            return re.compile(translated(pattern), re.ASCII)  # \w and \d are ASCII there
    except (re.error, KeyError, Warning):
        return None


def fits(value, pattern):
    """Whether the value has the pattern.

    Smithy's patterns match anywhere in a value unless they are anchored. Many models are older than Smithy: their patterns
    have no anchor, and the service still requires that the whole value matches.
    https://smithy.io/2.0/spec/constraint-traits.html#pattern-trait
    """
    anchored = pattern.startswith("^") or pattern.endswith("$")
    expression = compiled(pattern)
    return (expression.search if anchored else expression.fullmatch)(value) is not None


def translated(pattern):
    pattern = HALVES.sub(BEYOND, pattern).replace(r"\w-", r"\w\-")
    inside, parts = False, []
    for part in re.findall(r"\\p\{\w+\}|\\.|.", pattern, re.DOTALL):
        if part.startswith(r"\p"):
            characters = characters_of(part[3:-1])
            part = characters if inside else f"[{characters}]"
        elif part in "[]":
            inside = part == "["
        parts.append(part)
    return "".join(parts)


@lru_cache(maxsize=None)
def characters_of(name):
    """The characters of a class, as ranges; of a Unicode category those of the first 65,536, which keeps it quick."""
    if name not in CATEGORIES:
        return CLASSES[name]
    members = {code for code in range(0x10000) if unicodedata.category(chr(code)).startswith(name)}
    starts = sorted(code for code in members if code - 1 not in members)
    ends = sorted(code for code in members if code + 1 not in members)
    return "".join(f"\\u{start:04x}-\\u{end:04x}" for start, end in zip(starts, ends))
