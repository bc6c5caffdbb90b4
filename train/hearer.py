"""Trains the hearer: a small network beside the language network that marks who said what.

usage: hearer.py --words STUDENT PARAGRAPHS OUT
       hearer.py WORDS … OUT --core STUDENT [--dev WORDS] [--start HEARER] [--leave FOLD/FOLDS] [--epochs N] [--minutes N] [--seed N]

Of a word the hearer sees what the language network (student.py) sees, by the same tables, and how it stands to
quotation marks. Its lower layers begin as that network's and are trained on; more of the same kind stand on
them; all read a whole paragraph. Two heads: the first gives the
labels of words; the second tells, of a cue and a word, whether the word is of that cue's source or content.

WORDS files are made from paragraphs with gold labels (`detente train quote --words`) or with
a teacher's (hearer_teacher.py --label). From a teacher the hearer learns the labels' probabilities, and
beside them what the teacher's last layer says of each word; from gold the labels and what belongs to which cue.
internal/nlp/marker.go has the same arithmetic in Go.
"""
import argparse
import json
import os
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

from hearer_teacher import DEEP, MARKS, TAGS, runs
from student import Layer, features, kept, norm

LINK = 48
LINKS = 3  # a word is none of a cue's, of its source, of its content
BUCKETS = 64


def write_rows(student, texts, out, columns, rest):
    """Writes the rows of the tables for the words of a file of texts, the columns that it has of them, and of each text the rest."""
    saved = torch.load(student)
    vocabulary = {w: i for i, w in enumerate(saved["words"])}
    flat = {k: [] for k in ("rows", "sents", *columns)}
    pieces, lines, seen = [], [], {}
    for line in open(texts, encoding="utf8"):
        d = json.loads(line)
        first = 0
        for n, end in enumerate(d["ends"]):
            flat["sents"] += [n % 128] * (end - first)
            first = end
        for w in d["words"]:
            if w not in seen:
                seen[w] = features(w, vocabulary)
            flat["rows"].append(seen[w][0])
            pieces.append(seen[w][1:])
        for k in columns:
            flat[k] += d.get(k, [])
        lines.append((len(d["words"]), *rest(d)))
    made = {"pieces": torch.tensor(pieces, dtype=torch.int16), "vectors": torch.cat([saved["state"]["fixed"], saved["state"]["words.weight"]], 1), "lines": lines, "rows": torch.tensor(flat["rows"], dtype=torch.int32)}
    for k in ("sents", *columns):
        if flat[k]:
            made[k] = torch.tensor(flat[k], dtype=torch.uint8)
    if os.path.exists(texts + ".deep"):
        made["deep"] = torch.from_file(texts + ".deep", size=len(pieces) * DEEP, dtype=torch.int8).view(-1, DEEP).clone()
    torch.save(made, out)


def buckets(sents):
    """How far apart two words stand (exactly to 7, then in half octaves), on which side, and whether in one sentence."""
    n = sents.shape[1]
    far = torch.arange(n)[None] - torch.arange(n)[:, None]
    size = far.abs()
    rough = (8 + (torch.log2(size.clamp(min=1) / 8) * 2).floor()).clamp(8, 15)
    b = torch.where(size < 8, size, rough.long()) + 16 * (far > 0)
    return b[None] + 32 * (sents[:, :, None] != sents[:, None])


class Hearer(nn.Module):
    def __init__(self, core, vectors, d, layers, rate, classes=MARKS, labels=TAGS, links=LINKS):
        super().__init__()
        self.rate, self.kinds = rate, links - 1
        self.register_buffer("vectors", vectors, persistent=False)
        self.register_buffer("pieces", core["state"]["pieces.weight"], persistent=False)
        self.word = nn.Linear(vectors.shape[1], d)
        self.mark = nn.Embedding(classes, d)
        nn.init.normal_(self.mark.weight, 0, 0.1)
        self.layers = nn.ModuleList(Layer(d) for _ in range(layers))
        own = {"word.weight": core["state"]["word.weight"], "word.bias": core["state"]["word.bias"]}
        own.update({k: v for k, v in core["state"].items() if k.startswith("layers.")})
        self.load_state_dict(own, strict=False)
        self.tag, self.deep = nn.Linear(d, labels), nn.Linear(d, DEEP)
        # Of a cue: what its source, and its content, would look like. Of a word: what it looks like.
        self.cue, self.part, self.part_bias = nn.Linear(d, self.kinds * LINK, bias=False), nn.Linear(d, LINK), nn.Linear(d, self.kinds)
        self.link_bias = nn.Embedding(BUCKETS, self.kinds)
        nn.init.zeros_(self.link_bias.weight)

    def drop(self, *shape):
        return kept(shape, self.rate) if self.training else 1

    def read(self, pieces, rows, marks, sents, mask):
        """What the last layer says of each word, and how the words stand to each other."""
        b, n = rows.shape
        w = self.vectors[rows] * self.drop(b, 1, self.vectors.shape[1])
        x = (self.word(w) + F.embedding(pieces, self.pieces).sum(-2) + self.mark(marks)).float()
        m, bucket = mask.t()[..., None].float(), buckets(sents)
        x = x.transpose(0, 1)
        for layer in self.layers:
            x = layer(x, m, self.drop(b, x.shape[-1]))
        x = x.transpose(0, 1)
        return norm(x) * self.drop(b, 1, x.shape[-1]), bucket

    def links(self, x, bucket, row, first, last):
        """For cues (paragraph, first and last word) the scores of none, source and content of each word."""
        c = self.cue(x[row, first] + x[row, last]).view(len(row), self.kinds, LINK)
        s = torch.einsum("cyk,cnk->cny", c, self.part(x)[row]) / LINK ** 0.5
        s = s + self.part_bias(x)[row] + self.link_bias(bucket[row, first])
        return F.pad(s.float(), (1, 0))


