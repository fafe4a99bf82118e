#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the starter data into the Chinese-CLIP layout that `yingxun-cli train` reads.

usage: prepare.py STARTER_DATA OUTPUT
STARTER_DATA holds concepts_{train,valid}_imgs.tsv.gz and _labels.tsv, flickr8kcn_{train,valid}_imgs.tsv.gz
and _texts.jsonl. OUTPUT receives concepts, flickr (training), concepts_valid, flickr_valid (scores), the
vocabulary, and init/ with the configuration to train from scratch.
"""
import collections
import gzip
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
SENTENCES = (HERE / 'templates.txt').read_text().split('\n')[:-1]


def class_names():
    rows = (line.split('\t') for line in (HERE / 'class_names.tsv').read_text().split('\n')[:-1])
    return {key: names.split(',') for key, names in rows}


def unpack(source, target):
    with gzip.open(source) as packed, open(target, 'wb') as plain:
        shutil.copyfileobj(packed, plain)


def write_concept_texts(labels, names, target):
    """One text a name and sentence, with all pictures of all classes of that name."""
    pictures = collections.defaultdict(list)
    for line in labels.read_text().split('\n')[:-1]:
        picture, key = line.split('\t')
        pictures[key].append(int(picture))
    keys_of = collections.defaultdict(set)
    for key, own in names.items():
        for name in own:
            keys_of[name].add(key)
    counts = collections.Counter()
    with open(target, 'w') as out:
        number = 0
        for name, keys in keys_of.items():
            ids = sorted(picture for key in keys for picture in pictures[key])
            for sentence in SENTENCES:
                number += 1
                text = sentence.format(name)
                counts.update(dict.fromkeys(text, len(ids) // 12 + 1))
                out.write(json.dumps({'text_id': number, 'text': text, 'image_ids': ids}, ensure_ascii=False) + '\n')
    return counts


def vocabulary(counts):
    """Special pieces, digits, letters, punctuation, and every ideograph that occurs twice or more."""
    letters = '0123456789abcdefghijklmnopqrstuvwxyz'
    pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    for part in ('0123456789', letters[10:]):
        pieces += list(part) + ['##' + c for c in part]
    pieces += list('!"#%&\'()*+,-./:;?@_~') + list('，。！？、：；（）《》·')
    ideographs = [c for c in counts if '\u4e00' <= c <= '\u9fff' and counts[c] >= 2]
    return pieces + sorted(ideographs, key=lambda c: (-counts[c], c))


def main():
    data, out = map(pathlib.Path, sys.argv[1:3])
    (out / 'init').mkdir(parents=True, exist_ok=True)
    for source, target in (('concepts_train', 'concepts'), ('concepts_valid', 'concepts_valid'),
                           ('flickr8kcn_train', 'flickr'), ('flickr8kcn_valid', 'flickr_valid')):
        unpack(data / f'{source}_imgs.tsv.gz', out / f'{target}_imgs.tsv')
    for split, target in (('train', 'flickr'), ('valid', 'flickr_valid')):
        shutil.copy(data / f'flickr8kcn_{split}_texts.jsonl', out / f'{target}_texts.jsonl')
    shutil.copy(data / 'concepts_valid_labels.tsv', out)
    counts = write_concept_texts(data / 'concepts_train_labels.tsv', class_names(), out / 'concepts_texts.jsonl')
    for line in (out / 'flickr_texts.jsonl').read_text().split('\n')[:-1]:
        counts.update(json.loads(line)['text'])
    pieces = vocabulary(counts)
    (out / 'init' / 'vocab.txt').write_text('\n'.join(pieces) + '\n')
    config = json.loads((HERE / 'config.json').read_text())
    config['text_config']['vocab_size'] = len(pieces)
    (out / 'init' / 'config.json').write_text(json.dumps(config, indent=2) + '\n')


if __name__ == '__main__':
    main()
