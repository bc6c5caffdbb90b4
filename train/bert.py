"""A BERT encoder in a few lines: reads published weights of BERT's and of MPNet's layout (safetensors)."""
import json
import math
import os

import torch
from torch import nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, d, heads, inner, eps):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.norm1 = nn.LayerNorm(d, eps)
        self.up = nn.Linear(d, inner)
        self.down = nn.Linear(inner, d)
        self.norm2 = nn.LayerNorm(d, eps)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.out(a.transpose(1, 2).reshape(b, n, d))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


# What the two layouts call the same weights: the embeddings, then a layer's parts.
NAMES = {
    "bert": (("attention.self.query", "attention.self.key", "attention.self.value"),
             {"out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}),
    "mpnet": (("attention.attn.q", "attention.attn.k", "attention.attn.v"),
              {"out": "attention.attn.o", "norm1": "attention.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}),
}


def buckets(n):
    """T5's buckets of relative places (Raffel et al. 2020), as MPNet has them: n by n, of 32."""
    at = torch.arange(n)
    far = at[:, None] - at[None, :]
    side = (far < 0).long() * 16
    far = far.abs()
    log = 8 + (torch.log(far.clamp(min=1).float() / 8) / math.log(128 / 8) * 8).long()
    return side + torch.where(far < 8, far, log.clamp(max=15))


class Bert(nn.Module):
    """Encodes word pieces; `extra` is added to the piece embeddings. Gives the outputs of its first `depth` layers."""

    def __init__(self, folder, depth):
        super().__init__()
        from safetensors.torch import load_file
        c = json.load(open(os.path.join(folder, "config.json")))
        w = load_file(os.path.join(folder, "model.safetensors"))
        d = self.size = c["hidden_size"]
        attention, parts = NAMES[c["model_type"]]
        mpnet = c["model_type"] == "mpnet"
        self.first = c["pad_token_id"] + 1 if mpnet else 0  # MPNet counts places from there
        self.words = nn.Embedding(c["vocab_size"], d)
        self.places = nn.Embedding(c["max_position_embeddings"], d)
        self.far = nn.Embedding(32, c["num_attention_heads"]) if mpnet else None
        self.norm = nn.LayerNorm(d, c["layer_norm_eps"])
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(d, c["num_attention_heads"], c["intermediate_size"], c["layer_norm_eps"]) for _ in range(depth))
        e = "embeddings."
        own = {"words.weight": w[e + "word_embeddings.weight"], "places.weight": w[e + "position_embeddings.weight"],
               "norm.weight": w[e + "LayerNorm.weight"], "norm.bias": w[e + "LayerNorm.bias"]}
        if mpnet:
            own["far.weight"] = w["encoder.relative_attention_bias.weight"]
        else:
            own["places.weight"] = own["places.weight"] + w[e + "token_type_embeddings.weight"][0]
        for i in range(len(self.layers)):
            p, o = f"encoder.layer.{i}.", f"layers.{i}."
            for kind in ("weight", "bias"):
                own[o + "qkv." + kind] = torch.cat([w[f"{p}{x}.{kind}"] for x in attention])
                for mine, theirs in parts.items():
                    own[f"{o}{mine}.{kind}"] = w[f"{p}{theirs}.{kind}"]
        self.load_state_dict(own)

    def forward(self, pieces, mask, extra):
        n = pieces.shape[1]
        x = self.drop(self.norm(self.words(pieces) + self.places(torch.arange(n) + self.first) + extra))
        m = torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        if self.far is not None:
            m = m + self.far(buckets(n)).permute(2, 0, 1)[None]
        out = []
        for layer in self.layers:
            x = layer(x, m.to(torch.get_autocast_dtype("cpu")) if torch.is_autocast_enabled("cpu") else m)
            out.append(x)
        return out
