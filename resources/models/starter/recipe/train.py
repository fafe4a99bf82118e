# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the starter model on one GPU for a given time, from what collect.py wrote.

usage: train.py DATA CONFIG OUT SECONDS [BATCH [FIRST]]
FIRST is a model.safetensors to begin with.
OUT receives model.safetensors (fp16, the averaged weights), config.json and log.txt, anew at every evaluation.

The loss of a class photograph is that of its words against all words that are not true of it, and of each word against
the photographs of the batch that it is not true of; a photograph that keeps more detail than every data set has is
compared only with words of its own data set, because its sharpness tells where it is from. Captioned photographs are
compared with each other's captions (CLIP's loss), and with the words that their captions surely say.
"""
import concurrent.futures
import json
import math
import pathlib
import sys
import time

import cv2
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

import towers
import views

SIDE = 128
PEAK_RATE, FLOOR_RATE, WARMUP, DECAY = 1.3e-3, 1e-5, 100, 0.08
AVERAGED = 0.999
CAPTIONED_SHARE = 0.2
CUT = 0.9  # Share of the batches in which half of the labelled pictures are cut.
SMALLEST_PIECE = 24  # Pixels a side; less says nothing, and the GPU's antialiasing cannot make it.
DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'
CUDA = DEVICE == 'cuda'


def decoded(part):
    """part: one stream of pictures and their lengths -> uint8 [pictures, SIDE, SIDE, 3]"""
    cv2.setNumThreads(1)
    stream, lengths = part
    out, place = np.empty((len(lengths), SIDE, SIDE, 3), np.uint8), 0
    for i, length in enumerate(lengths):
        picture = cv2.imdecode(np.frombuffer(stream[place:place + length], np.uint8), cv2.IMREAD_COLOR)
        place += length
        if picture.shape[:2] != (SIDE, SIDE):
            picture = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        out[i] = picture[:, :, ::-1]
    return out


def decode(stream, lengths):
    ends = np.concatenate([[0], np.cumsum(lengths.astype(np.int64))])
    size = 2048
    parts = [(stream[ends[i]:ends[min(i + size, len(lengths))]], lengths[i:i + size]) for i in range(0, len(lengths), size)]
    with concurrent.futures.ProcessPoolExecutor(16) as pool:
        return np.concatenate(list(pool.map(decoded, parts)))


def padded(lists):
    out = torch.zeros(len(lists), max(map(len, lists)), dtype=torch.long)
    for row, tokens in enumerate(lists):
        out[row, :len(tokens)] = torch.tensor(tokens)
    return out


class Data:
    def __init__(self, folder):
        index = dict(np.load(folder / 'index.npz'))
        words = json.load(open(folder / 'words.json'))
        self.pictures = torch.from_numpy(decode((folder / 'pictures.bin').read_bytes(), index['length'])).to(DEVICE)
        self.split, self.origin, self.row = (torch.from_numpy(index[n].astype(np.int64)) for n in ('split', 'origin', 'row'))
        self.share = torch.from_numpy(index['share'].astype(np.float32)).to(DEVICE)
        self.wrong = torch.from_numpy(np.unpackbits(index['wrong'], axis=1)[:, :self.share.shape[1]].astype(bool)).to(DEVICE)
        self.classes = len(words['keys'])
        # The scores are those of the starter data's own classes.
        own = sum(not key.startswith(('x_', 'y_')) for key in words['keys'])
        self.names, self.words = words['names'][:own], words['words']
        # [words, patterns, length]: every word in every sentence; the shorter list of patterns is repeated.
        most = max(map(len, words['word_tokens']))
        flat = padded([w[p % len(w)] for w in words['word_tokens'] for p in range(most)])
        self.word_tokens = flat.view(len(self.words), most, -1).to(DEVICE)
        self.plain_tokens = padded([t for w in words['plain_tokens'] for t in w]).view(len(self.words), 3, -1).to(DEVICE)
        most = max(map(len, words['caption_tokens']))
        flat = padded([w[p % len(w)] for w in words['caption_tokens'] for p in range(most)])
        self.caption_tokens = flat.view(len(words['caption_tokens']), most, -1).to(DEVICE)
        # A word belongs to the origins that hold a picture of it.
        origins = int(self.origin.max()) + 1
        train = self.split == 0
        of_row = torch.zeros(origins, len(self.share))
        of_row[self.origin[train], self.row[train]] = 1
        self.words_of_origin = (of_row.to(DEVICE) @ (self.share > 0).float()) > 0
        labelled = train & (self.row < self.classes)
        self.labelled = labelled.nonzero()[:, 0].to(DEVICE)
        size = torch.bincount(self.row[self.labelled.cpu()], minlength=self.classes).float()
        self.weight = (size[self.row[self.labelled.cpu()]] ** -0.4).to(DEVICE)
        self.captioned = (train & (self.row >= self.classes)).nonzero()[:, 0].to(DEVICE)
        self.split, self.origin, self.row = self.split.to(DEVICE), self.origin.to(DEVICE), self.row.to(DEVICE)


def cut(x, share, wrong):
    """Half of x, in four parts: a rectangle comes from another picture, or is another picture (CutMix, ResizeMix)."""
    size = len(x) // 8
    for part in range(4):
        here = slice(part * size, (part + 1) * size)
        other = torch.randperm(size, device=x.device) + part * size
        kept = float(np.random.beta(1, 1))
        side = int(SIDE * math.sqrt(1 - kept))
        if side < SMALLEST_PIECE:
            continue
        left, top = np.random.randint(0, SIDE - side + 1, 2)
        if part % 2:
            piece = x[other, :, top:top + side, left:left + side].clone()
        else:
            piece = F.interpolate(x[other], (side, side), mode='bilinear', antialias=True, align_corners=False)
        x[here, :, top:top + side, left:left + side] = piece
        kept = 1 - side * side / SIDE ** 2
        share[here] = kept * share[here] + (1 - kept) * share[other]
        wrong[here] = wrong[here] & wrong[other]
    return x, share, wrong


def word_loss(pictures, words, scale, share, wrong):
    """Both directions. share, wrong: [pictures, words]."""
    scores = scale * pictures @ words.T
    rivals = scores.masked_fill(~wrong, -1e4)
    to_words = (share * F.softplus(rivals.logsumexp(1, keepdim=True) - scores)).sum()
    to_pictures = (share * F.softplus(rivals.logsumexp(0, keepdim=True) - scores)).sum()
    return (to_words + to_pictures) / (2 * share.sum())


def caption_loss(pictures, captions, scale):
    scores = scale * pictures @ captions.T
    same = torch.arange(len(scores), device=scores.device)
    return (F.cross_entropy(scores, same, label_smoothing=0.05) + F.cross_entropy(scores.T, same, label_smoothing=0.05)) / 2


@torch.no_grad()
def embedded(model, data, chosen):
    out = []
    for part in chosen.split(1024):
        x = views.normalised(data.pictures[part].permute(0, 3, 1, 2).float() / 255)
        out.append(model.images(x.contiguous(memory_format=torch.channels_last)))
    return torch.cat(out)


@torch.no_grad()
def evaluated(model, data):
    model.eval()
    flat = data.plain_tokens.flatten(0, 1)
    texts = torch.cat([model.texts(part) for part in flat.split(2048)]).view(len(data.words), 3, -1)
    number = {word: i for i, word in enumerate(data.words)}
    classes = torch.stack([F.normalize(texts[[number[n] for n in names]].mean((0, 1)), dim=0) for names in data.names])
    first = {names[0]: i for i, names in reversed(list(enumerate(data.names)))}
    same = torch.tensor([first[names[0]] for names in data.names], device=DEVICE)
    scores = {}
    for split, name in ((1, 'clean'), (2, 'concepts'), (3, 'everyday')):
        chosen = (data.split == split).nonzero()[:, 0]
        best = (embedded(model, data, chosen) @ classes.T).topk(5).indices
        hit = same[best] == same[data.row[chosen]][:, None]
        scores[name] = [round(100 * hit[:, :k].any(1).float().mean().item(), 1) for k in (1, 5)]
    chosen = (data.split == 4).nonzero()[:, 0]
    pictures = embedded(model, data, chosen)
    tokens = data.caption_tokens[data.row[chosen] - data.classes][:, :5].flatten(0, 1)
    captions = torch.cat([model.texts(part) for part in tokens.split(1024)])
    own = torch.arange(len(pictures), device=DEVICE).repeat_interleave(5)
    ranked = (captions @ pictures.T).topk(10).indices
    scores['captions R@10'] = round(100 * (ranked == own[:, None]).any(1).float().mean().item(), 1)
    model.train()
    return scores


def save(model, out):
    tensors = {name: tensor.detach().half().contiguous().cpu() for name, tensor in model.state_dict().items()
               if 'num_batches' not in name}
    save_file(tensors, str(out / 'model.part'), metadata={'format': 'pt'})
    (out / 'model.part').rename(out / 'model.safetensors')


def main():
    folder, config_path, out, seconds = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), float(sys.argv[4])
    batch = int(sys.argv[5]) if len(sys.argv) > 5 else 2048
    first = sys.argv[6] if len(sys.argv) > 6 else None
    out.mkdir(parents=True, exist_ok=True)
    log = open(out / 'log.txt', 'w', buffering=1)
    started = time.time()
    torch.manual_seed(1)
    np.random.seed(1)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    config = json.load(open(config_path))
    config['vision_config']['image_size'] = SIDE
    config['text_config']['vocab_size'] = len((folder / 'vocab.txt').read_text().split('\n')) - 1
    data = Data(folder)
    model = towers.ChineseClip(config).to(DEVICE).to(memory_format=torch.channels_last)
    if first:
        model.load_state_dict(load_file(first), strict=False)
    average = towers.ChineseClip(config).to(DEVICE).to(memory_format=torch.channels_last)
    average.load_state_dict(model.state_dict())
    print(f'{time.time() - started:.0f} s: {len(data.labelled)} labelled, {len(data.captioned)} captioned,',
          sum(p.numel() for p in model.parameters()), 'parameters', file=log)
    tower = torch.compile(model.visual) if CUDA else model.visual
    whole = [p for p in model.parameters() if p.dim() > 1]
    other = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{'params': whole, 'weight_decay': DECAY}, {'params': other, 'weight_decay': 0.0}],
                                  lr=PEAK_RATE, betas=(0.9, 0.98), eps=1e-6)
    captioned = int(batch * CAPTIONED_SHARE)
    labelled = batch - captioned
    step, next_report, begun = 0, time.time() + 45, time.time()
    while time.time() - begun < seconds:
        share_done = (time.time() - begun) / seconds
        rate = FLOOR_RATE + (PEAK_RATE - FLOOR_RATE) * (1 + math.cos(math.pi * share_done)) / 2
        for group in optimizer.param_groups:
            group['lr'] = rate * min(1, (step + 1) / WARMUP)
        chosen = data.labelled[torch.multinomial(data.weight, labelled, replacement=True)]
        talked = data.captioned[torch.randint(len(data.captioned), (captioned,), device=DEVICE)]
        # Mixed, so that no part of one resolution is of one kind.
        both = torch.cat([chosen, talked])[torch.randperm(batch, device=DEVICE)]
        is_talked = data.row[both] >= data.classes
        smallest = torch.where(is_talked, 0.5, 0.3)
        with torch.no_grad():
            x, coarse = views.random_views(data.pictures[both], smallest)
            share, wrong = data.share[data.row[both]], data.wrong[data.row[both]]
            wrong &= coarse[:, None] | data.words_of_origin[data.origin[both]]
            order = torch.argsort(is_talked.int(), stable=True)  # Labelled ones first: only they are cut.
            x, share, wrong, both = x[order], share[order].clone(), wrong[order], both[order]
            count = int(batch - is_talked.sum())
            if np.random.rand() < CUT:
                x[:count], share[:count], wrong[:count] = cut(x[:count], share[:count], wrong[:count])
            pick = torch.randint(data.word_tokens.shape[1], (len(data.words),), device=DEVICE)
            word_tokens = data.word_tokens[torch.arange(len(pick), device=DEVICE), pick]
            word_tokens = word_tokens[:, :int((word_tokens > 0).sum(1).max())]
            rows = data.row[both[count:]] - data.classes
            caption_tokens = data.caption_tokens[rows, torch.randint(data.caption_tokens.shape[1], (len(rows),), device=DEVICE)]
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=CUDA):
            pictures = tower(x.contiguous(memory_format=torch.channels_last))
            words, captions = model.texts(word_tokens), model.texts(caption_tokens)
        pictures = F.normalize(pictures.float(), dim=-1)
        scale = model.logit_scale.exp().clamp(max=100)
        labels = word_loss(pictures, words, scale, share, wrong)
        spoken = caption_loss(pictures[count:], captions, scale)
        (labels + 0.5 * spoken).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        with torch.no_grad():
            keep = min(AVERAGED, step / (step + 10))
            mine, theirs = list(average.state_dict().values()), list(model.state_dict().values())
            floats = [(a, b) for a, b in zip(mine, theirs) if a.is_floating_point()]
            torch._foreach_lerp_([a for a, _ in floats], [b for _, b in floats], 1 - keep)
        if time.time() > next_report or time.time() - begun >= seconds:
            next_report = time.time() + 45
            print(f'{time.time() - started:.0f} s, step {step}, {step * batch / (time.time() - begun):.0f}/s, rate {rate:.5f}, '
                  f'words {labels.item():.3f}, captions {spoken.item():.3f}, scale {scale.item():.1f}, '
                  f'{evaluated(average, data)}', file=log)
            save(average, out)
            (out / 'config.json').write_text(json.dumps(config, indent=2) + '\n')


if __name__ == '__main__':
    main()
