#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyTorch needs for the towers that bench_towers measures, eagerly and compiled: its peer on a GPU.

usage: peer_towers.py [--device DEVICE]
Needs PyTorch 2. Weights are random: speed does not depend on them. The towers are written as the reference
writes them (torch.nn.MultiheadAttention, QuickGELU; BERT with separate query, key and value).
"""
import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F

VISION = {'ViT-B/16': (768, 12, 12, 16), 'ViT-H/14': (1280, 32, 16, 14)}  # width, layers, heads, patch
TEXT = {'ViT-B/16': (768, 12, 12), 'ViT-H/14': (1024, 24, 16)}  # hidden, layers, heads
REPEATS = 10
TOKENS = 10


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), QuickGelu(), nn.Linear(4 * width, width))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Vit(nn.Module):
    def __init__(self, width, layers, heads, patch):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.cls = nn.Parameter(torch.zeros(width))
        self.positions = nn.Parameter(torch.zeros((224 // patch) ** 2 + 1, width))
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.proj = nn.Parameter(torch.zeros(width, 512))

    def forward(self, pixels):
        x = self.conv1(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), 1, -1), x], 1) + self.positions
        x = self.blocks(self.ln_pre(x).transpose(0, 1)).transpose(0, 1)
        return self.ln_post(x[:, 0]) @ self.proj


class BertLayer(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)
        self.n1, self.n2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)

    def forward(self, x):
        n, length, hidden = x.shape
        q, k, v = (f(x).view(n, length, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, length, hidden)
        x = self.n1(x + self.o(y))
        return self.n2(x + self.down(F.gelu(self.up(x))))


class Bert(nn.Module):
    def __init__(self, hidden, layers, heads):
        super().__init__()
        self.words, self.positions = nn.Embedding(21128, hidden), nn.Embedding(512, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.layers = nn.Sequential(*(BertLayer(hidden, heads) for _ in range(layers)))
        self.proj = nn.Parameter(torch.zeros(hidden, 512))

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.positions.weight[:ids.shape[1]])
        return self.layers(x)[:, 0] @ self.proj


def fastest(device, work):
    best = 1e9
    for i in range(REPEATS + 1):
        begun = time.perf_counter()
        work()
        if device.startswith('cuda'):
            torch.cuda.synchronize()
        if i:
            best = min(best, time.perf_counter() - begun)
    return best


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--device', default='cuda')
    device = parser.parse_args().device
    kind = {'device': device, 'dtype': torch.bfloat16}
    a, b = torch.rand(8192, 8192, **kind), torch.rand(8192, 8192, **kind)
    print(f'matrix rate {2 * 8192 ** 3 / fastest(device, lambda: F.linear(a, b)) / 1e12:.0f} TFLOP/s')
    for name, shape in VISION.items():
        tower = Vit(*shape).to(**kind).eval()
        text = Bert(*TEXT[name]).to(**kind).eval()
        ids = torch.randint(1, 1000, (1, TOKENS), device=device)
        for way, run, read in (('eager', tower, text),
                               ('compiled', torch.compile(tower), torch.compile(text, mode='reduce-overhead'))):
            for batch in (64, 256):
                pixels = torch.rand(batch, 3, 224, 224, **kind)
                seconds = fastest(device, lambda: run(pixels)) / batch
                print(f'{name} picture, batch {batch}, {way}: {1000 * seconds:.3f} ms', flush=True)
            print(f'{name} query of {TOKENS} tokens, {way}: {1000 * fastest(device, lambda: read(ids)):.2f} ms', flush=True)


if __name__ == '__main__':
    main()
