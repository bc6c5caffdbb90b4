"""Fine-tunes the encoder to mark what was done, by whom and to whom; its marks on raw text teach the spotter.

usage: spotter_teacher.py TEACHER BERT WORDS DEV OUT [--epochs N] [--seed N] [--minutes N]
       spotter_teacher.py --label OUT BERT RAW SILVER --axes RAW

TEACHER is what teacher.py or hearer_teacher.py made: the encoder starts from its weights. WORDS, DEV and RAW
are texts as `detente train events --words` writes them. Of each word it learns which type of deed the word tells
(first none), of words that tell one whether it happened and whether it is what the text mainly tells, and of such a word and
any other whether that one names who did it, to whom, or one of those who did it with each other. SILVER is RAW with these probabilities
in hundredths; SILVER.deep is as hearer_teacher.py writes it.
"""
import argparse
import json
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

from bert import Bert
from hearer_teacher import DEEP, STIR, axes, marks_of
from teacher import Pieces, batches

CLASSES = 18
GROUPS = (17, 5, 2)  # labels of a word: type, stance, main
WEIGHTS = (4, 1, 0.5)  # of the groups in the loss
LINKS = 4  # a word is none of a deed's, of its source, of its target, of those who do it with each other
LINK = 64
PLAIN = 0.05  # a word that tells a deed less surely than this has no links


class Part:
    """A text that is read at once: words, their classes, deeds marked in it (None: nobody marked)."""

    __slots__ = ("forms", "marks", "ends", "spots")

    def __init__(self, d):
        self.forms, self.marks, self.ends, self.spots = d["words"], d["marks"], d["ends"], d.get("spots")


def parts(path):
    """The texts of a file, without those of more than 300 words."""
    return [Part(d) for d in map(json.loads, open(path, encoding="utf8")) if 0 < len(d["words"]) <= 300]


class SpotterTeacher(nn.Module):
    def __init__(self, folder, depth):
        super().__init__()
        self.bert = Bert(folder, depth)
        d = self.bert.size
        self.case, self.mark = nn.Embedding(11, d), nn.Embedding(CLASSES, d)
        nn.init.zeros_(self.case.weight), nn.init.zeros_(self.mark.weight)
        self.drop = nn.Dropout(0.1)
        self.tag = nn.Linear(2 * d, sum(GROUPS))
        self.cue, self.part, self.part_bias = nn.Linear(2 * d, (LINKS - 1) * LINK), nn.Linear(2 * d, LINK), nn.Linear(2 * d, LINKS - 1)

    def word(self, pieces, mask, cases, firsts, lasts, marks):
        x = self.bert(pieces, mask, self.case(cases) + self.mark(marks))[-1]
        at = torch.arange(x.shape[0])[:, None]
        return torch.cat([x[at, firsts], x[at, lasts]], -1)

    def links(self, x, row, word):
        """For deeds (text, word) the scores of none, source, target and mutual of each word."""
        c = self.cue(x[row, word]).view(len(row), LINKS - 1, LINK)
        s = torch.einsum("cyk,cnk->cny", c, self.part(x)[row]) / LINK ** 0.5 + self.part_bias(x)[row]
        return F.pad(s.float(), (1, 0))


def read(model, pieces, batch):
    x = model.word(*pieces.batch([p.forms for p in batch]), marks_of(pieces, batch))
    return model.drop(x)


def gold(spots_of, width):
    """Labels of each word by group (-100: nothing to learn), and the deeds with what belongs to them. spots_of has the marked deeds of each text."""
    types = torch.full((len(spots_of), width), -100)
    stances, mains = types.clone(), types.clone()
    deeds, links = [], []
    for i, (n, spots) in enumerate(spots_of):
        types[i, :n] = 0
        for s in spots:
            w = s["word"]
            types[i, w], stances[i, w], mains[i, w] = s["type"], s["stance"], int(s["main"])
            deeds.append((i, w))
            row = torch.zeros(width, dtype=torch.long)
            row[n:] = -100
            for y, k in ((1, "source"), (2, "target"), (3, "mutual")):
                row[[j for j in s[k] if j != w]] = y
            links.append(row)
    return (types, stances, mains), deeds, links


