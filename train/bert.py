"""A BERT encoder in a few lines: reads the published MiniLM weights (safetensors)."""
import json
import os

import torch
from torch import nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, d, heads, inner):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.norm1 = nn.LayerNorm(d, 1e-12)
        self.up = nn.Linear(d, inner)
        self.down = nn.Linear(inner, d)
        self.norm2 = nn.LayerNorm(d, 1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.out(a.transpose(1, 2).reshape(b, n, d))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Bert(nn.Module):
    """Encodes word pieces; `extra` is added to the piece embeddings. Gives all layers."""

    def __init__(self, folder):
        super().__init__()
        from safetensors.torch import load_file
        c = json.load(open(os.path.join(folder, "config.json")))
        w = load_file(os.path.join(folder, "model.safetensors"))
        d = self.size = c["hidden_size"]
        self.words = nn.Embedding(c["vocab_size"], d)
        self.places = nn.Embedding(c["max_position_embeddings"], d)
        self.norm = nn.LayerNorm(d, 1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(d, c["num_attention_heads"], c["intermediate_size"]) for _ in range(c["num_hidden_layers"]))
        e = "embeddings."
        own = {"words.weight": w[e + "word_embeddings.weight"],
               "places.weight": w[e + "position_embeddings.weight"] + w[e + "token_type_embeddings.weight"][0],
               "norm.weight": w[e + "LayerNorm.weight"], "norm.bias": w[e + "LayerNorm.bias"]}
        for i in range(len(self.layers)):
            p, o = f"encoder.layer.{i}.", f"layers.{i}."
            for kind in ("weight", "bias"):
                own[o + "qkv." + kind] = torch.cat([w[p + f"attention.self.{x}.{kind}"] for x in ("query", "key", "value")])
                for mine, theirs in (("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"), ("up", "intermediate.dense"),
                                     ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                    own[o + mine + "." + kind] = w[p + theirs + "." + kind]
        self.load_state_dict(own)

    def forward(self, pieces, mask, extra):
        at = torch.arange(pieces.shape[1])
        x = self.drop(self.norm(self.words(pieces) + self.places(at) + extra))
        m = mask[:, None, None, :]
        out = []
        for layer in self.layers:
            x = layer(x, m)
            out.append(x)
        return out
