"""Fine-tunes a published encoder to tag, parse and name; its reading of raw text teaches the student.

usage: teacher.py DATA BERT OUT [--epochs N] [--seed N] [--minutes N]
"""
import argparse
import math
import os
import random
import time

import torch
from torch import nn
import torch.nn.functional as F
from tokenizers import Tokenizer

import data
from bert import Bert


def case(form):
    """How a word is written: what the uncased pieces do not show."""
    if form.islower():
        return 1
    if form.isupper():
        return 2 if len(form) == 1 else 3 if form.isalpha() else 4
    if form[:1].isupper():
        return 5 if form[1:].islower() else 6
    if form.isdigit():
        return 7
    if any(c.isdigit() for c in form):
        return 8
    return 9 if any(c.isalpha() for c in form) else 10


class Teacher(nn.Module):
    def __init__(self, folder, depth, tags, rels, arc=256, rel=96):
        super().__init__()
        self.tags, self.rels, self.kinds = tags, rels, data.KINDS
        self.bert = Bert(folder, depth)
        d = self.bert.size
        self.case = nn.Embedding(11, d)
        nn.init.zeros_(self.case.weight)
        self.mix = nn.Parameter(torch.zeros(len(self.bert.layers)))
        self.drop = nn.Dropout(0.2)
        self.tag = nn.Linear(d, len(tags))
        self.name = nn.Linear(d, len(data.KINDS))
        self.root = nn.Parameter(torch.zeros(d))
        self.arc_dep, self.arc_head = nn.Linear(d, arc), nn.Linear(d, arc)
        self.rel_dep, self.rel_head = nn.Linear(d, rel), nn.Linear(d, rel)
        self.arc = nn.Parameter(torch.eye(arc + 1)[:, :arc] * 0.05)
        self.rel = nn.Parameter(torch.zeros(len(rels), rel + 1, rel + 1))

    def forward(self, pieces, mask, cases, firsts, lasts):
        layers = self.bert(pieces, mask, self.case(cases))
        w = torch.softmax(self.mix, 0)
        x = sum(w[i] * layers[i] for i in range(len(layers)))
        at = torch.arange(x.shape[0])[:, None]
        x = self.drop((x[at, firsts] + x[at, lasts]) / 2)
        tags, names = self.tag(x), self.name(x)
        x = torch.cat([self.root.to(x.dtype).expand(x.shape[0], 1, -1), x], 1)
        one = x.new_ones(x.shape[:2] + (1,))
        dep, head = self.drop(F.gelu(self.arc_dep(x))), self.drop(F.gelu(self.arc_head(x)))
        arcs = torch.cat([dep, one], -1) @ self.arc.to(x.dtype) @ head.transpose(1, 2)
        rd = torch.cat([self.drop(F.gelu(self.rel_dep(x))), one], -1)
        rh = torch.cat([self.drop(F.gelu(self.rel_head(x))), one], -1)
        return tags, names, arcs[:, 1:], rd[:, 1:], rh

    def relations(self, rd, rh, heads):
        """Scores of every relation of each word to its head."""
        h = rh.gather(1, heads[..., None].expand(-1, -1, rh.shape[-1]))
        return torch.einsum("bnd,rde,bne->bnr", rd, self.rel.to(rd.dtype), h)


class Pieces:
    """Cuts words into word pieces and makes batches."""

    def __init__(self, folder):
        t = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        t.no_truncation()
        t.no_padding()
        self.t, self.seen = t, {}
        self.begin, self.end, self.unknown = (next(i for i in map(t.token_to_id, names) if i is not None) for names in (("[CLS]", "<s>"), ("[SEP]", "</s>"), ("[UNK]",)))

    def word(self, form):
        if form not in self.seen:
            ids = self.t.encode(data.plain(form), add_special_tokens=False).ids[:8]
            self.seen[form] = ids or [self.unknown]
        return self.seen[form]

    def batch(self, forms):
        rows, cases, firsts, lasts = [], [], [], []
        for fs in forms:
            row, cs, a, z = [self.begin], [0], [], []
            for f in fs:
                ids = self.word(f)
                a.append(len(row))
                row += ids
                cs += [case(f)] * len(ids)
                z.append(len(row) - 1)
            rows.append(row + [self.end])
            cases.append(cs + [0])
            firsts.append(a)
            lasts.append(z)
        pad = lambda xs: torch.tensor([x + [0] * (max(map(len, xs)) - len(x)) for x in xs])
        mask = torch.tensor([[i < len(r) for i in range(max(map(len, rows)))] for r in rows])
        return pad(rows), mask, pad(cases), pad(firsts), pad(lasts)