def losses(out, want):
    """One loss of each group of labels."""
    return [F.cross_entropy(o.flatten(0, 1), g.flatten(), ignore_index=-100) if (g >= 0).any() else o.sum() * 0 for o, g in zip(out.split(GROUPS, -1), want)]


def loss_of(model, x, out, want, deeds, links):
    total = sum(w * l for w, l in zip(WEIGHTS, losses(out, want)))
    if deeds:
        row, word = (torch.tensor(v) for v in zip(*deeds))
        s = model.links(x, row, word)
        total = total + F.cross_entropy(s.flatten(0, 1), torch.stack(links).flatten(), ignore_index=-100) * 4
    return total


class Tally:
    """Deeds found: F1 of triggers, and of those found in both the share with the right type and stance; F1 of words of sides; texts whose main deed has the right type, or none where there is none."""

    def __init__(self):
        self.n = dict.fromkeys("hit said gold typed stance side_hit side_said side_gold main texts".split(), 0)

    def add(self, n, spots, out, links_of):
        """spots are the gold deeds of a text of n words, out the scores of its words by label."""
        t, s, m = (o[:n] for o in out.split(GROUPS, -1))
        got = t.argmax(-1)
        gold = {x["word"]: x for x in spots}
        found = [w for w in range(n) if got[w] > 0]
        both = [w for w in found if w in gold]
        k = self.n
        k["hit"], k["said"], k["gold"] = k["hit"] + len(both), k["said"] + len(found), k["gold"] + len(gold)
        k["typed"] += sum(got[w].item() == gold[w]["type"] for w in both)
        k["stance"] += sum(s[w].argmax().item() == gold[w]["stance"] for w in both)
        if both:
            for w, row in zip(both, links_of(both)):
                a = {(j, y) for j, y in enumerate(row[:n].argmax(-1).tolist()) if y}
                b = {(j, y) for y, key in ((1, "source"), (2, "target"), (3, "mutual")) for j in gold[w][key] if j != w}
                k["side_hit"], k["side_said"], k["side_gold"] = k["side_hit"] + len(a & b), k["side_said"] + len(a), k["side_gold"] + len(b)
        p = torch.softmax(t, -1)
        rank = (1 - p[:, 0]) * torch.softmax(m, -1)[:, 1]
        main = got[max(found, key=lambda w: rank[w].item())].item() if found else 0
        k["texts"] += 1
        k["main"] += main == next((x["type"] for x in spots if x["main"]), 0)

    def __str__(self):
        k = self.n
        f = lambda a, b, c: 200 * a / max(1, b + c)
        return f"deeds {f(k['hit'], k['said'], k['gold']):.1f} (p {100 * k['hit'] / max(1, k['said']):.1f}) type {100 * k['typed'] / max(1, k['hit']):.1f} stance {100 * k['stance'] / max(1, k['hit']):.1f} sides {f(k['side_hit'], k['side_said'], k['side_gold']):.1f} main {100 * k['main'] / max(1, k['texts']):.1f}"


@torch.no_grad()
def measure(model, pieces, ps):
    model.eval()
    tally = Tally()
    for b in batches(ps, 3000, random.Random(0), STIR):
        with torch.autocast("cpu", torch.bfloat16):
            x = read(model, pieces, b)
            out = model.tag(x).float()
            for i, p in enumerate(b):
                tally.add(len(p.forms), p.spots, out[i], lambda ws: model.links(x, torch.tensor([i] * len(ws)), torch.tensor(ws)))
    model.train()
    return str(tally)


