#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the starter data into the Chinese-CLIP layout that `yingxun-cli train` and `eval` read.

usage: prepare.py STARTER_DATA OUTPUT [FURTHER]
STARTER_DATA holds concepts_{train,valid} and clean_{train,valid} (_imgs.tsv.gz, _labels.tsv), and
flickr8kcn_{train,valid} (_imgs.tsv.gz, _texts.jsonl). OUTPUT receives one data set for each origin of the
photographs (the trainer's --degrade needs to know which photographs share one), the validation sets, and
init/ with the vocabulary and the configuration. init/ begins with the pieces of the model of today, so
that grow.py can carry its weights over. FURTHER may hold more photographs (NAME_imgs.tsv, NAME_labels.tsv) of
these classes and of those in further_classes.tsv (key, Chinese names, English names, wider Chinese words); they
become one more data set.
"""
import base64
import collections
import gzip
import json
import pathlib
import re
import shutil
import struct
import sys

HERE = pathlib.Path(__file__).parent
FEW = ['{}', '{}的照片', '一张{}的照片']
TINY, MINI = 64, 84  # Short sides of the two small ImageNet sources, pixels.


def rows(name):
    return [line.split('\t') for line in (HERE / name).read_text().split('\n')[:-1]]


def sentences(language):
    return (HERE / f'templates{language}.txt').read_text().split('\n')[:-1]


def texts_of_classes(further):
    """text -> the keys of all classes that it is true of. A class's own names come in every sentence, wider
    words in a few: about half of the texts drawn for a photograph are its own Chinese names."""
    chinese, english = sentences(''), sentences('_en')
    keys_of = collections.defaultdict(set)

    def say(words, keys, patterns):
        for word in filter(None, words.split(',')):
            for pattern in patterns:
                keys_of[pattern.format(word.strip())].update(keys)

    for key, names, english_names in rows('class_names.tsv'):
        say(names, [key], chinese)
        say(english_names, [key], english)
    for key, names, english_names, wider in further:
        say(names, [key], chinese)
        say(english_names, [key], english)
        say(wider, [key], FEW)
    for words, english_words, keys in rows('wider_words.tsv'):
        say(words, keys.split(','), FEW)
        say(english_words, keys.split(','), ['{}'])
    return keys_of


def webp_short_side(data):
    if data[12:16] == b'VP8 ':
        return min(side & 0x3fff for side in struct.unpack('<HH', data[26:30]))
    return 0


def origin(split, key, encoded):
    if key.startswith('caltech_'):
        return f'{split}_objects'
    if key.startswith('scene_'):
        return f'{split}_scenes'
    if split == 'clean':
        return 'clean_imagenette'
    side = webp_short_side(base64.urlsafe_b64decode(encoded[:64]))
    return {TINY: 'concepts_tiny', MINI: 'concepts_mini'}.get(side, 'concepts_objects')


def write_training_sets(data, out, split, keys_of):
    labels = dict(line.split('\t') for line in (data / f'{split}_train_labels.tsv').read_text().split('\n')[:-1])
    members = collections.defaultdict(lambda: collections.defaultdict(list))  # origin -> key -> picture ids
    files = {}
    with gzip.open(data / f'{split}_train_imgs.tsv.gz', 'rt') as packed:
        for line in packed:
            picture, encoded = line.rstrip('\n').split('\t')
            name = origin(split, labels[picture], encoded)
            if name not in files:
                files[name] = open(out / f'{name}_imgs.tsv', 'w')
            files[name].write(line)
            members[name][labels[picture]].append(int(picture))
    for name, classes in members.items():
        files[name].close()
        write_texts(out / f'{name}_texts.jsonl', classes, keys_of)


def write_texts(path, classes, keys_of):
    """`classes`: key -> picture ids."""
    with open(path, 'w') as target:
        for number, (text, keys) in enumerate(keys_of.items(), 1):
            pictures = sorted(picture for key in keys for picture in classes.get(key, ()))
            if pictures:
                target.write(json.dumps({'text_id': number, 'text': text, 'image_ids': pictures},
                                        ensure_ascii=False) + '\n')


def write_further_set(further, out, keys_of):
    classes = collections.defaultdict(list)
    known = set().union(*keys_of.values())
    with open(out / 'further_imgs.tsv', 'w') as images:
        for number, labels in enumerate(sorted(further.glob('*_labels.tsv'))):
            key_of = dict(line.split('\t') for line in labels.read_text().split('\n')[:-1])
            with open(labels.with_name(labels.name.replace('_labels', '_imgs'))) as source:
                for line in source:
                    picture, encoded = line.split('\t')
                    if key_of.get(picture) in known:
                        own = (number + 1) * 10_000_000 + int(picture) % 10_000_000
                        images.write(f'{own}\t{encoded}')
                        classes[key_of[picture]].append(own)
    write_texts(out / 'further_texts.jsonl', classes, keys_of)


def vocabulary(texts, captions):
    """The pieces of today's model, then new ideographs and whole English words of class names."""
    pieces = (HERE / '../vocab.txt').read_text().split('\n')[:-1]
    known = set(pieces)
    count = collections.Counter(c for text in captions for c in text)
    count.update({c: 2 for text in texts for c in text})
    new = [c for c in count if '\u4e00' <= c <= '\u9fff' and count[c] >= 2 and c not in known]
    words = {word for text in texts for word in re.findall('[a-z]{2,}', text.lower())}
    return pieces + sorted(new) + sorted(words - known)


def main():
    data, out = map(pathlib.Path, sys.argv[1:3])
    (out / 'init').mkdir(parents=True, exist_ok=True)
    further = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    keys_of = texts_of_classes(rows('further_classes.tsv') if further else [])
    for split in ('concepts', 'clean'):
        write_training_sets(data, out, split, keys_of)
    if further:
        write_further_set(further, out, keys_of)
    for source, target in (('concepts_valid', 'concepts_valid'), ('clean_valid', 'clean_valid'),
                           ('flickr8kcn_train', 'flickr'), ('flickr8kcn_valid', 'flickr_valid')):
        with gzip.open(data / f'{source}_imgs.tsv.gz') as packed, open(out / f'{target}_imgs.tsv', 'wb') as plain:
            shutil.copyfileobj(packed, plain)
    for split, target in (('train', 'flickr'), ('valid', 'flickr_valid')):
        shutil.copy(data / f'flickr8kcn_{split}_texts.jsonl', out / f'{target}_texts.jsonl')
    for split in ('concepts', 'clean'):
        shutil.copy(data / f'{split}_valid_labels.tsv', out)
    captions = [json.loads(line)['text'] for line in (out / 'flickr_texts.jsonl').read_text().split('\n')[:-1]]
    pieces = vocabulary(keys_of, captions)
    (out / 'init' / 'vocab.txt').write_text('\n'.join(pieces) + '\n')
    config = json.loads((HERE / 'config.json').read_text())
    config['text_config']['vocab_size'] = len(pieces)
    (out / 'init' / 'config.json').write_text(json.dumps(config, indent=2) + '\n')


if __name__ == '__main__':
    main()
