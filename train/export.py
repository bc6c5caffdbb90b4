"""Writes a trained student as the network file that `detente train --network` packs into the model.

usage: export.py STUDENT OUT [--data TEXT …]
       export.py --marker NETWORK OUT --language VERSION

Layout: a line "detente network 1" (or "marker 2"), the length of a JSON header (32 bits, little endian), the
header, then the tensors in its order. A table or matrix is 8-bit rows: one 32-bit float scale
a row, the rows, and for a matrix a float bias a row; a vector is floats.
"""
import argparse
import json
import struct

import numpy as np
import torch


def rows8(w):
    """Rows as 8-bit integers with the scale that takes them back."""
    w = w.detach().float().numpy()
    scale = np.maximum(np.abs(w).max(1) / 127, 1e-12).astype("<f4")
    return scale, np.clip(np.rint(w / scale[:, None]), -127, 127).astype("i1")


def write(out, kind, header, tensors):
    header["tensors"] = [[n, *w.shape, b is not None] for n, w, b in tensors]
    js = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    with open(out, "wb") as f:
        f.write(b"detente %s\n" % kind + struct.pack("<I", len(js)) + js)
        for _, w, b in tensors:
            scale, q = rows8(w)
            f.write(scale.tobytes() + q.tobytes())
            if b is not None:
                f.write(b.numpy().astype("<f4").tobytes())


def layers_of(s, n):
    return [(f"layer{i}", s[f"layers.{i}.lin.weight"], s[f"layers.{i}.lin.bias"]) for i in range(n)]


def export_marker(saved, out, language):
    s = saved["state"]
    zero = lambda n: torch.zeros(len(s[n + ".weight"]))
    linear = lambda name, n: (name, s[n + ".weight"], s.get(n + ".bias", zero(n)))
    tensors = [linear("word", "word"), ("class", s["mark.weight"], None)] + layers_of(s, saved["layers"])
    tensors += [linear("label", "tag"), linear("holder", "cue"), linear("held", "part"), linear("part", "part_bias"), ("far", s["link_bias.weight"], None)]
    header = {"size": saved["size"], "layers": saved["layers"], "classes": len(s["mark.weight"]), "labels": len(s["tag.weight"]),
              "parts": len(s["part_bias.weight"]), "link": len(s["part.weight"]), "language": language}
    if "groups" in saved:
        header["groups"] = saved["groups"]
    write(out, b"marker 2", header, tensors)


def export(saved, out, made_of):
    s = saved["state"]
    d, layers = saved["size"], saved["layers"]
    words = torch.cat([s["fixed"], s["words.weight"]], 1)
    tensors = [("words", words, None), ("pieces", s["pieces.weight"], None), ("word", s["word.weight"], s["word.bias"])]
    tensors += layers_of(s, layers)
    first = ["tag", "name1", "arc_dep", "arc_head", "rel_dep", "rel_head"]
    bias = lambda n: s.get(n + ".bias", torch.zeros(len(s[n + ".weight"])))
    tensors.append(("heads", torch.cat([s[n + ".weight"] for n in first]), torch.cat([bias(n) for n in first])))
    for n in ("name2", "arc", "rel"):
        tensors.append((n, s[n + ".weight"], bias(n)))
    header = {"size": d, "width": words.shape[1], "vocabulary": saved["words"], "layers": layers, "tags": saved["tags"], "relations": saved["rels"], "names": saved["kinds"],
              "arc": len(s["arc_root"]), "rel": len(s["rel_root"]), "name": len(s["name1.weight"]), "data": made_of}
    write(out, b"network 1", header, tensors)
    with open(out, "ab") as f:
        for n in ("arc_root", "rel_root"):
            f.write(s[n].numpy().astype("<f4").tobytes())


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("student"), p.add_argument("out"), p.add_argument("--marker", action="store_true"), p.add_argument("--language", help="version of the language model that the hearer or the spotter stands on")
    p.add_argument("--data", nargs="*", default=[], help="what the network was trained on, for the model's own list")
    a = p.parse_args()
    if a.marker:
        export_marker(torch.load(a.student), a.out, a.language)
    else:
        export(torch.load(a.student), a.out, a.data)