def train(a):
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    model, pieces = SpotterTeacher(a.files[1], a.depth), Pieces(a.files[1])
    old = torch.load(a.start or a.files[0])["state"]
    if a.start:
        model.load_state_dict(old)
    else:
        model.bert.load_state_dict({k[5:]: v for k, v in old.items() if k.startswith("bert.")}, strict=False)
        model.case.load_state_dict({"weight": old["case.weight"]})
    model.bert.words.weight.requires_grad = False
    ps, dev = parts(a.files[2]), parts(a.files[3])
    body = [p for n, p in model.named_parameters() if n.startswith("bert.") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("bert.")]
    opt = torch.optim.AdamW([{"params": body, "lr": a.rate}, {"params": head, "lr": 1e-3}], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    peak = [g["lr"] for g in opt.param_groups]
    words = sum(len(p.forms) for p in ps) * a.epochs
    done, start, step, share, epoch, total = 0, time.time(), 0, 0, 0, 0.0
    while share < 1:
        epoch += 1
        model.train()
        for b in batches(ps, a.batch, rnd, STIR):
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            if share >= 1:
                break
            for g, lr in zip(opt.param_groups, peak):
                g["lr"] = lr * min(1, share / 0.06 + 0.01) * (1 - share)
            with torch.autocast("cpu", torch.bfloat16):
                x = read(model, pieces, b)
                out = model.tag(x).float()
                loss = loss_of(model, x, out, *gold([(len(p.forms), p.spots) for p in b], out.shape[1]))
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            done += sum(len(p.forms) for p in b)
            step += 1
            total += loss.item()
            if step % 25 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss {total / 25:.3f}", flush=True)
                total = 0.0
        print(f"epoch {epoch} {time.time() - start:.0f}s dev {measure(model, pieces, dev)}", flush=True)
        torch.save({"depth": a.depth, "state": model.state_dict()}, a.files[4])


@torch.no_grad()
def label(a):
    saved = torch.load(a.files[0])
    model, pieces = SpotterTeacher(a.files[1], saved["depth"]), Pieces(a.files[1])
    model.load_state_dict(saved["state"])
    model.eval()
    order = batches(parts(a.files[2]), 3000, random.Random(a.seed), STIR)
    def seen(b):
        with torch.autocast("cpu", torch.bfloat16):
            x = read(model, pieces, b)
            return x, torch.cat([row[:len(p.forms)] for p, row in zip(b, x.float())])
    mean, turn = axes(lambda b: seen(b)[1], batches(parts(a.axes), 3000, random.Random(0), STIR)[:15], DEEP)
    hundredths = lambda p: (p * 100).round().int().tolist()
    start, done = time.time(), 0
    with open(a.files[3], "w", encoding="utf8") as f, open(a.files[3] + ".deep", "wb") as deep:
        for n, b in enumerate(order):
            if (time.time() - start) / 60 > a.minutes:
                break
            x, flat = seen(b)
            with torch.autocast("cpu", torch.bfloat16):
                soft = torch.cat([torch.softmax(g, -1) for g in model.tag(x).float().split(GROUPS, -1)], -1)
                for i, p in enumerate(b):
                    size = len(p.forms)
                    row = soft[i, :size]
                    deeds = (row[:, 0] < 1 - PLAIN).nonzero()[:, 0].tolist()
                    links = []
                    if deeds:
                        s = torch.softmax(model.links(x, torch.tensor([i] * len(deeds)), torch.tensor(deeds)), -1)[:, :size]
                        for w, r in zip(deeds, s):
                            links.append([w, [[j, *hundredths(r[j, 1:])] for j in (r[:, 0] < 0.97).nonzero()[:, 0].tolist()]])
                    json.dump({"words": p.forms, "ends": p.ends, "marks": p.marks, "soft": hundredths(row), "links": links}, f, ensure_ascii=False, separators=(",", ":"))
                    f.write("\n")
            deep.write(((flat - mean) @ turn).round().clamp(-127, 127).to(torch.int8).numpy().tobytes())
            done += sum(len(p.forms) for p in b)
            if n % 50 == 0:
                print(f"{time.time() - start:.0f}s {n}/{len(order)} {done} words", flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("files", nargs="+"), p.add_argument("--label", action="store_true"), p.add_argument("--axes"), p.add_argument("--start", help="go on from this one")
    p.add_argument("--epochs", type=float, default=4), p.add_argument("--seed", type=int, default=1), p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--threads", type=int, default=1), p.add_argument("--rate", type=float, default=6e-5), p.add_argument("--batch", type=int, default=1600), p.add_argument("--depth", type=int, default=9)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    (label if a.label else train)(a)


if __name__ == "__main__":
    main()
