"""Trains the hearer: light layers on top of the language network that mark who said what.

usage: hearer.py --states STUDENT PARAGRAPHS OUT
       hearer.py STATES … OUT [--dev STATES] [--start HEARER] [--leave FOLD/FOLDS] [--epochs N] [--minutes N] [--seed N]

The language network (student.py) has read each sentence; what its last layer says of a word,
brought to unit mean square and rounded to 8 bits as the program keeps it, is what the
hearer sees of it, beside that network's vector of the word and how it stands to quotation marks. Its own layers are of the same
kind and read a whole paragraph. STATES files are made from paragraphs with gold labels
(`detente train quote --words`) or with a teacher's (hearer_teacher.py --label).
internal/nlp/marker.go has the same arithmetic in Go.
"""
import argparse
import json
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

from hearer_teacher import MARKS, TAGS, runs
from student import Layer, Rows, Student, kept, key, norm

LEVELS = 127


@torch.no_grad()
def states_of(a):
    saved = torch.load(a.files[0])
    vocabulary = {w: i for i, w in enumerate(saved["words"])}
    width = saved["state"]["fixed"].shape[1] + saved["state"]["words.weight"].shape[1]
    core = Student(vocabulary, torch.zeros(len(vocabulary), width), saved["state"]["fixed"].shape[1], saved["tags"], saved["rels"], saved["size"], saved["layers"])
    core.load_state_dict(saved["state"])
    core.eval()
    rows = Rows(vocabulary)
    lines = [json.loads(l) for l in open(a.files[1], encoding="utf8")]
    sents, at = [], 0
    for d in lines:
        first = 0
        for end in d["ends"]:
            while first < end:
                to = min(end, first + 120)
                sents.append((at + first, d["words"][first:to]))
                first = to
        at += len(d["words"])
    states = torch.zeros(at, saved["size"], dtype=torch.int8)
    found = torch.tensor([vocabulary.get(key(w), 0) for d in lines for w in d["words"]], dtype=torch.int32)
    order = sorted(range(len(sents)), key=lambda i: len(sents[i][1]))
    start, i, done = time.time(), 0, 0
    while i < len(order):
        n = max(1, 4000 // max(1, len(sents[order[min(i + 40, len(order) - 1)]][1])))
        batch = [sents[k] for k in order[i:i + n]]
        r, mask = rows.batch([f for _, f in batch])
        x = core.word(torch.cat([core.fixed[r[..., 0]], core.words(r[..., 0])], -1)) + core.pieces(r[..., 1:]).sum(-2)
        x, m = x.transpose(0, 1), mask.t()[..., None].float()
        for layer in core.layers:
            x = layer(x, m, 1)
        x = x.transpose(0, 1)
        q = torch.round(x * (LEVELS / x.abs().amax(-1, keepdim=True).clamp(min=1e-9))).to(torch.int8)
        for k, (to, f) in enumerate(batch):
            states[to:to + len(f)] = q[k, :len(f)]
            done += len(f)
        i += n
    print(f"{done} words in {time.time() - start:.0f}s")
    torch.save({"states": states, "rows": found, "vectors": torch.cat([core.fixed, core.words.weight], 1), "lines": [{k: d[k] for k in ("doc", "marks", "tags", "soft") if k in d} for d in lines], "sizes": [len(d["words"]) for d in lines]}, a.files[2])


class Hearer(nn.Module):
    def __init__(self, core, vectors, d, layers, rate):
        super().__init__()
        self.rate = rate
        self.register_buffer("vectors", vectors, persistent=False)
        self.input, self.word = nn.Linear(core, d), nn.Linear(vectors.shape[1], d, bias=False)
        self.mark = nn.Embedding(MARKS, d)
        nn.init.normal_(self.mark.weight, 0, 0.3)
        self.layers = nn.ModuleList(Layer(d) for _ in range(layers))
        self.tag = nn.Linear(d, TAGS)

    def drop(self, x, *shape):
        return x * kept(shape, self.rate) if self.training else x

    def forward(self, states, rows, marks, mask):
        b, n, _ = states.shape
        x = self.drop(norm(states), b, 1, states.shape[-1])
        w = self.drop(self.vectors[rows], b, 1, self.vectors.shape[1])
        x = (self.input(x) + self.word(w) + self.mark(marks)).transpose(0, 1)
        m = mask.t()[..., None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, m, kept((b, x.shape[-1]), self.rate) if self.training else 1)
        return self.tag(self.drop(norm(x.transpose(0, 1)), b, 1, x.shape[-1]))


class Paragraphs:
    def __init__(self, files):
        self.items = []
        for f in files:
            s = torch.load(f)
            self.vectors = s["vectors"]
            at = 0
            for line, n in zip(s["lines"], s["sizes"]):
                for first in range(0, n, 400):
                    end = min(n, first + 400)
                    self.items.append(((s["states"], s["rows"]), at + first, at + end, {k: v[first:end] if isinstance(v, list) else v for k, v in line.items()}))
                at += n

    def batches(self, size, rnd, use):
        items = [x for x in self.items if use(x[3])]
        order = sorted(items, key=lambda x: x[2] - x[1] + rnd.random() * 8)
        out, cur = [], []
        for x in order:
            if cur and (x[2] - x[1]) * (len(cur) + 1) > size:
                out.append(cur)
                cur = []
            cur.append(x)
        out.append(cur)
        rnd.shuffle(out)
        return out


def tensors(batch):
    n = max(e - b for _, b, e, _ in batch)
    states = torch.stack([F.pad(s[b:e].float(), (0, 0, 0, n - (e - b))) for (s, _), b, e, _ in batch])
    rows = torch.stack([F.pad(r[b:e].long(), (0, n - (e - b))) for (_, r), b, e, _ in batch])
    fill = lambda k, v: torch.tensor([x[3][k] + [v] * (n - len(x[3][k])) for x in batch])
    mask = torch.tensor([[i < e - b for i in range(n)] for _, b, e, _ in batch])
    return states, rows, fill("marks", 0), mask


def loss_of(out, batch):
    """Gold labels where there are, else the teacher's probabilities."""
    n = out.shape[1]
    logp = F.log_softmax(out, -1)
    want, known = torch.zeros_like(out), torch.zeros(out.shape[:2])
    for i, (_, b, e, d) in enumerate(batch):
        known[i, :e - b] = 1
        if "soft" in d:
            want[i, :e - b] = torch.tensor(d["soft"]).float()
        else:
            want[i, :e - b] = F.one_hot(torch.tensor(d["tags"]), TAGS).float()
    want = want / want.sum(-1, keepdim=True).clamp(min=1e-9)
    return -(want * logp).sum(-1).mul(known).sum() / known.sum()


@torch.no_grad()
def measure(model, dev):
    model.eval()
    hit, said, gold = [0] * 3, [0] * 3, [0] * 3
    loss = words = 0.0
    for b in dev.batches(8000, random.Random(0), lambda d: True):
        out = model(*tensors(b))
        w = sum(x[2] - x[1] for x in b)
        loss, words = loss + loss_of(out, b).item() * w, words + w
        for x, row in zip(b, out.argmax(-1).tolist()):
            g, r = runs(x[3]["tags"]), runs(row[:x[2] - x[1]])
            for xs, n in ((g & r, hit), (r, said), (g, gold)):
                for y in xs:
                    n[y[2]] += 1
    model.train()
    return f"loss {loss / words:.4f} " + " ".join(f"{n} {200 * h / max(1, s + g):.1f}" for n, h, s, g in zip(("source", "cue", "content"), hit, said, gold))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("files", nargs="+"), p.add_argument("--states", action="store_true"), p.add_argument("--dev"), p.add_argument("--start")
    p.add_argument("--leave"), p.add_argument("--epochs", type=float, default=4), p.add_argument("--minutes", type=float, default=1e9), p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rate", type=float, default=2e-3), p.add_argument("--batch", type=int, default=2500), p.add_argument("--size", type=int, default=320), p.add_argument("--layers", type=int, default=4), p.add_argument("--drop", type=float, default=0.2)
    a = p.parse_args()
    torch.set_num_threads(1)
    if a.states:
        return states_of(a)
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    train = Paragraphs(a.files[:-1])
    dev = Paragraphs([a.dev]) if a.dev else None
    core = train.items[0][0][0].shape[1]
    model = Hearer(core, train.vectors, a.size, a.layers, a.drop)
    if a.start:
        model.load_state_dict(torch.load(a.start)["state"])
    fold, folds = map(int, a.leave.split("/")) if a.leave else (-1, 1)
    use = lambda d: ("soft" in d or d["doc"] % folds != fold) and ("soft" in d or any(d["tags"]) or rnd.random() < 0.5)
    opt = torch.optim.AdamW(model.parameters(), a.rate, weight_decay=0.02, betas=(0.9, 0.98))
    words = a.epochs * sum(x[2] - x[1] for b in train.batches(a.batch, rnd, use) for x in b)
    done, start, step, share, epoch, total = 0, time.time(), 0, 0, 0, 0.0
    model.train()
    while share < 1:
        epoch += 1
        for b in train.batches(a.batch, rnd, use):
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            if share >= 1:
                break
            for g in opt.param_groups:
                g["lr"] = a.rate * min(1, share / 0.04 + 0.01) * (1 - share)
            loss = loss_of(model(*tensors(b)), b)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            opt.step()
            done += sum(x[2] - x[1] for x in b)
            step += 1
            total += loss.item()
            if step % 100 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss {total / 100:.4f}", flush=True)
                total = 0.0
        print(f"pass {epoch} {time.time() - start:.0f}s " + (measure(model, dev) if dev else ""), flush=True)
        torch.save({"core": core, "size": a.size, "layers": a.layers, "state": model.state_dict()}, a.files[-1])


if __name__ == "__main__":
    main()