def batches(sents, size, rnd, stir=4):
    """Batches of sentences of like length, about `size` words each; lengths differ by up to `stir`."""
    order = sorted(sents, key=lambda s: len(s.forms) + rnd.random() * stir)
    out, cur, longest = [], [], 0
    for s in order:
        longest = max(longest, len(s.forms))
        if cur and longest * (len(cur) + 1) > size:
            out.append(cur)
            cur, longest = [], len(s.forms)
        cur.append(s)
    out.append(cur)
    rnd.shuffle(out)
    return out


def targets(batch, model, width):
    """Gold as tensors; -100 where nothing is known."""
    tag_of, rel_of, kind_of = ({x: i for i, x in enumerate(xs)} for xs in (model.tags, model.rels, model.kinds))
    fill = lambda get: torch.tensor([(get(s) or []) + [-100] * (width - len(get(s) or [])) for s in batch])
    return (fill(lambda s: s.tags and [tag_of.get(t, -100) for t in s.tags]), fill(lambda s: s.heads),
            fill(lambda s: s.rels and [rel_of.get(r, -100) for r in s.rels]), fill(lambda s: s.names and [kind_of.get(n, -100) for n in s.names]))


def loss_of(model, out, gold):
    tags, names, arcs, rd, rh = out
    g_tag, g_head, g_rel, g_name = gold
    ce = lambda s, g: F.cross_entropy(s.float().flatten(0, 1), g.flatten(), ignore_index=-100) if (g >= 0).any() else 0.0
    heads = g_head.clamp(min=0)
    return ce(tags, g_tag) + ce(arcs, g_head) + ce(model.relations(rd, rh, heads), g_rel) + ce(names, g_name)


@torch.no_grad()
def measure(model, pieces, sents):
    model.eval()
    n = tag = uas = las = 0
    for b in batches(sents, 3000, random.Random(0)):
        out = model(*pieces.batch([s.forms for s in b]))
        heads = out[2].argmax(-1)
        g = targets(b, model, heads.shape[1])
        rels = model.relations(out[3], out[4], heads).argmax(-1)
        ok = g[1] >= 0
        n += ok.sum().item()
        tag += (ok & (out[0].argmax(-1) == g[0])).sum().item()
        right = ok & (heads == g[1])
        uas += right.sum().item()
        base = [r.split(":")[0] for r in model.rels]
        las += sum(base[p] == base[t] for p, t in zip(rels[right & (g[2] >= 0)].tolist(), g[2][right & (g[2] >= 0)].tolist()))
    model.train()
    return f"tags {100 * tag / n:.2f} UAS {100 * uas / n:.2f} LAS {100 * las / n:.2f}"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("data"), p.add_argument("bert"), p.add_argument("out")
    p.add_argument("--epochs", type=int, default=4), p.add_argument("--seed", type=int, default=1), p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--threads", type=int, default=1), p.add_argument("--rate", type=float, default=2e-4), p.add_argument("--batch", type=int, default=1200), p.add_argument("--depth", type=int, default=6)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    trees, named = data.gold(a.data)
    tags = data.frequent([t for s in trees for t in s.tags], 3)
    rels = data.frequent([r for s in trees for r in s.rels], 3)
    model = Teacher(a.bert, a.depth, tags, rels)
    pieces = Pieces(a.bert)
    dev = data.treebank(os.path.join(a.data, "syntax", "en_ewt-ud-dev.conllu.gz"))
    train, others = [s for s in trees + named if len(s.forms) <= 120], data.pool([s for s in trees + named if s.names])
    model.bert.words.weight.requires_grad = False  # rare pieces would be left behind by the frequent ones
    body = [p for n, p in model.named_parameters() if n.startswith("bert.") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("bert.")]
    opt = torch.optim.AdamW([{"params": body, "lr": a.rate}, {"params": head, "lr": 1.5e-3}], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    peak = [g["lr"] for g in opt.param_groups]
    words = sum(len(s.forms) for s in train) * a.epochs
    done, start, step = 0, time.time(), 0
    model.train()
    share = 0
    for epoch in range(a.epochs):
        if share >= 1:
            break
        for b in batches(train, a.batch, rnd):
            # The run ends by words or by time, whichever is nearer; the rate follows.
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            for g, lr in zip(opt.param_groups, peak):
                g["lr"] = lr * min(1, share / 0.06 + 0.01) * (1 - share)
            if share >= 1:
                break
            forms = [data.restyle(data.renamed(s, others, rnd), rnd) for s in b]
            with torch.autocast("cpu", torch.bfloat16):
                out = model(*pieces.batch(forms))
                loss = loss_of(model, out, targets(b, model, out[2].shape[1]))
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            done += sum(len(f) for f in forms)
            step += 1
            if step % 25 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss {loss.item():.3f}", flush=True)
        print(f"epoch {epoch + 1} {time.time() - start:.0f}s dev {measure(model, pieces, dev)}", flush=True)
        torch.save({"depth": a.depth, "tags": tags, "rels": rels, "state": model.state_dict()}, a.out)


if __name__ == "__main__":
    main()
