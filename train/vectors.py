"""Makes the student's vocabulary and its first word vectors.

usage: vectors.py DATA BERT OUT TOKENS … [--glove FOLDER] [--size N] [--width N]

The vocabulary is the words of the gold data, of the raw texts (where seen three times), the
whole words of the encoder's own vocabulary, and the most frequent ones of GloVe's until it is full. A
word's first vector is two parts: GloVe's vector (50 numbers, learned by its makers from news and an
encyclopedia; the student leaves them as they are), and the mean of the encoder's input embeddings of the
word's pieces, brought to the rest of `width` by principal components; training goes on from there.
Row 0 is for unknown words.
"""
import argparse
import os

import torch

import data
from student import key
from teacher import Pieces


def glove(folder):
    """Words by falling frequency and their vectors, each number with a variance of one."""
    import numpy as np
    import pyarrow.parquet as pq
    words = pq.read_table(os.path.join(folder, "glove_6B_index.parquet")).column(0).to_pylist()
    v = torch.from_numpy(np.load(os.path.join(folder, "glove_6B_50d_emb.npy")).astype("float32"))
    v = v - v[:100000].mean(0)
    return words, v / v[:100000].std(0) * 0.5


def main():
    p = argparse.ArgumentParser()
    p.add_argument("data"), p.add_argument("bert"), p.add_argument("out"), p.add_argument("tokens", nargs="+")
    p.add_argument("--glove"), p.add_argument("--size", type=int, default=80000), p.add_argument("--width", type=int, default=128)
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
    known, vectors = glove(a.glove)
    own = set(words)
    for w in known:
        if len(words) >= a.size - 1:
            break
        if w not in own and w == key(w) and any(c.isalpha() for c in w) and len(w) <= 24:
            words.append(w)
    row = {w: i for i, w in enumerate(known)}
    fixed = torch.stack([vectors[row[w]] if w in row else torch.zeros(vectors.shape[1]) for w in words])
    from safetensors.torch import load_file
    table = load_file(a.bert + "/model.safetensors")["embeddings.word_embeddings.weight"]
    v = torch.stack([table[torch.tensor(pieces.word(w))].mean(0) for w in words])
    v = v - v.mean(0)
    _, axes = torch.linalg.eigh(v.T @ v)
    v = v @ axes[:, -(a.width - fixed.shape[1]):]
    v = torch.cat([fixed, v / v.square().mean().sqrt() * 0.5], 1)
    torch.save({"words": [""] + words, "fixed": fixed.shape[1], "vectors": torch.cat([torch.zeros(1, a.width), v])}, a.out)
    print(len(words) + 1, "words,", sum(w in row for w in words), "of them with a vector of GloVe's")


if __name__ == "__main__":
    main()
