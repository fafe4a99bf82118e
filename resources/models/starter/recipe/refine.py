#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a settled model better on photographs as they are, on two processors in less than two hours.

usage: refine.py DATA MODEL OUT
DATA is what collect.py wrote, MODEL what settle.py did. Only whole photographs are shown, changed gently, and the batch
normalisations keep their statistics. Three things are learned, each beginning with MODEL:

labels  the losses of train.py, for a few minutes: better on the data sets that are clean, worse on all others;
parts   what an image tower says of a photograph is to be what MODEL says of it and of its parts, on average: training
        showed parts, and people hold the camera farther away;
words   a word that is true of several classes is to lie nearer to what they have in common.

The image tower is MODEL's plus shares of what the first two changed, the text tower likewise of the first; then words.
"""
import json
import math
import pathlib
import shutil
import sys
import time

import cv2
import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

import towers
import train
import views

# Chosen by the scores of the model card, the everyday ones among them.
OF_LABELS, OF_PARTS = 0.3, 0.8
LABELS_SECONDS, PARTS_SECONDS, WORDS_SECONDS = 320, 3900, 420
LABELLED, CAPTIONED, WHOLE_SHARE = 218, 38, 0.7
TAUGHT = 35_392  # Photographs whose parts are looked at.
PARTS = [(0, 0, 128, 1.0), (20, 20, 88, 1.0)] + [(y, x, 104, 0.35) for y in (0, 24) for x in (0, 24)]  # top, left, side, weight
SHARES = {'clean_n': 0.5, 'clean_caltech': 0.5, 'clean_scene': 0.5, 'further': 0.5, 'flickr': 0.12, 'concepts_84': 0.2,
          'concepts_64': 0.14, 'concepts_caltech': 0.02, 'concepts_scene': 0.02}  # Those of one half are one pool.


def load(folder):
    model = towers.ChineseClip(json.load(open(folder / 'config.json'))).eval()
    weights = load_file(folder / 'model.safetensors')
    model.load_state_dict({name: tensor.float() for name, tensor in weights.items()}, strict=False)
    model.visual.to(memory_format=torch.channels_last)
    return model


class Averaged:
    """Trains the parameters of a model whose names begin so, and keeps their moving average."""

    def __init__(self, model, beginning, rate, seconds, decay, keep):
        self.named = {n: p for n, p in model.named_parameters() if n.startswith(beginning)}
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in self.named)
        parameters = self.named.values()
        self.optimizer = torch.optim.AdamW(
            [{'params': [p for p in parameters if p.dim() > 1], 'weight_decay': decay},
             {'params': [p for p in parameters if p.dim() <= 1], 'weight_decay': 0.0}],
            lr=rate, betas=(0.9, 0.98), eps=1e-6)
        self.average = {name: parameter.detach().clone() for name, parameter in self.named.items()}
        self.rate, self.seconds, self.keep, self.step, self.begun = rate, seconds, keep, 0, time.time()

    def goes_on(self):
        done = (time.time() - self.begun) / self.seconds
        for group in self.optimizer.param_groups:
            group['lr'] = self.rate * min(1, (self.step + 1) / 50) * (1 + math.cos(math.pi * min(done, 1))) / 2
        return done < 1

    def learn(self, loss):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.named.values(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        with torch.no_grad():
            keep = min(self.keep, self.step / (self.step + 5))
            for name, parameter in self.named.items():
                self.average[name].lerp_(parameter, 1 - keep)


def embedded(model, x):
    with torch.cpu.amp.autocast(dtype=torch.bfloat16):
        out = [model.visual(part) for part in x.contiguous(memory_format=torch.channels_last).split(64)]
    return F.normalize(torch.cat(out).float(), dim=-1)


def gently(pictures, change, smallest=1.0):
    """pictures: uint8 [N, S, S, 3] -> normalised: mirrored, as light as `change` lets it be, the least share `smallest`."""
    x = pictures.permute(0, 3, 1, 2).float() / 255
    n = len(x)
    area = smallest + (1 - smallest) * torch.rand(n)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = area.sqrt() * torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = area.sqrt()
    theta[:, :, 2] = (1 - area.sqrt())[:, None] * views.uniform((n, 2), -1, 1, x)
    x = F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), mode='bicubic', padding_mode='reflection',
                      align_corners=False).clamp(0, 1)
    brightness, contrast, saturation = (views.uniform(n, 1 - change, 1 + change, x)[:, None, None, None] for _ in range(3))
    grey = (x * x.new_tensor([0.299, 0.587, 0.114])[None, :, None, None]).sum(1, keepdim=True)
    x = grey + saturation * (x - grey)
    mean = grey.mean((2, 3), keepdim=True)
    return views.normalised((brightness * (mean + contrast * (x - mean))).clamp(0, 1))


def labels(model, data):
    weight = torch.bincount(data.row[data.labelled], minlength=data.classes).float()[data.row[data.labelled]] ** -0.4
    learner = Averaged(model, ('visual.', 'text_', 'logit_scale'), 2e-4, 1500, 0.05, 0.99)
    whole = int(LABELLED * WHOLE_SHARE)
    while learner.goes_on() and time.time() - learner.begun < LABELS_SECONDS:
        chosen = torch.cat([data.labelled[torch.multinomial(weight, LABELLED, replacement=True)],
                            data.captioned[torch.randint(len(data.captioned), (CAPTIONED,))]])
        pictures = data.pictures[chosen]
        with torch.no_grad():
            poorer, coarse = views.random_views(pictures[whole:LABELLED], torch.full((LABELLED - whole,), 0.3), chunks=6)
            x = torch.cat([gently(pictures[:whole], 0.2, 0.6), poorer, gently(pictures[LABELLED:], 0.2, 0.8)])
            coarse = torch.cat([torch.zeros(whole, dtype=torch.bool), coarse, torch.zeros(CAPTIONED, dtype=torch.bool)])
            share, wrong = data.share[data.row[chosen]].clone(), data.wrong[data.row[chosen]].clone()
            wrong &= coarse[:, None] | data.words_of_origin[data.origin[chosen]]
            if np.random.rand() < 0.3:
                x[:LABELLED], share[:LABELLED], wrong[:LABELLED] = train.cut(x[:LABELLED], share[:LABELLED], wrong[:LABELLED])
            pick = torch.randint(data.word_tokens.shape[1], (len(data.words),))
            tokens = data.word_tokens[torch.arange(len(pick)), pick]
            tokens = tokens[:, :int((tokens > 0).sum(1).max())]
            rows = data.row[chosen[LABELLED:]] - data.classes
            captions = data.caption_tokens[rows, torch.randint(data.caption_tokens.shape[1], (CAPTIONED,))]
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):
            words, spoken = (model.texts(part).float() for part in (tokens, captions))
        pictures = embedded(model, x)
        scale = model.logit_scale.exp().clamp(max=100)
        learner.learn(train.word_loss(pictures, words, scale, share, wrong) +
                      0.5 * train.caption_loss(pictures[LABELLED:], spoken, scale))
    return learner.average


def taught(data):
    """The photographs for parts(), rare classes more often than their number says."""
    pools = {}
    for origin, share in SHARES.items():
        of_origin = (data.split == 0) & (data.origin == data.origins.index(origin))
        name = 'sharp' if share == 0.5 else origin
        pools[name] = (of_origin | pools[name][0] if name in pools else of_origin, share)
    out = []
    for chosen, share in pools.values():
        rows = data.row[chosen.nonzero()[:, 0]]
        weight = torch.bincount(rows).float()[rows] ** -0.5
        out.append(chosen.nonzero()[:, 0][torch.multinomial(weight, min(len(rows), int(share * TAUGHT)))])
    return torch.cat(out)


@torch.no_grad()
def of_parts(model, pictures):
    def part(top, left, side):
        if side == train.SIDE:
            return pictures
        small = [cv2.resize(p[top:top + side, left:left + side], (train.SIDE, train.SIDE), interpolation=cv2.INTER_CUBIC)
                 for p in pictures.numpy()]
        return torch.from_numpy(np.stack(small))

    sum_of = sum(weight * embedded(model, views.normalised(part(top, left, side).permute(0, 3, 1, 2).float() / 255))
                 for top, left, side, weight in PARTS)
    return F.normalize(sum_of, dim=-1)


def parts(model, data):
    chosen = taught(data)
    targets = torch.cat([of_parts(model, data.pictures[some]) for some in chosen.split(64)])
    learner = Averaged(model, 'visual.', 4e-4, PARTS_SECONDS, 0.02, 0.995)
    order = torch.empty(0, dtype=torch.long)
    while learner.goes_on():
        if len(order) < 64:
            order = torch.randperm(len(chosen))
        some, order = order[:64], order[64:]
        pictures = embedded(model, gently(data.pictures[chosen[some]], 0.15))
        learner.learn((1 - (pictures * targets[some]).sum(1)).mean())
    return learner.average


def words(model, data):
    with torch.no_grad():
        number = {word: i for i, word in enumerate(data.words)}
        plain = torch.cat([model.texts(some) for some in data.plain_tokens.flatten(0, 1).split(1024)])
        plain = plain.view(len(data.words), 3, -1)
        classes = torch.stack([F.normalize(plain[[number[n] for n in names if n in number]].mean((0, 1)), dim=0)
                               for names in data.all_names])
        is_true = data.share[:data.classes] > 0
        common = F.normalize(is_true.float().T @ classes, dim=1) * (is_true.sum(0) >= 2)[:, None]
        longest = max(t.shape[2] for t in (data.word_tokens, data.plain_tokens, data.caption_tokens))
        sentences = torch.cat([F.pad(t.flatten(0, 1), (0, longest - t.shape[2]))
                               for t in (data.word_tokens, data.plain_tokens, data.caption_tokens)])
        of_word = [torch.arange(len(data.words)).repeat_interleave(t.shape[1]) for t in (data.word_tokens, data.plain_tokens)]
        word = torch.cat(of_word + [torch.full((data.caption_tokens.shape[0] * data.caption_tokens.shape[1],), -1)])
        targets = torch.cat([model.texts(some) for some in sentences.split(1024)])
        is_word = word >= 0
        targets[is_word] = F.normalize(targets[is_word] + common[word[is_word]], dim=1)
    moved = torch.zeros(len(word), dtype=torch.bool)
    moved[is_word] = (is_true.sum(0) >= 2)[word[is_word]]
    weight = torch.where(moved, 1 / moved.sum(), 1 / (~moved).sum())
    learner = Averaged(model, 'text_', 3e-4, WORDS_SECONDS, 0.0, 0.99)
    while learner.goes_on():
        some = torch.multinomial(weight, 256)
        tokens = sentences[some]
        texts = model.texts(tokens[:, :int((tokens > 0).sum(1).max())])
        learner.learn((1 - (texts * targets[some]).sum(1)).mean())
    return learner.average


def main():
    folder, first, out = map(pathlib.Path, sys.argv[1:4])
    torch.manual_seed(3)
    np.random.seed(3)
    data = train.Data(folder)
    listed = json.load(open(folder / 'words.json'))
    data.origins, data.all_names = listed['origins'], listed['names']
    by_labels, by_parts = labels(load(first), data), parts(load(first), data)
    model = load(first)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            before = parameter.clone()
            for changed, share in ((by_labels, OF_LABELS), (by_parts, OF_PARTS)):
                if name in changed:
                    parameter += share * (changed[name] - before)
    by_words = words(model, data)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name in by_words:
                parameter.copy_(by_words[name])
    out.mkdir(parents=True, exist_ok=True)
    train.save(model, out)
    for name in ('config.json', 'vocab.txt'):
        shutil.copy(first / name, out)


if __name__ == '__main__':
    main()
