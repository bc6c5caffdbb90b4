"""Trains the network that ships: word vectors, light recurrent layers, four heads.

usage: student.py DATA VECTORS OUT [--silver FILE …] [--minutes N] [--epochs N] [--seed N]

A word's form is looked up in a vocabulary of vectors (vectors.py) and, by hash, in a table of
endings, beginnings and shapes. The layers are simple recurrent units: three products of the layer's input give a
candidate z, a forget gate f and a reset gate r, and along the sentence
    c[t] = f[t] c[t-1] + (1 - f[t]) z[t]      h[t] = r[t] c[t] + (1 - r[t]) x[t]
half of the units read forwards, half backwards. All products of a sentence are one
matrix product, which is what makes the network fast in 8-bit weights. The same
arithmetic is written in Go in internal/nlp/network.go; features must agree with it.
"""
import argparse
import os
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

import agency
import data
from teacher import batches, loss_of, measure, targets

PIECE_ROWS = 12288


def fnv(s, h):
    for b in s.encode("utf8", "surrogatepass"):
        h = (h ^ b) * 16777619 & 0xFFFFFFFF
    h ^= h >> 16
    h = h * 0x7FEB352D & 0xFFFFFFFF
    return h ^ h >> 15


def shape(s):
    out, run = [], 0
    for c in s:
        k = "X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c if c < "\x80" else "o"
        run = run + 1 if out and out[-1] == k else 1
        if run <= 3:
            out.append(k)
    return "".join(out[:24])


def key(form):
    """A form as the vocabulary has it."""
    return "".join("0" if "1" <= c <= "9" else c for c in data.plain(form).lower())


def features(form, vocabulary):
    """The row of the vocabulary (0: unknown) and five rows of pieces."""
    low = key(form)
    pieces = (low[-2:], low[-3:], low[-4:], low[:3], shape(data.plain(form)))
    return [vocabulary.get(low, 0)] + [fnv(x, 2166136261 + k) % PIECE_ROWS for k, x in enumerate(pieces)]


class Scan(torch.autograd.Function):
    """c[t] = f[t] c[t-1] + (1 - f[t]) z[t] over dimension 0."""

    @staticmethod
    def forward(ctx, z, f):
        g = (1 - f) * z
        c = torch.empty_like(g)
        c[0] = g[0]
        for t in range(1, len(g)):
            torch.addcmul(g[t], f[t], c[t - 1], out=c[t])
        ctx.save_for_backward(z, f, c)
        return c

    @staticmethod
    def backward(ctx, d):
        z, f, c = ctx.saved_tensors
        d = d.clone()
        for t in range(len(d) - 2, -1, -1):
            d[t].addcmul_(f[t + 1], d[t + 1])
        before = torch.cat([torch.zeros_like(c[:1]), c[:-1]])
        return d * (1 - f), d * (before - z)


