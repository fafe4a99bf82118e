#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a model from the views it was trained on to photographs as they are.

usage: settle.py STARTER_DATA DATA MODEL OUT
DATA is what collect.py wrote. The batch normalisations take their statistics anew from training photographs that lost no
detail; those of the training are of degraded and cut ones. Then part of what all texts' embeddings have in common, and
all pictures', is taken away, through two biases: such a direction ranks pictures alike whatever the query says.
"""
import base64
import gzip
import io
import json
import pathlib
import shutil
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

import towers
import train
import views

# Chosen by the scores of the model card, the everyday ones among them.
OF_TEXTS, OF_PICTURES = 0.6, 0.6
SOURCES = (('clean_train_imgs.tsv.gz', 1200), ('flickr8kcn_train_imgs.tsv.gz', 800))
BATCH, OF_MEAN = 256, 1024


def photographs(data, random):
    out = []
    for name, count in SOURCES:
        with gzip.open(data / name, 'rt') as lines:
            lines = lines.readlines()
        for i in random.choice(len(lines), count, replace=False):
            picture = Image.open(io.BytesIO(base64.urlsafe_b64decode(lines[i].split('\t')[1]))).convert('RGB')
            out.append(np.asarray(picture.resize((train.SIDE, train.SIDE), Image.BICUBIC)))
    pixels = torch.from_numpy(np.stack(out)[random.permutation(len(out))])
    return views.normalised(pixels.permute(0, 3, 1, 2).float() / 255)


def common(features):
    """-> the mean of the normalised rows, times the mean length of a row."""
    lengths = features.norm(dim=1, keepdim=True)
    return lengths.mean() * (features / lengths).mean(0)


@torch.no_grad()
def main():
    data, folder, first, out = map(pathlib.Path, sys.argv[1:5])
    model = towers.ChineseClip(json.load(open(first / 'config.json'))).eval()
    weights = load_file(first / 'model.safetensors')
    model.load_state_dict({name: tensor.float() for name, tensor in weights.items()}, strict=False)
    pictures = photographs(data, np.random.RandomState(0))

    norms = [module for module in model.visual.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # The mean over all batches.
        norm.train()
    for part in pictures.split(BATCH):
        if len(part) == BATCH:
            model.visual(part)
    model.eval()

    tokens = train.padded([sentences[0] for sentences in json.load(open(folder / 'words.json'))['plain_tokens']])
    texts = torch.cat([model.text_projection(model.text_model(part)) for part in tokens.split(BATCH)])
    shift = -OF_TEXTS * common(texts)
    last = model.text_model.encoder['layer'][-1].output['LayerNorm']
    last.bias += torch.linalg.lstsq(model.text_projection.weight, shift[:, None]).solution[:, 0]
    features = torch.cat([model.visual(part) for part in pictures[:OF_MEAN].split(BATCH)])
    model.visual.attnpool.c_proj.bias -= OF_PICTURES * common(features)

    out.mkdir(parents=True, exist_ok=True)
    train.save(model, out)
    shutil.copy(first / 'config.json', out)
    shutil.copy(folder / 'vocab.txt', out)


if __name__ == '__main__':
    main()