class Paragraphs:
    """Stretches of at most 400 words: (file, first, end, document, links)."""

    def __init__(self, files):
        self.files, self.items = [torch.load(f) for f in files], []
        self.vectors = self.files[0]["vectors"]
        for s in self.files:
            at = 0
            for n, doc, links in s["lines"]:
                for first in range(0, n, 400):
                    end = min(n, first + 400)
                    self.items.append((s, at + first, at + end, doc, inside(links, first, end)))
                at += n

    def batches(self, size, rnd, use):
        """Batches of those of use, the teacher's and the others each for themselves."""
        out = []
        for soft in (False, True):
            cur = []
            for x in sorted((x for x in self.items if ("soft" in x[0]) == soft and use(x)), key=lambda x: x[2] - x[1] + rnd.random() * 8):
                if cur and (x[2] - x[1]) * (len(cur) + 1) > size:
                    out.append(cur)
                    cur = []
                cur.append(x)
            if cur:
                out.append(cur)
        rnd.shuffle(out)
        return out


def inside(links, first, end):
    """The links whose cue lies in a stretch, counted from its first word."""
    cut = lambda ss: [(max(f, first) - first, min(e, end) - first) for f, e in ss if f < end and e > first]
    return [(f - first, e - first, cut(d["source"]), cut(d["content"])) for d in links for f, e in [d["cue"]] if first <= f and e <= end]


def padded(batch, k):
    n = max(x[2] - x[1] for x in batch)
    return torch.stack([F.pad(s[k][b:e], (0, 0) * (s[k].dim() - 1) + (0, n - (e - b))) for s, b, e, *_ in batch])


def tensors(batch):
    n = max(x[2] - x[1] for x in batch)
    mask = torch.arange(n)[None] < torch.tensor([[x[2] - x[1]] for x in batch])
    return padded(batch, "pieces").long(), padded(batch, "rows").long(), padded(batch, "marks").long(), padded(batch, "sents"), mask


def label_loss(out, batch, mask):
    """Gold labels where there are, else the teacher's probabilities."""
    if "soft" in batch[0][0]:
        want = padded(batch, "soft").float()
        want = want / want.sum(-1, keepdim=True).clamp(min=1e-9)
    else:
        want = F.one_hot(padded(batch, "tags").long(), TAGS).float()
    return -(want * F.log_softmax(out, -1)).sum(-1)[mask].mean()


def link_loss(model, x, bucket, batch, mask):
    """Of each gold cue, which words are its source's and its content's."""
    cues = [(i, *c) for i, item in enumerate(batch) for c in item[4]]
    if not cues:
        return 0.0, 0, 0
    row, first, last = (torch.tensor(v) for v in zip(*((i, f, e - 1) for i, f, e, _, _ in cues)))
    want = torch.zeros(len(cues), x.shape[1], dtype=torch.long)
    for k, (_, _, _, source, content) in enumerate(cues):
        for y, ss in ((1, source), (2, content)):
            for f, e in ss:
                want[k, f:e] = y
    s, m = model.links(x, bucket, row, first, last), mask[row]
    right = ((s.argmax(-1) == want) & m & (want > 0)).sum().item()
    return F.cross_entropy(s[m], want[m]), right, (want > 0).sum().item()


