"""Gold data for the trainers: sentences with words, tags, trees and names.

The data folder is laid out as ../shared/data. What may only be used to evaluate is
never opened here, except the dev sets of syntax, which measure a run and are not
learned from.
"""
import glob
import gzip
import os
import random
import re
import tarfile

KINDS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
RE3D = {"Organisation": "ORG", "Location": "LOC", "Person": "PER"}


class Sentence:
    """forms, and what is known of them: tags ("UPOS XPOS"), heads (0 the root), rels, names."""

    __slots__ = ("forms", "tags", "heads", "rels", "names")

    def __init__(self, forms, tags=None, heads=None, rels=None, names=None):
        self.forms, self.tags, self.heads, self.rels, self.names = forms, tags, heads, rels, names


def treebank(path):
    out, rows = [], []
    for line in gzip.open(path, "rt", encoding="utf8"):
        line = line.rstrip("\n")
        if line and line[0] != "#":
            col = line.split("\t")
            if col[0].isdigit():
                rows.append(col)
        elif not line and rows:
            out.append(Sentence([r[1] for r in rows], [r[3] + " " + r[4] for r in rows], [int(r[6]) for r in rows], [r[7] for r in rows]))
            rows = []
    return out


def tagged(lines, sep, kind):
    """Sentences of lines with a form and a name tag."""
    out, forms, names = [], [], []
    for line in list(lines) + [""]:
        line = line.rstrip("\r\n")
        if not line.strip():
            if forms:
                out.append(Sentence(forms, names=names))
            forms, names = [], []
            continue
        form, tag = line.rsplit(sep, 1)
        forms.append(form)
        names.append(kind(tag))
    return out


def spans(names):
    """(first, end, kind) of every name."""
    out, i = [], 0
    while i < len(names):
        j = i + 1
        if names[i] not in ("O", "?"):
            kind = names[i][2:]
            while j < len(names) and names[j] == "I-" + kind:
                j += 1
            out.append((i, j, kind))
        i = j
    return out


def mark(n, found):
    names = ["O"] * n
    for first, end, kind in found:
        names[first:end] = ["B-" + kind] + ["I-" + kind] * (end - first - 1)
    return names


def re3d(path):
    """re3d without BBC Online, whose licence does not allow it and which serves to evaluate.

    It marks phrases, where names are wanted: an article before a name and spans
    without a capital are left out."""
    def kind(tag):
        head, _, k = tag.partition("-")
        return head + "-" + RE3D[k] if k in RE3D else "O"

    out = []
    with tarfile.open(path) as tar:
        for m in sorted(tar.getmembers(), key=lambda m: m.name):
            if m.name.endswith(".conll") and "/BBC_Online/" not in m.name:
                out += tagged(tar.extractfile(m).read().decode("utf8").split("\n"), "\t", kind)
    for s in out:
        found = []
        for i, j, k in spans(s.names):
            while i < j and (not s.forms[i][0].isupper() or s.forms[i] in ("The", "A")):
                i += 1
            while j > i and not s.forms[j - 1][0].isupper():
                j -= 1
            if i < j:
                found.append((i, j, k))
        s.names = mark(len(s.forms), found)
    return out


def states_are_places(marked, everything):
    """re3d calls a state that acts an organisation; where the same words are a place
    elsewhere they are a place here too."""
    places = {" ".join(s.forms[i:j]) for s in everything for i, j, k in spans(s.names) if k == "LOC"}
    for s in marked:
        s.names = mark(len(s.forms), [(i, j, "LOC" if k == "ORG" and " ".join(s.forms[i:j]) in places else k) for i, j, k in spans(s.names)])


def gold(folder):
    """Training sentences: those with trees, some of them with names, and those with names alone."""
    trees = []
    for p in sorted(glob.glob(os.path.join(folder, "syntax", "*train.conllu.gz"))):
        trees += treebank(p)
    gum = tagged(gzip.open(os.path.join(folder, "names", "gum-permissive-train.bio.gz"), "rt", encoding="utf8"), " ", lambda t: t)
    army = re3d(os.path.join(folder, "names", "re3d.tar.gz"))
    states_are_places(army, gum + army)
    names = {tuple(s.forms): s.names for s in gum}
    for s in trees:
        s.names = names.pop(tuple(s.forms), None)
    return trees, [s for s in gum if tuple(s.forms) in names] + army


QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-"})


def plain(form):
    """Typographic quotes and dashes as plain ones, as nlp.plain in Go has it."""
    return form.replace("``", '"').replace("''", '"').translate(QUOTES).replace("…", "...")


def restyle(forms, rnd):
    """Some sentences in the dress of news: capitals, title case, single quotes."""
    x = rnd.random()
    if x < 0.04:
        return [f.upper() for f in forms]
    if x < 0.08:
        return [f[:1].upper() + f[1:] if i == 0 or len(f) > 3 else f for i, f in enumerate(forms)]
    if x < 0.10:
        return [f.lower() for f in forms]
    if x < 0.16 and '"' in forms:
        return ["'" if f == '"' else f for f in forms]
    return forms


def frequent(items, least):
    """Items by falling frequency, then by name, those seen at least so often."""
    counts = {}
    for i in items:
        counts[i] = counts.get(i, 0) + 1
    return sorted((i for i in counts if counts[i] >= least), key=lambda i: (-counts[i], i))


def silver(path):
    """What label.py wrote. Where peer.py has read the same words (path + ".peer"), name tags on which
    the two readers differ become "?": not known."""
    out, rows = [], []
    for line in open(path, encoding="utf8"):
        if line != "\n":
            rows.append(line.rstrip("\n").split("\t"))
        elif rows:
            out.append(Sentence([r[0] for r in rows], [r[1] for r in rows], [int(r[2]) for r in rows], [r[3] for r in rows], [r[4] for r in rows]))
            rows = []
    if os.path.exists(path + ".peer"):
        for s, line in zip(out, open(path + ".peer", encoding="utf8")):
            s.names = [a if a == b else "?" for a, b in zip(s.names, line.split())]
    return out


def pool(sents):
    """Names of the sentences by kind and length, to put in place of others."""
    out = {}
    for s in sents:
        for i, j, kind in spans(s.names):
            if j - i <= 4 and (j == len(s.names) or s.names[j] != "?") and (i == 0 or s.names[i - 1] != "?"):
                out.setdefault((kind, j - i), {})[tuple(s.forms[i:j])] = None
    return {k: list(v) for k, v in out.items()}


def renamed(s, names, rnd, rate=0.25):
    """The forms of a sentence with some of its names put for others of the same kind and length."""
    forms = s.forms
    for i, j, kind in spans(s.names or []):
        others = names.get((kind, j - i))
        if others and rnd.random() < rate:
            forms = forms[:i] + list(rnd.choice(others)) + forms[j:]
    return forms
