"""Lets the teacher read raw sentences: tags, trees and names as silver data.

usage: label.py TEACHER BERT TOKENS OUT [--words N]

TOKENS holds a sentence a line, words parted by spaces. OUT has a word a line: form, tag,
head, relation, name, parted by tabs; a blank line after each sentence. Sentences whose
best heads are no tree are left out: the teacher was of two minds there.
"""
import argparse
import random

import torch

import data
from teacher import Pieces, Teacher, batches


def is_tree(heads):
    """One root, and every word reaches it."""
    if heads.count(0) != 1:
        return False
    good = {0}
    for i in range(1, len(heads) + 1):
        path = []
        while i not in good:
            if i in path:
                return False
            path.append(i)
            i = heads[i - 1]
        good.update(path)
    return True


def names_of(scores):
    """The best run of name tags: I-X only after B-X or I-X."""
    kinds, best, back = data.KINDS, None, []
    follows = [[not b.startswith("I-") or (a != "O" and a[2:] == b[2:]) for a in kinds] for b in kinds]
    for row in scores:
        if best is None:
            best = [s if not k.startswith("I-") else -1e9 for s, k in zip(row, kinds)]
            back.append([0] * len(kinds))
            continue
        prev = [max((best[a], a) for a in range(len(kinds)) if follows[b][a]) for b in range(len(kinds))]
        best = [row[b] + prev[b][0] for b in range(len(kinds))]
        back.append([p[1] for p in prev])
    k = max(range(len(kinds)), key=lambda i: best[i])
    out = [k]
    for links in back[:0:-1]:
        k = links[k]
        out.append(k)
    return [kinds[k] for k in reversed(out)]


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument("teacher"), p.add_argument("bert"), p.add_argument("tokens"), p.add_argument("out")
    p.add_argument("--words", type=int, default=1 << 40), p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    saved = torch.load(a.teacher)
    model, pieces = Teacher(a.bert, saved["depth"], saved["tags"], saved["rels"]), Pieces(a.bert)
    model.load_state_dict(saved["state"])
    model.eval()
    sents, words = [], 0
    for line in open(a.tokens, encoding="utf8"):
        forms = line.split()
        if 2 <= len(forms) <= 100 and words < a.words:
            sents.append(data.Sentence(forms))
            words += len(forms)
    kept = 0
    with open(a.out, "w", encoding="utf8") as f:
        for b in batches(sents, 3000, random.Random(1)):
            with torch.autocast("cpu", torch.bfloat16):
                tags, names, arcs, rd, rh = model(*pieces.batch([s.forms for s in b]))
                n = torch.tensor([len(s.forms) for s in b])
                arcs = arcs.float().masked_fill(torch.arange(arcs.shape[2])[None, None, :] > n[:, None, None], -1e9)
                heads = arcs.argmax(-1)
                rels = model.relations(rd, rh, heads).argmax(-1)
            tags, names = tags.argmax(-1).tolist(), names.float().tolist()
            for s, t, h, r, k in zip(b, tags, heads.tolist(), rels.tolist(), names):
                m = len(s.forms)
                if is_tree(h[:m]):
                    kept += 1
                    for w in zip(s.forms, t, h, r, names_of(k[:m])):
                        f.write(f"{w[0]}\t{model.tags[w[1]]}\t{w[2]}\t{model.rels[w[3]]}\t{w[4]}\n")
                    f.write("\n")
    print(f"{kept} of {len(sents)} sentences, {words} words")


if __name__ == "__main__":
    main()