def deep_loss(model, x, batch, mask):
    """How far off the teacher's last layer is, as a share of how much that varies."""
    want = padded(batch, "deep").float()[mask]
    # Directions of small spread count for more than their square would give them.
    weight = 1 / want.std(0).clamp(min=1)
    got = model.deep(x[mask])
    return ((got - want / 16).square() * weight).sum(-1).mean() / ((want / 16).square() * weight).sum(-1).mean()


@torch.no_grad()
def measure(model, dev):
    model.eval()
    hit, said, gold = [0] * 3, [0] * 3, [0] * 3
    loss = words = 0.0
    linked = links = 0
    for b in dev.batches(8000, random.Random(0), lambda x: True):
        *given, mask = tensors(b)
        x, bucket = model.read(*given, mask)
        out = model.tag(x)
        w = sum(x[2] - x[1] for x in b)
        loss, words = loss + label_loss(out, b, mask).item() * w, words + w
        _, r, g = link_loss(model, x, bucket, b, mask)
        linked, links = linked + r, links + g
        for x, row in zip(b, out.argmax(-1).tolist()):
            g, r = runs(x[0]["tags"][x[1]:x[2]].tolist()), runs(row[:x[2] - x[1]])
            for xs, n in ((g & r, hit), (r, said), (g, gold)):
                for y in xs:
                    n[y[2]] += 1
    model.train()
    return f"loss {loss / words:.4f} " + " ".join(f"{n} {200 * h / max(1, s + g):.1f}" for n, h, s, g in zip(("source", "cue", "content"), hit, said, gold)) + f" linked {100 * linked / max(1, links):.1f}"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("files", nargs="+"), p.add_argument("--words", action="store_true"), p.add_argument("--dev"), p.add_argument("--start")
    p.add_argument("--core"), p.add_argument("--leave"), p.add_argument("--silver", type=float, default=1, help="share of silver paragraphs in a pass"), p.add_argument("--epochs", type=float, default=4), p.add_argument("--minutes", type=float, default=1e9), p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rate", type=float, default=2e-3), p.add_argument("--batch", type=int, default=2500), p.add_argument("--size", type=int, default=320), p.add_argument("--layers", type=int, default=7), p.add_argument("--drop", type=float, default=0.2)
    a = p.parse_args()
    torch.set_num_threads(1)
    if a.words:
        return write_rows(*a.files, ("marks", "tags", "soft"), lambda d: (d.get("doc", 0), d.get("links", [])))
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    train = Paragraphs(a.files[:-1])
    dev = Paragraphs([a.dev]) if a.dev else None
    core = torch.load(a.core)
    model = Hearer(core, train.vectors, a.size, a.layers, a.drop)
    if a.start:
        model.load_state_dict(torch.load(a.start)["state"])
    fold, folds = map(int, a.leave.split("/")) if a.leave else (-1, 1)
    # Of paragraphs where nobody says anything every second is enough.
    use = lambda x: "soft" in x[0] and rnd.random() < a.silver or "soft" not in x[0] and x[3] % folds != fold and (x[0]["tags"][x[1]:x[2]].any().item() or rnd.random() < 0.5)
    opt = torch.optim.AdamW(model.parameters(), a.rate, weight_decay=0.02, betas=(0.9, 0.98), fused=True)
    words = a.epochs * sum(x[2] - x[1] for b in train.batches(a.batch, rnd, use) for x in b)
    done, start, step, share, epoch, total = 0, time.time(), 0, 0, 0, [0.0] * 3
    model.train()
    while share < 1:
        epoch += 1
        for b in train.batches(a.batch, rnd, use):
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            if share >= 1:
                break
            for g in opt.param_groups:
                g["lr"] = a.rate * min(1, share / 0.04 + 0.01) * (1 - share)
            *given, mask = tensors(b)
            with torch.autocast("cpu", torch.bfloat16):
                x, bucket = model.read(*given, mask)
                out = model.tag(x).float()
                parts = [label_loss(out, b, mask), deep_loss(model, x, b, mask) if "deep" in b[0][0] else 0.0, link_loss(model, x, bucket, b, mask)[0]]
            loss = parts[0] + 0.3 * parts[1] + parts[2]
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            opt.step()
            done += sum(x[2] - x[1] for x in b)
            step += 1
            total = [t + float(torch.as_tensor(p).detach()) for t, p in zip(total, parts)]
            if step % 100 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss " + " ".join(f"{t / 100:.4f}" for t in total), flush=True)
                total = [0.0] * 3
        print(f"pass {epoch} {time.time() - start:.0f}s " + (measure(model, dev) if dev else ""), flush=True)
        torch.save({"size": a.size, "layers": a.layers, "state": model.state_dict()}, a.files[-1])


if __name__ == "__main__":
    main()
