"""Terms of the glossary inside prose: each is a link that says what it means while one points at it or focuses it."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from replication.report import glossary
from replication.report.glossary import Entry

#: Words under which prose uses an entry, where its name is another.
SPELLINGS = {
    "JS": ("JS", "Jensen-Shannon"),
    "KL": ("KL",),
    "TV": ("TV", "total variation"),
    "Pearson χ²": ("Pearson χ²", "χ²"),
    "W1": ("W1",),
    "Exact W1": ("exact W1",),
    "Held-out estimate": ("held-out estimate",),
    "Mode, collapse": ("mode collapse", "collapse", "collapses"),
    "Saturation": ("saturation", "saturates"),
    "Weight clipping": ("weight clipping", "clipped", "clipping"),
    "Gradient penalty, λ (lambda_gp)": ("gradient penalty",),
    "Spectral normalisation": ("spectral normalisation",),
    "Lipschitz constant, K": ("Lipschitz constant", "Lipschitz estimate", "1-Lipschitz"),
    "Spearman’s ρ": ("Spearman’s ρ", "Spearman's ρ", "Spearman’s rank correlation", "Spearman's correlation"),
    "Checkpoint": ("checkpoint", "checkpoints"),
    "Recipe, variant, arm": ("arm", "arms"),
    "Seed": ("seeds",),
    "n_critic": ("critic steps", "n_critic"),
    "Critic, discriminator": ("critic", "discriminator"),
    "TOST": ("TOST",),
    "Extractor": ("extractor",),
    "FID": ("FID",),
    "Precision": ("precision",),
    "Recall": ("recall",),
}  # fmt: skip


def marked(text: str, glossary_page: str, explained: set[str]) -> Markup:
    """Text with its terms as links, each where it first occurs.

    Args:
        text: plain prose.
        glossary_page: the address of the glossary.
        explained: the terms that the page has explained so far; those of the text are added.

    Returns:
        HTML in which all else is escaped.
    """
    parts, end = [], 0
    known = _known()
    for found in _pattern().finditer(text):
        entry = known[_key(found[0])]
        if entry.term in explained:
            continue
        explained.add(entry.term)
        parts += [escape(text[end : found.start()]), _link(found[0], entry, glossary_page)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _link(word: str, entry: Entry, page: str) -> Markup:
    link = Markup('<a class="term" href="{}#{}" data-says="{}">{}</a>')
    return link.format(page, entry.anchor, entry.text, word)


def _key(word: str) -> str:
    """Words in capitals are told from others: TV is no word that begins a sentence."""
    return word if word.isupper() else word.lower()


@cache
def _known() -> dict[str, Entry]:
    """The entry of each spelling; of one that several have, the first."""
    found: dict[str, Entry] = {}
    for group in glossary.glossary():
        for entry in group.entries:
            for spelling in SPELLINGS.get(entry.term, ()):
                found.setdefault(_key(spelling), entry)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(
        (w for spellings in SPELLINGS.values() for w in spellings), key=len, reverse=True
    )
    either = "|".join(re.escape(w) if w.isupper() else f"(?i:{re.escape(w)})" for w in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])")
