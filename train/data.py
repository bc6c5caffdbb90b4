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
            names = gum_names(rows) if "/en_gum" in path else None
            out.append(Sentence([r[1] for r in rows], [r[3] + " " + r[4] for r in rows], [int(r[6]) for r in rows], [r[7] for r in rows], names))
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

    It marks phrases and pronouns, where names are wanted: what stands before the first capital of a phrase,
    an article and a person's title are cut off; a phrase that does not end in a capital describes, and is
    no name."""
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
            if not s.forms[j - 1][0].isupper():
                continue
            while i < j and (not s.forms[i][0].isupper() or s.forms[i] in ("The", "A") or k == "PER" and s.forms[i] in TITLES | {"Foreign"}):
                i += 1
            if i < j and not (j - i == 1 and s.forms[i] in PRONOUNS):
                found.append((i, j, k))
        s.names = mark(len(s.forms), found)
    return out


PRONOUNS = {"I", "We", "You", "He", "She", "It", "They", "This", "These", "That", "Those"}


def states_are_places(marked, everything):
    """re3d calls a state that acts an organisation; where the same words are mostly a place they are one
    here too."""
    places = {}
    for s in everything:
        for i, j, k in spans(s.names):
            name = " ".join(s.forms[i:j])
            places[name] = places.get(name, 0) + (k == "LOC") - (k == "ORG")
    for s in marked:
        s.names = mark(len(s.forms), [(i, j, "LOC" if k == "ORG" and places[" ".join(s.forms[i:j])] > 0 else k) for i, j, k in spans(s.names)])


ENTITY = {"person": "PER", "organization": "ORG", "place": "LOC"}
JOINS = {"of", "for", "and", "&", "the", "on", "de", "la", "du", "del", "von", "van", "bin", "al", "-", "'s", "’s", "'", "’"}
TITLES = set("Mr Mrs Ms Dr Sir Mr. Mrs. Ms. Dr. Prof. Professor President Prime Minister Secretary Senator Sen. Rep. Gov. Governor General Gen. Captain King Queen Prince Princess Pope St. Lord Lady Mayor Judge Justice".split())


def entities(rows):
    """(first, end, kind) of GUM's mentions of persons, organisations and places, outer ones first."""
    out, open_at = [], {}
    for i, r in enumerate(rows):
        value = re.search(r"Entity=([^|]+)", r[9])
        for begun, ended in re.findall(r"\(([^()]+)|([^()]*)\)", value.group(1)) if value else ():
            if begun:
                part = begun.split("-")
                open_at.setdefault(part[0], []).append((i, part[1]))
                last = part[0]
            else:
                at, kind = open_at[ended or last].pop()
                if kind in ENTITY:
                    out.append((at, i + 1, ENTITY[kind]))
    return sorted(out, key=lambda e: (e[0], -e[1]))


def name_in(rows, first, end, kind):
    """The name that a mention holds: the run of capitals around its head, or nothing.

    A person's name is the head with what is flat or compounded with it, without titles; of an
    organisation or place, what joins its parts ("of", "and") belongs to it."""
    heads = [int(r[6]) - 1 for r in rows]
    head = next((i for i in range(first, end) if not first <= heads[i] < end), first)
    capital = lambda i: rows[i][1][:1].isupper() or rows[i][1][:1].isdigit() and rows[i][3] == "PROPN"
    if rows[head][3] != "PROPN" and not (kind != "PER" and rows[head][3] == "NOUN" and capital(head) and head > 0 and capital(head - 1)):
        return None
    if kind == "PER" and rows[head][4] == "NNPS" or not capital(head):
        return None  # "the Americans" are no name
    i = j = head
    while i > first and (capital(i - 1) and rows[i - 1][3] in ("PROPN", "NOUN", "ADJ", "VERB") and not (kind == "PER" and rows[i - 1][3] != "PROPN")
                         or rows[i - 1][1] in ("-", "&") and kind != "PER" and i - 1 > first and capital(i - 2)
                         or rows[i - 1][1] in ('"', "'", "“", "”") and kind == "PER" and i - 2 > first and capital(i - 2)):
        i -= 1
    while j + 1 < end:
        nxt = rows[j + 1]
        if capital(j + 1) and nxt[3] in ("PROPN", "NOUN", "ADJ", "VERB", "NUM"):
            j += 1
        elif nxt[1].lower() in JOINS and kind != "PER":
            k = j + 2
            while k < end and rows[k][1].lower() in JOINS:
                k += 1
            if k < end and capital(k) and heads[k] >= i and nxt[1] not in ("'s", "’s", "'", "’"):
                j = k
            else:
                break
        elif nxt[1] == "-" and j + 2 < end and capital(j + 2):
            j += 2
        elif nxt[1].lower() in ("de", "la", "von", "van", "bin", "al", "der", "'", '"') and j + 2 < end and capital(j + 2):
            j += 2
        else:
            break
    if kind == "PER":
        i = max([i] + [k + 1 for k in range(i, j) if rows[k][1] in TITLES])
    if rows[i][1].lower() in ("the", "a", "an") and i < j:
        i += 1
    if kind == "PER" and rows[i][1] in TITLES:
        return None
    return i, j + 1, kind


def gum_names(rows):
    """Name tags from GUM's mentions; of names within names the outer one counts."""
    found, taken = [], 0
    for e in entities(rows):
        n = name_in(rows, *e)
        if n and n[0] >= taken:
            found.append(n)
            taken = n[1]
    return mark(len(rows), found)


def gold(folder):
    """Training sentences: those with trees, some of them with names, and those with names alone."""
    trees = []
    for p in sorted(glob.glob(os.path.join(folder, "syntax", "*train.conllu.gz"))):
        trees += treebank(p)
    army = re3d(os.path.join(folder, "names", "re3d.tar.gz"))
    states_are_places(army, [s for s in trees if s.names] + army)
    return trees, army


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


def settled(first, second):
    """A name tag of silver text by the teacher and the second reader. The teacher is the better one and is
    believed in persons and organisations; elsewhere a tag counts where both agree, else it is "?", not known."""
    return first if first == second or first[2:] in ("PER", "ORG") else "?"


def silver(path):
    """What label.py wrote, its names settled with what peer.py has read of the same words (path + ".peer"),
    if it has."""
    out, rows = [], []
    for line in open(path, encoding="utf8"):
        if line != "\n":
            rows.append(line.rstrip("\n").split("\t"))
        elif rows:
            out.append(Sentence([r[0] for r in rows], [r[1] for r in rows], [int(r[2]) for r in rows], [r[3] for r in rows], [r[4] for r in rows]))
            rows = []
    if os.path.exists(path + ".peer"):
        for s, line in zip(out, open(path + ".peer", encoding="utf8")):
            s.names = [settled(a, b) for a, b in zip(s.names, line.split())]
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
