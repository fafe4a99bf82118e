# SPDX-License-Identifier: GPL-3.0-or-later
"""The two towers of Chinese CLIP in PyTorch, with the parameter names of its checkpoints, as core/clip computes them."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.stride = stride
        self.conv1, self.bn1 = nn.Conv2d(inputs, planes, 1, bias=False), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = nn.Conv2d(planes, planes * 4, 1, bias=False), nn.BatchNorm2d(planes * 4)
        nn.init.zeros_(self.bn3.weight)
        self.downsample = None
        if stride > 1 or inputs != planes * 4:
            self.downsample = nn.ModuleDict({'0': nn.Conv2d(inputs, planes * 4, 1, bias=False),
                                             '1': nn.BatchNorm2d(planes * 4)})

    def pooled(self, x):
        return F.avg_pool2d(x, self.stride) if self.stride > 1 else x

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.pooled(F.relu(self.bn2(self.conv2(out))))
        out = self.bn3(self.conv3(out))
        if self.downsample is not None:
            x = self.downsample['1'](self.downsample['0'](self.pooled(x)))
        return F.relu(out + x)


class AttentionPool(nn.Module):
    """Attention whose one query is the mean of the grid."""

    def __init__(self, side, width, heads, dimension):
        super().__init__()
        self.heads = heads
        self.positional_embedding = nn.Parameter(torch.randn(side * side + 1, width) / width ** 0.5)
        self.k_proj, self.q_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, dimension)
        for layer in (self.k_proj, self.q_proj, self.v_proj, self.c_proj):
            nn.init.normal_(layer.weight, std=width ** -0.5)
            nn.init.zeros_(layer.bias)

    def forward(self, grid):
        x = grid.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + self.positional_embedding.to(x.dtype)
        n, length, width = x.shape

        def split(y):
            return y.view(n, -1, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = split(self.q_proj(x[:, :1])), split(self.k_proj(x)), split(self.v_proj(x))
        weights = (q @ k.transpose(2, 3) / math.sqrt(width // self.heads)).softmax(-1)
        return self.c_proj((weights @ v).transpose(1, 2).reshape(n, width))


class ImageTower(nn.Module):
    def __init__(self, vision, dimension):
        super().__init__()
        width = vision['width']
        self.conv1, self.bn1 = nn.Conv2d(3, width // 2, 3, 2, 1, bias=False), nn.BatchNorm2d(width // 2)
        self.conv2, self.bn2 = nn.Conv2d(width // 2, width // 2, 3, 1, 1, bias=False), nn.BatchNorm2d(width // 2)
        self.conv3, self.bn3 = nn.Conv2d(width // 2, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        inputs = width
        for stage, blocks in enumerate(vision['layers']):
            layer = []
            for block in range(blocks):
                layer.append(Bottleneck(inputs, width << stage, 2 if stage and not block else 1))
                inputs = (width << stage) * 4
            setattr(self, f'layer{stage + 1}', nn.Sequential(*layer))
        self.attnpool = AttentionPool(vision['image_size'] // 32, inputs, width * 32 // 64, dimension)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.avg_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.attnpool(x)


class BertLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden, inner = config['hidden_size'], config['intermediate_size']
        self.heads = config['num_attention_heads']
        self.dropout = 0.1
        self.attention = nn.ModuleDict({
            'self': nn.ModuleDict({name: nn.Linear(hidden, hidden) for name in ('query', 'key', 'value')}),
            'output': nn.ModuleDict({'dense': nn.Linear(hidden, hidden), 'LayerNorm': nn.LayerNorm(hidden, eps=1e-12)})})
        self.intermediate = nn.ModuleDict({'dense': nn.Linear(hidden, inner)})
        self.output = nn.ModuleDict({'dense': nn.Linear(inner, hidden), 'LayerNorm': nn.LayerNorm(hidden, eps=1e-12)})

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training)

    def forward(self, x, mask):
        n, length, hidden = x.shape
        own = self.attention['self']
        q, k, v = (own[name](x).view(n, length, self.heads, -1).transpose(1, 2) for name in ('query', 'key', 'value'))
        weights = (q @ k.transpose(2, 3) / math.sqrt(hidden // self.heads) + mask).softmax(-1)
        y = (weights @ v).transpose(1, 2).reshape(n, length, hidden)
        out = self.attention['output']
        x = out['LayerNorm'](x + self.drop(out['dense'](y)))
        y = self.output['dense'](F.gelu(self.intermediate['dense'](x)))
        return self.output['LayerNorm'](x + self.drop(y))


class TextTower(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden = config['hidden_size']
        self.embeddings = nn.ModuleDict({
            'word_embeddings': nn.Embedding(config['vocab_size'], hidden),
            'position_embeddings': nn.Embedding(config['max_position_embeddings'], hidden),
            'token_type_embeddings': nn.Embedding(config['type_vocab_size'], hidden),
            'LayerNorm': nn.LayerNorm(hidden, eps=1e-12)})
        self.encoder = nn.ModuleDict({'layer': nn.ModuleList(BertLayer(config) for _ in range(config['num_hidden_layers']))})
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def forward(self, tokens):
        own = self.embeddings
        x = own['word_embeddings'](tokens) + own['position_embeddings'].weight[:tokens.shape[1]]
        x = F.dropout(own['LayerNorm'](x + own['token_type_embeddings'].weight[0]), 0.1, self.training)
        mask = ((tokens == 0) * -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.encoder['layer']:
            x = layer(x, mask)
        return x[:, 0]


class ChineseClip(nn.Module):
    def __init__(self, config):
        super().__init__()
        dimension, hidden = config['projection_dim'], config['text_config']['hidden_size']
        self.visual = ImageTower(config['vision_config'], dimension)
        self.text_model = TextTower(config['text_config'])
        self.text_projection = nn.Linear(hidden, dimension, bias=False)
        nn.init.normal_(self.text_projection.weight, std=hidden ** -0.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def images(self, pixels):
        return F.normalize(self.visual(pixels).float(), dim=-1)

    def texts(self, tokens):
        return F.normalize(self.text_projection(self.text_model(tokens)).float(), dim=-1)
