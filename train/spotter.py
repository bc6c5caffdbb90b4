"""Trains the spotter: a small network beside the language network that marks what was done, by whom and to whom.

usage: spotter.py --words STUDENT TEXTS OUT
       spotter.py ROWS … OUT --core STUDENT [--dev ROWS] [--start NETWORK] [--epochs N] [--minutes N] [--seed N]

It is built as the hearer is (hearer.py) and may begin as one; in place of quotation marks it is told what the
tables know of each word (internal/event/spot.go). The first head gives the three groups of labels, the second tells of a
word that tells a deed whether another is of its source, of its target, or of those who do it with each other.
TEXTS are marked by coders (`detente train events --words`) or by the teacher (spotter_teacher.py --label).
"""
import argparse
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

from hearer import Hearer, Paragraphs, deep_loss, padded, tensors, write_rows
from spotter_teacher import CLASSES, GROUPS, LINKS, WEIGHTS, Tally, gold, losses


class Texts(Paragraphs):
    """Texts of at most 400 words as (file, first word, end, deeds marked by coders, links by the teacher)."""

    def __init__(self, files):
        self.files, self.items = [torch.load(f) for f in files], []
        self.vectors = self.files[0]["vectors"]
        for s in self.files:
            at = 0
            for n, spots, links in s["lines"]:
                if n <= 400:
                    self.items.append((s, at, at + n, spots, links))
                at += n


def gold_loss(model, x, bucket, out, batch):
    want, deeds, links = gold([(e - b, spots) for _, b, e, spots, _ in batch], x.shape[1])
    total = sum(w * l for w, l in zip(WEIGHTS, losses(out, want)))
    if deeds:
        row, word = (torch.tensor(v) for v in zip(*deeds))
        s = model.links(x, bucket, row, word, word)
        total = total + 4 * F.cross_entropy(s.flatten(0, 1), torch.stack(links).flatten(), ignore_index=-100)
    return total


def soft_loss(model, x, bucket, out, batch, mask):
    """The teacher's probabilities are learned; what it says of deeds counts as much as it is sure that there is one."""
    soft = padded(batch, "soft").float() / 100
    deed = (1 - soft[..., 0]) * mask
    total = 0.0
    for k, (o, want) in enumerate(zip(out.split(GROUPS, -1), soft.split(GROUPS, -1))):
        each = -(want * F.log_softmax(o, -1)).sum(-1)
        total = total + WEIGHTS[k] * (each[mask].mean() if k == 0 else (each * deed).sum() / deed.sum().clamp(min=1))
    deeds = [(i, w, words) for i, item in enumerate(batch) for w, words in item[4]]
    if deeds:
        row, word = torch.tensor([d[0] for d in deeds]), torch.tensor([d[1] for d in deeds])
        want = torch.zeros(len(deeds), x.shape[1], LINKS)
        for k, (_, _, words) in enumerate(deeds):
            for j, *ps in words:
                want[k, j, 1:] = torch.tensor(ps) / 100
        want[..., 0] = (1 - want.sum(-1)).clamp(min=0)
        each = -(want * F.log_softmax(model.links(x, bucket, row, word, word), -1)).sum(-1) * mask[row]
        sure = deed[row, word][:, None]
        total = total + 4 * (each * sure).sum() / (mask[row] * sure).sum().clamp(min=1)
    return total


@torch.no_grad()
def measure(model, dev):
    model.eval()
    tally = Tally()
    for b in dev.batches(8000, random.Random(0), lambda x: True):
        *given, mask = tensors(b)
        x, bucket = model.read(*given, mask)
        out = model.tag(x)
        for i, item in enumerate(b):
            tally.add(item[2] - item[1], item[3], out[i], lambda ws: model.links(x, bucket, torch.tensor([i] * len(ws)), torch.tensor(ws), torch.tensor(ws)))
    model.train()
    return str(tally)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("files", nargs="+"), p.add_argument("--words", action="store_true"), p.add_argument("--dev"), p.add_argument("--start"), p.add_argument("--core")
    p.add_argument("--silver", type=float, default=1, help="share of the teacher's texts in a pass"), p.add_argument("--epochs", type=float, default=4), p.add_argument("--minutes", type=float, default=1e9), p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rate", type=float, default=2e-3), p.add_argument("--batch", type=int, default=2500), p.add_argument("--size", type=int, default=320), p.add_argument("--layers", type=int, default=7), p.add_argument("--drop", type=float, default=0.2)
    a = p.parse_args()
    torch.set_num_threads(1)
    if a.words:
        return write_rows(*a.files, ("marks", "soft"), lambda d: (d.get("spots"), d.get("links")))
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    train = Texts(a.files[:-1])
    dev = Texts([a.dev]) if a.dev else None
    model = Hearer(torch.load(a.core), train.vectors, a.size, a.layers, a.drop, CLASSES, sum(GROUPS), LINKS)
    if a.start:  # another network's layers, or all of a spotter
        own = model.state_dict()
        old = torch.load(a.start)["state"]
        same = old["tag.weight"].shape == own["tag.weight"].shape
        model.load_state_dict({k: v for k, v in old.items() if same or k.startswith(("layers.", "word."))}, strict=False)
    opt = torch.optim.AdamW(model.parameters(), a.rate, weight_decay=0.02, betas=(0.9, 0.98), fused=True)
    use = lambda x: "soft" not in x[0] or rnd.random() < a.silver
    words = a.epochs * sum(x[2] - x[1] for b in train.batches(a.batch, rnd, use) for x in b)
    done, start, step, share, epoch, total = 0, time.time(), 0, 0, 0, [0.0] * 2
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
            soft = "soft" in b[0][0]
            with torch.autocast("cpu", torch.bfloat16):
                x, bucket = model.read(*given, mask)
                out = model.tag(x).float()
                loss = soft_loss(model, x, bucket, out, b, mask) if soft else gold_loss(model, x, bucket, out, b)
                deep = deep_loss(model, x, b, mask) if "deep" in b[0][0] else 0.0
            opt.zero_grad()
            (loss + 0.3 * deep).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            opt.step()
            done += sum(x[2] - x[1] for x in b)
            step += 1
            total = [t + float(torch.as_tensor(p).detach()) for t, p in zip(total, (loss, deep))]
            if step % 100 == 0:
                print(f"{time.time() - start:.0f}s {done / words:.3f} loss " + " ".join(f"{t / 100:.4f}" for t in total), flush=True)
                total = [0.0] * 2
        print(f"pass {epoch} {time.time() - start:.0f}s " + (measure(model, dev) if dev else ""), flush=True)
        torch.save({"size": a.size, "layers": a.layers, "groups": GROUPS, "state": model.state_dict()}, a.files[-1])


if __name__ == "__main__":
    main()
