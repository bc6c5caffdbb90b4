"""Makes the student's vocabulary and its first word vectors.

usage: vectors.py DATA BERT OUT TOKENS … [--size N] [--width N]

The vocabulary is the words of the gold data, of the raw texts (where seen three times) and
the whole words of MiniLM's own vocabulary. A word's first vector is the mean of MiniLM's input
embeddings of its pieces, brought to `width` numbers by principal components; training goes
on from there. Row 0 is for unknown words.
"""
import argparse

import torch

import data
from student import key
from teacher import Pieces


def main():
    p = argparse.ArgumentParser()
    p.add_argument("data"), p.add_argument("bert"), p.add_argument("out"), p.add_argument("tokens", nargs="+")
    p.add_argument("--size", type=int, default=48000), p.add_argument("--width", type=int, default=128)
    a = p.parse_args()
    torch.set_num_threads(1)
    counts = {}
    trees, named = data.gold(a.data)
    for s in trees + named:
        for f in s.forms:
            counts[key(f)] = counts.get(key(f), 0) + 3
    for path in a.tokens:
        for line in open(path, encoding="utf8"):
            for f in line.split():
                counts[key(f)] = counts.get(key(f), 0) + 1
    pieces = Pieces(a.bert)
    for w in pieces.t.get_vocab():
        if w.isalpha():
            counts[key(w)] = counts.get(key(w), 0) + 3
    words = sorted((w for w in counts if counts[w] >= 3 and len(w) <= 24), key=lambda w: (-counts[w], w))[:a.size - 1]
    from safetensors.torch import load_file
    table = load_file(a.bert + "/model.safetensors")["embeddings.word_embeddings.weight"]
    v = torch.stack([table[torch.tensor(pieces.word(w))].mean(0) for w in words])
    v = v - v.mean(0)
    _, vectors = torch.linalg.eigh(v.T @ v)
    v = v @ vectors[:, -a.width:]
    v = v / v.square().mean().sqrt() * 0.5
    torch.save({"words": [""] + words, "vectors": torch.cat([torch.zeros(1, a.width), v])}, a.out)
    print(len(words) + 1, "words; the last seen", counts[words[-1]], "times")


if __name__ == "__main__":
    main()