def norm(x):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.lin = nn.Linear(d, 3 * d)
        nn.init.xavier_uniform_(self.lin.weight[:d], 1.0)
        with torch.no_grad():
            self.lin.bias.zero_()
            self.lin.bias[d:2 * d] = torch.linspace(-1, 3, d // 2).repeat(2)  # short and long memories
            self.lin.bias[2 * d:] = -0.5

    def forward(self, x, mask, drop):
        """x is time, batch, units; mask is time, batch, one; drop is batch, units."""
        h = x.shape[-1] // 2
        z, f, r = self.lin(norm(x) * drop).float().chunk(3, -1)
        z, f, r = z * mask, torch.sigmoid(f), torch.sigmoid(r)
        # The backward half is turned round, so that one scan does both.
        c = Scan.apply(torch.cat([z[..., :h], z[..., h:].flip(0)], 1), torch.cat([f[..., :h], f[..., h:].flip(0)], 1))
        a, b = c.chunk(2, 1)
        return r * torch.cat([a, b.flip(0)], -1) + (1 - r) * x


def kept(x, rate):
    """A dropout mask."""
    return (torch.rand(x) >= rate) / (1 - rate)


class Student(nn.Module):
    def __init__(self, vocabulary, vectors, fixed, tags, rels, d=256, layers=4, arc=160, rel=96, name=96, rate=0.15):
        super().__init__()
        self.vocabulary, self.tags, self.rels, self.kinds, self.rate = vocabulary, tags, rels, data.KINDS, rate
        # The first part of a word's vector stays as it was given; the rest is learned.
        self.register_buffer("fixed", vectors[:, :fixed].clone())
        self.register_buffer("given", vectors[:, fixed:].clone(), persistent=False)
        self.words, self.pieces = nn.Embedding(len(vocabulary), vectors.shape[1] - fixed, sparse=True), nn.Embedding(PIECE_ROWS, d, sparse=True)
        self.words.weight.data.copy_(self.given)
        nn.init.normal_(self.pieces.weight, 0, 0.3)
        self.word = nn.Linear(vectors.shape[1], d)
        self.layers = nn.ModuleList(Layer(d) for _ in range(layers))
        self.tag = nn.Linear(d, len(tags))
        self.name1, self.name2 = nn.Linear(d, name), nn.Linear(name, len(data.KINDS))
        self.arc_dep, self.arc_head, self.arc = nn.Linear(d, arc), nn.Linear(d, arc), nn.Linear(arc, arc)
        self.arc_root = nn.Parameter(torch.randn(arc) * 0.1)
        self.rel_dep, self.rel_head, self.rel = nn.Linear(d, rel), nn.Linear(d, rel, bias=False), nn.Linear(rel, len(rels))
        self.rel_root = nn.Parameter(torch.randn(rel) * 0.1)

    def drop(self, x, *shape):
        """Dropout that is the same for all words of a sentence."""
        return x * kept(shape, self.rate) if self.training else x

    def forward(self, rows, mask):
        words = rows[..., 0]
        if self.training:  # words of no vocabulary
            words = words * (torch.rand(words.shape) > 0.05)
        b = len(rows)
        learned = self.words(words)
        if self.training:  # words of the vocabulary that no text for training has
            learned = torch.where(torch.rand(words.shape)[..., None] > 0.1, learned, self.given[words])
        x = self.word(torch.cat([self.fixed[words], learned], -1)) + self.pieces(rows[..., 1:]).sum(-2)
        d = x.shape[-1]
        x = self.drop(x, b, 1, d).transpose(0, 1)
        m = mask.t()[..., None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, m, kept((b, d), self.rate) if self.training else 1)
        x = self.drop(norm(x.transpose(0, 1)), b, 1, d)
        heads = torch.cat([self.arc_root.expand(b, 1, -1), F.relu(self.arc_head(x))], 1)
        arcs = self.arc(self.drop(F.relu(self.arc_dep(x)), b, 1, len(self.arc_root))) @ heads.transpose(1, 2)
        arcs = arcs.masked_fill(~F.pad(mask, (1, 0), value=True)[:, None, :], -1e4)
        rel_heads = torch.cat([self.rel_root.expand(b, 1, -1), self.rel_head(x)], 1)
        return self.tag(x), self.name2(F.relu(self.name1(x))), arcs, self.rel_dep(x), rel_heads

    def relations(self, dep, heads, head):
        h = heads.gather(1, head[..., None].expand(-1, -1, heads.shape[-1]))
        return self.rel(F.relu(dep + h))


class Rows:
    """Makes batches of table rows."""

    def __init__(self, vocabulary):
        self.vocabulary, self.seen = vocabulary, {}

    def batch(self, forms):
        n = max(map(len, forms))
        out = []
        for fs in forms:
            row = []
            for f in fs:
                if f not in self.seen:
                    self.seen[f] = features(f, self.vocabulary)
                row.append(self.seen[f])
            out.append(row + [[0] * 6] * (n - len(row)))
        return torch.tensor(out), torch.tensor([[i < len(f) for i in range(n)] for f in forms])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("data"), p.add_argument("vectors"), p.add_argument("out")
    p.add_argument("--silver", nargs="*", default=[]), p.add_argument("--start")
    p.add_argument("--epochs", type=float, default=6), p.add_argument("--seed", type=int, default=1), p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--rate", type=float, default=2e-3), p.add_argument("--gold", type=int, default=2), p.add_argument("--batch", type=int, default=1500)
    p.add_argument("--size", type=int, default=320), p.add_argument("--layers", type=int, default=4), p.add_argument("--actors", default="../data/actors"), p.add_argument("--agency", type=int, default=20000)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    trees, named = data.gold(a.data)
    tags = data.frequent([t for s in trees for t in s.tags], 3)
    rels = data.frequent([r for s in trees for r in s.rels], 3)
    saved = torch.load(a.vectors)
    vocabulary = {w: i for i, w in enumerate(saved["words"])}
    model, rows = Student(vocabulary, saved["vectors"], saved["fixed"], tags, rels, a.size, a.layers), Rows(vocabulary)
    if a.start:
        model.load_state_dict(torch.load(a.start)["state"])
    dev = data.treebank(os.path.join(a.data, "syntax", "en_ewt-ud-dev.conllu.gz"))
    gold = [s for s in trees + named if len(s.forms) <= 120]
    silver = [s for f in a.silver for s in data.silver(f) if len(s.forms) <= 120]
    train = gold * a.gold + silver + agency.sentences(a.actors, a.agency, a.seed)
    own, others = set(gold), data.pool(silver)
    print(f"{sum(len(s.forms) for s in gold)} gold words, {sum(len(s.forms) for s in silver)} silver, {sum(p.numel() for p in model.parameters())} weights")
    rest = [p for n, p in model.named_parameters() if n not in ("words.weight", "pieces.weight")]
    opts = [torch.optim.AdamW(rest, a.rate, weight_decay=0.02, betas=(0.9, 0.98)), torch.optim.SparseAdam([{"params": [model.words.weight], "lr": a.rate * 0.3}, {"params": [model.pieces.weight]}], a.rate * 1.5, betas=(0.9, 0.98))]
    groups = [(g, g["lr"]) for o in opts for g in o.param_groups]
    words = sum(len(s.forms) for s in train) * a.epochs
    done, start, step, seen, epoch, total = 0, time.time(), 0, 0, 0, 0.0
    model.train()
    share = 0
    while share < 1:
        epoch += 1
        for b in batches(train, a.batch, rnd):
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            if share >= 1:
                break
            for g, lr in groups:
                g["lr"] = lr * min(1, share / 0.03 + 0.01) * (1 - share)
            forms = [data.restyle(data.renamed(s, others, rnd) if s in own else s.forms, rnd) for s in b]
            out = model(*rows.batch(forms))
            loss = loss_of(model, out, targets(b, model, out[2].shape[1]))
            for o in opts:
                o.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 2.0)
            for o in opts:
                o.step()
            done += sum(len(f) for f in forms)
            step += 1
            total += loss.item()
            if step % 100 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss {total / 100:.3f}", flush=True)
                total = 0.0
            if step % 1000 == 0:
                print(f"  dev {measure(model, rows, dev)}", flush=True)
        print(f"pass {epoch} {time.time() - start:.0f}s dev {measure(model, rows, dev)}", flush=True)
        torch.save({"tags": tags, "rels": rels, "size": a.size, "layers": a.layers, "words": saved["words"], "kinds": data.KINDS, "state": model.state_dict()}, a.out)


if __name__ == "__main__":
    main()
