"""Fine-tunes the encoder to mark who said what; its marks on raw text teach the hearer.

usage: hearer_teacher.py TEACHER BERT WORDS DEV OUT [--epochs N] [--seed N] [--minutes N]
       hearer_teacher.py --label OUT BERT RAW SILVER --axes RAW

TEACHER is what teacher.py made: the encoder starts from its weights, which know trees and
names. WORDS, DEV and RAW are paragraphs as `detente train quote --words` writes them. The
labels are those of the first tagger (internal/quote/cue.go): outside, then begin and inside
of source, cue and content. SILVER is RAW with the probability of each label, in hundredths; SILVER.deep has, for each of its
words, where it lies along the DEEP directions in which the last layer varies most over the words of the file after --axes, 8 bits each.
"""
import argparse
import json
import random
import time

import torch
from torch import nn
import torch.nn.functional as F

from bert import Bert
from teacher import Pieces, batches, case

TAGS = 7
MARKS = 12
DEEP = 96
STIR = 8  # words by which paragraphs of a batch may differ


class Part:
    """A stretch of a paragraph that is read at once: words, marks of quotation, gold labels."""

    __slots__ = ("forms", "marks", "tags", "ends")

    def __init__(self, first, d, end):
        self.ends = [e - first for e in d["ends"] if first < e < end] + [end - first]
        self.forms, self.marks, self.tags = (d[k][first:end] for k in ("words", "marks", "tags"))


def parts(path, most=180):
    """The paragraphs of a file, longer ones cut at ends of sentences."""
    out = []
    for line in open(path, encoding="utf8"):
        d = json.loads(line)
        first = last = 0
        for end in d["ends"]:
            if end - first > most and last > first:
                out.append(Part(first, d, last))
                first = last
            last = end
        while last - first > 300:  # a sentence without an end
            out.append(Part(first, d, first + 300))
            first += 300
        out.append(Part(first, d, last))
    return out


def prose(forms):
    """Whether a stretch is more than a line of figures; nobody says anything in those."""
    return len(forms) >= 8 and sum(f.isalpha() for f in forms) >= 0.6 * len(forms) and sum(any(c.isdigit() for c in f) for f in forms) <= 0.15 * len(forms)


class HearerTeacher(nn.Module):
    def __init__(self, folder, depth):
        super().__init__()
        self.bert = Bert(folder, depth)
        d = self.bert.size
        self.case, self.mark = nn.Embedding(11, d), nn.Embedding(MARKS, d)
        nn.init.zeros_(self.case.weight), nn.init.zeros_(self.mark.weight)
        self.drop = nn.Dropout(0.1)
        self.tag = nn.Linear(2 * d, TAGS)

    def word(self, pieces, mask, cases, firsts, lasts, marks):
        """What the last layer says of each word: of its first piece and of its last."""
        x = self.bert(pieces, mask, self.case(cases) + self.mark(marks))[-1]
        at = torch.arange(x.shape[0])[:, None]
        return torch.cat([x[at, firsts], x[at, lasts]], -1)

    def forward(self, *batch):
        return self.tag(self.drop(self.word(*batch)))


def marks_of(pieces, batch):
    """The marks of words, spread over their pieces."""
    rows = [[0] + [m for f, m in zip(p.forms, p.marks) for _ in pieces.word(f)] + [0] for p in batch]
    n = max(map(len, rows))
    return torch.tensor([r + [0] * (n - len(r)) for r in rows])


def runs(tags):
    """(first, end, part) of every run; an inside without its begin begins one."""
    out, i = set(), 0
    while i < len(tags):
        j = i + 1
        if tags[i]:
            part = (tags[i] - 1) // 2
            while j < len(tags) and tags[j] == 2 * part + 2:
                j += 1
            out.add((i, j, part))
        i = j
    return out


@torch.no_grad()
def measure(score, ps):
    """F1 of exact runs of source, cue and content, labels taken one by one."""
    hit, said, gold = [0] * 3, [0] * 3, [0] * 3
    for b in batches(ps, 3000, random.Random(0), STIR):
        best = score(b).argmax(-1).tolist()
        for p, row in zip(b, best):
            g, r = runs(p.tags), runs(row[:len(p.forms)])
            for xs, n in ((g & r, hit), (r, said), (g, gold)):
                for x in xs:
                    n[x[2]] += 1
    return " ".join(f"{name} {200 * h / max(1, s + g):.1f}" for name, h, s, g in zip(("source", "cue", "content"), hit, said, gold))


def gold(batch, width):
    return torch.tensor([p.tags + [-100] * (width - len(p.tags)) for p in batch])


def score_with(model, pieces):
    def score(batch):
        with torch.autocast("cpu", torch.bfloat16):
            return model(*pieces.batch([p.forms for p in batch]), marks_of(pieces, batch)).float()
    return score


def train(a):
    torch.manual_seed(a.seed)
    rnd = random.Random(a.seed)
    model, pieces = HearerTeacher(a.files[1], a.depth), Pieces(a.files[1])
    old = torch.load(a.files[0])["state"]
    model.bert.load_state_dict({k[5:]: v for k, v in old.items() if k.startswith("bert.")}, strict=False)
    model.case.load_state_dict({"weight": old["case.weight"]})
    model.bert.words.weight.requires_grad = False
    ps, dev = parts(a.files[2]), parts(a.files[3])
    score = score_with(model, pieces)
    body = [p for n, p in model.named_parameters() if n.startswith("bert.") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("bert.")]
    opt = torch.optim.AdamW([{"params": body, "lr": a.rate}, {"params": head, "lr": 1e-3}], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    peak = [g["lr"] for g in opt.param_groups]
    # Of paragraphs where nobody says anything every second is enough.
    pick = lambda: [p for p in ps if any(p.tags) or rnd.random() < 0.5]
    words = sum(len(p.forms) for p in pick()) * a.epochs
    done, start, step, share, epoch, total = 0, time.time(), 0, 0, 0, 0.0
    while share < 1:
        epoch += 1
        model.train()
        for b in batches(pick(), a.batch, rnd, STIR):
            share = min(1, max(done / words, (time.time() - start) / 60 / a.minutes))
            if share >= 1:
                break
            for g, lr in zip(opt.param_groups, peak):
                g["lr"] = lr * min(1, share / 0.06 + 0.01) * (1 - share)
            out = score(b)
            loss = F.cross_entropy(out.flatten(0, 1), gold(b, out.shape[1]).flatten(), ignore_index=-100)
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
            if step % 300 == 0:
                model.eval()
                print(f"  dev (a third) {measure(score, dev[::3])}", flush=True)
                model.train()
        model.eval()
        print(f"epoch {epoch} {time.time() - start:.0f}s dev {measure(score, dev)}", flush=True)
        torch.save({"depth": a.depth, "state": model.state_dict()}, a.files[4])


def axes(seen_of, batches, count):
    """The mean of what the last layer says of words, and the directions in which it varies most,
    scaled so that the first of them fills 8 bits."""
    seen = torch.cat([seen_of(b) for b in batches])
    mean = seen.mean(0)
    _, spread, directions = torch.linalg.svd((seen - mean)[:30000], full_matrices=False)
    return mean, directions[:count].t() * (32 * min(30000, len(seen)) ** 0.5 / spread[0])


def words_of(model, pieces, batch):
    """Labels' probabilities by paragraph and word, and what the last layer says of all words in one row."""
    with torch.autocast("cpu", torch.bfloat16):
        x = model.word(*pieces.batch([p.forms for p in batch]), marks_of(pieces, batch))
        out = model.tag(x).float()
    return torch.softmax(out, -1), torch.cat([row[:len(p.forms)] for p, row in zip(batch, x.float())])


@torch.no_grad()
def label(a):
    saved = torch.load(a.files[0])
    model, pieces = HearerTeacher(a.files[1], saved["depth"]), Pieces(a.files[1])
    model.load_state_dict(saved["state"])
    model.eval()
    ps = [p for p in parts(a.files[2]) if prose(p.forms)]
    order = batches(ps, 3000, random.Random(a.seed), STIR)
    mean, turn = axes(lambda b: words_of(model, pieces, b)[1], batches(parts(a.axes), 3000, random.Random(0), STIR)[:15], DEEP)
    start, done = time.time(), 0
    with open(a.files[3], "w", encoding="utf8") as f, open(a.files[3] + ".deep", "wb") as deep:
        for n, b in enumerate(order):
            if (time.time() - start) / 60 > a.minutes:
                break
            soft, x = words_of(model, pieces, b)
            for p, row in zip(b, (soft * 100).round().int().tolist()):
                json.dump({"words": p.forms, "ends": p.ends, "marks": p.marks, "soft": row[:len(p.forms)]}, f, ensure_ascii=False, separators=(",", ":"))
                f.write("\n")
            deep.write(((x - mean) @ turn).round().clamp(-127, 127).to(torch.int8).numpy().tobytes())
            done += sum(len(p.forms) for p in b)
            if n % 50 == 0:
                print(f"{time.time() - start:.0f}s {n}/{len(order)} {done} words", flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("files", nargs="+"), p.add_argument("--label", action="store_true"), p.add_argument("--axes")
    p.add_argument("--epochs", type=float, default=2), p.add_argument("--seed", type=int, default=1), p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--threads", type=int, default=1), p.add_argument("--rate", type=float, default=6e-5), p.add_argument("--batch", type=int, default=1600), p.add_argument("--depth", type=int, default=9)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    (label if a.label else train)(a)


if __name__ == "__main__":
    main()
