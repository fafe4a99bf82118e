# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the pictures, the words and what is true of what into the files that train.py reads.

usage: collect.py STARTER_DATA PACKED PHOTOS OUT
PACKED holds what gather.py wrote, and files captions*.jsonl ({"key": "cap:…", "texts": […]}) for pictures whose key begins
with cap:. OUT receives pictures.bin, index.npz, words.json and vocab.txt.
"""
import base64
import collections
import gzip
import json
import pathlib
import re
import struct
import sys

import cv2
import numpy as np
from PIL import Image

from gather import SIDE, average_hash

RECIPE = pathlib.Path(__file__).parent
LENGTH = 52
MOST, MOST_OF_POOR = 220, 60  # Further photographs of a class; POOR are strongly compressed.
POOR = ('fruits40',)
# What a caption need not say of a photograph although it may be there.
UNSAID = ('scene_', 'x_long', 'x_short', 'x_pants', 'x_tshirt', 'x_shoes', 'x_hat', 'x_out', 'x_blaz', 'x_dress', 'x_hood',
          'x_shirt', 'x_blouse', 'x_skirt', 'x_body', 'x_top', 'x_polo', 'x_under', 'x_face', 'x_person', 'x_tree', 'x_road',
          'x_house', 'x_city', 'x_day', 'x_sunny', 'x_interior', 'x_cloudy', 'caltech_Faces')


def rows(path):
    return [line.split('\t') for line in pathlib.Path(path).read_text().split('\n')[:-1]]


def resembles(code, others):
    differing = np.unpackbits((others ^ np.uint64(code)).view(np.uint8).reshape(-1, 8), axis=1).sum(1)
    return differing.min() <= 4


def webp_short_side(data):
    return min(side & 0x3fff for side in struct.unpack('<HH', data[26:30])) if data[12:16] == b'VP8 ' else 0


def decoded(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def squashed(picture):
    """As the program squashes pictures: bicubic, with a kernel as wide as the reduction."""
    small = np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.BICUBIC))
    return cv2.imencode('.webp', small, [cv2.IMWRITE_WEBP_QUALITY, 74])[1].tobytes()


class Tokenizer:
    """BERT's, for texts of ideographs, Latin letters, digits and punctuation."""

    def __init__(self, pieces):
        self.ids = {piece: number for number, piece in enumerate(pieces)}

    def __call__(self, text):
        out = [self.ids['[CLS]']]
        for word in re.findall(r'[\u4e00-\u9fff]|[a-z0-9]+|[^\s]', text.lower()):
            start, pieces = 0, []
            while start < len(word):
                end = len(word)
                while end > start and ('##' * (start > 0) + word[start:end]) not in self.ids:
                    end -= 1
                if end == start:
                    pieces = [self.ids['[UNK]']]
                    break
                pieces.append(self.ids['##' * (start > 0) + word[start:end]])
                start = end
            out += pieces
        return out[:LENGTH - 1] + [self.ids['[SEP]']]


def class_words():
    """key -> (own Chinese, own English, wider Chinese, wider English)."""
    words = {}
    for key, chinese, english in rows(RECIPE / 'class_names.tsv'):
        words[key] = [chinese.split(','), english.split(','), [], []]
    for key, chinese, english, wider in rows(RECIPE / 'further_classes.tsv'):
        words.setdefault(key, [chinese.split(','), english.split(','), wider.split(','), []])
    for chinese, english, keys in rows(RECIPE / 'wider_words.tsv'):
        for key in keys.split(','):
            if key in words:
                words[key][2] += chinese.split(',')
                words[key][3] += english.split(',')
    return {key: [list(dict.fromkeys(w.strip() for w in part if w.strip())) for part in parts]
            for key, parts in words.items()}


def tables(words, captions):
    """-> list of words, share [rows, words] (how often a text drawn for a picture of the row is this word), wrong
    [rows, words] (1 where the word is certainly not true). Rows: the classes, then the captioned photographs."""
    keys = list(words)
    vocabulary = list(dict.fromkeys(w for parts in words.values() for part in parts for w in part))
    number = {word: i for i, word in enumerate(vocabulary)}
    truth = np.zeros((len(keys), len(vocabulary)), bool)
    share = np.zeros((len(keys) + len(captions), len(vocabulary)), np.float32)
    own = np.zeros((len(keys), len(vocabulary)), bool)
    for row, key in enumerate(keys):
        for part, weight in zip(words[key], (0.5, 0.2, 0.22, 0.08)):
            for place, word in enumerate(part):
                first = 2.0 if place == 0 and part is words[key][0] else 1.0
                share[row, number[word]] += weight * first / (len(part) + (part is words[key][0]))
                truth[row, number[word]] = True
        for part in words[key][:2]:
            own[row, [number[w] for w in part]] = True
    share[:len(keys)] /= share[:len(keys)].sum(1, keepdims=True)
    # A word may be true of a picture of c if one of its classes falls under a name of c (a beagle of a dog).
    under = (own.astype(np.int32) @ truth.T.astype(np.int32)) > 0  # [c, d]: d falls under c
    maybe = (under.astype(np.int32) @ truth.astype(np.int32)) > 0
    wrong = np.zeros(share.shape, bool)
    wrong[:len(keys)] = ~(maybe | truth)
    unsaid = np.array([key.startswith(UNSAID) for key in keys])
    silent = truth[unsaid].any(0)
    chinese = [i for i, word in enumerate(vocabulary) if '\u4e00' <= word[0] <= '\u9fff']
    for row, texts in enumerate(captions, len(keys)):
        said = {i: sum(vocabulary[i] in text for text in texts) for i in chinese}
        sure = [i for i, times in said.items() if times >= (3 if len(vocabulary[i]) == 1 else 2)]
        if sure and len(texts) > 1:
            share[row, sure] = 1 / len(sure)
            near = truth[:, sure].any(1)
            wrong[row] = ~(truth[near].any(0) | silent)
            wrong[row, [i for i, times in said.items() if times]] = False
    return keys, vocabulary, share, wrong


def main():
    data, packed, photos, out = map(pathlib.Path, sys.argv[1:5])
    out.mkdir(parents=True, exist_ok=True)
    words = class_words()
    captions = collections.defaultdict(list)  # (split, picture) -> texts
    for split in ('train', 'valid'):
        for line in open(data / f'flickr8kcn_{split}_texts.jsonl'):
            entry = json.loads(line)
            for picture in entry['image_ids']:
                captions[split, str(picture)].append(entry['text'])
    for path in sorted(packed.glob('captions*.jsonl')):
        for line in open(path):
            entry = json.loads(line)
            captions['train', entry['key']] += entry['texts']
    blobs, origin, split_of, row_of = [], [], [], []
    origins, captioned = {}, []
    row_of_key = {key: row for row, key in enumerate(words)}

    def add(blob, where, split, row):
        blobs.append(blob)
        origin.append(origins.setdefault(where, len(origins)))
        split_of.append(split)
        row_of.append(row)

    def starter(name):
        with gzip.open(data / f'{name}_imgs.tsv.gz', 'rt') as lines:
            for line in lines:
                picture, encoded = line.rstrip('\n').split('\t')
                yield picture, base64.urlsafe_b64decode(encoded)

    # Split 0 is for training; 1 to 4 are clean_valid, concepts_valid, the everyday photographs, captions.
    evaluation = []
    for split, name in ((1, 'clean_valid'), (2, 'concepts_valid')):
        labels = dict(rows(data / f'{name}_labels.tsv'))
        for picture, blob in starter(name):
            add(blob if split == 2 else squashed(decoded(blob)), name, split, row_of_key[labels[picture]])
            if split == 1:
                evaluation.append(average_hash(decoded(blob)))
    for path, key, _, _, known in rows(photos / 'labels.tsv')[1:]:
        picture = cv2.imread(str(photos / path), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        evaluation.append(average_hash(picture))
        if known == '1':
            add(squashed(picture), 'everyday', 3, row_of_key[key])
    for split, name in ((4, 'valid'), (0, 'train')):
        for picture, blob in starter(f'flickr8kcn_{name}'):
            captioned.append(captions[name, picture])
            add(squashed(decoded(blob)), 'flickr', split, len(words) + len(captioned) - 1)
            if split:
                evaluation.append(average_hash(decoded(blob)))
    for split in ('concepts', 'clean'):
        labels = dict(rows(data / f'{split}_train_labels.tsv'))
        for picture, blob in starter(f'{split}_train'):
            key = labels[picture]
            if split == 'clean':
                add(squashed(decoded(blob)), 'clean_' + key.split('_')[0].rstrip('0123456789'), 0, row_of_key[key])
            else:
                kind = key.split('_')[0] if '_' in key else str(webp_short_side(blob))
                add(blob, 'concepts_' + kind, 0, row_of_key[key])
    evaluation = np.array(evaluation, np.uint64)
    left_out = collections.Counter()
    held, codes = collections.Counter(), set()
    for path in sorted(packed.glob('*.tsv')):
        if not path.with_suffix('.bin').exists():
            continue
        place, stream = 0, path.with_suffix('.bin').read_bytes()
        for key, length, code, _ in rows(path):
            blob, place = stream[place:place + int(length)], place + int(length)
            mine = key if key.startswith(('x_', 'y_')) else 'starter class'  # Those are rare: all are kept.
            if code in codes:
                left_out['twice'] += 1
            elif held[key] >= MOST and mine == key or held[path.stem, key] >= MOST_OF_POOR and path.stem in POOR:
                left_out['more than enough'] += 1
            elif resembles(int(code, 16), evaluation):
                left_out['like an evaluation picture'] += 1
            elif key.startswith('cap:'):
                if captions['train', key]:
                    captioned.append(captions['train', key])
                    add(blob, 'flickr', 0, len(words) + len(captioned) - 1)
            elif key in row_of_key:
                codes.add(code)
                held.update([key, (path.stem, key)])
                add(blob, 'further', 0, row_of_key[key])
            else:
                left_out[key] += 1
    keys, vocabulary, share, wrong = tables(words, captioned)
    pieces = (RECIPE / '../vocab.txt').read_text().split('\n')[:-1]
    known = set(pieces)
    count = collections.Counter(c for texts in captioned for text in texts for c in text)
    count.update({c: 2 for word in vocabulary for c in word})
    pieces += sorted(c for c in count if '\u4e00' <= c <= '\u9fff' and count[c] >= 2 and c not in known)
    latin = {w for word in vocabulary for w in re.findall('[a-z]{2,}', word.lower())}
    pieces += sorted(latin - known)
    tokens = Tokenizer(pieces)
    (out / 'vocab.txt').write_text('\n'.join(pieces) + '\n')

    def sentences(name):
        return (RECIPE / name).read_text().split('\n')[:-1]

    patterns = [sentences('templates.txt'), sentences('templates_en.txt')]
    json.dump({'keys': keys, 'names': [words[key][0] + words[key][1] for key in keys], 'words': vocabulary,
               'word_tokens': [[tokens(p.format(w)) for p in patterns[not '\u4e00' <= w[0] <= '\u9fff']]
                               for w in vocabulary],
               'plain_tokens': [[tokens(p.format(w)) for p in ('{}', '{}的照片', '一张{}的照片')] for w in vocabulary],
               'caption_tokens': [[tokens(text) for text in texts] for texts in captioned],
               'origins': list(origins)}, open(out / 'words.json', 'w'), ensure_ascii=False)
    np.savez_compressed(out / 'index.npz', length=np.array([len(b) for b in blobs], np.int32),
                        origin=np.array(origin, np.int8), split=np.array(split_of, np.int8),
                        row=np.array(row_of, np.int32), share=share.astype(np.float16), wrong=np.packbits(wrong, axis=1))
    with open(out / 'pictures.bin', 'wb') as target:
        for blob in blobs:
            target.write(blob)
    print(len(blobs), 'pictures', sum(map(len, blobs)), 'bytes;', len(keys), 'classes', len(vocabulary), 'words',
          len(pieces), 'pieces; left out', dict(left_out))
    print('by origin', dict(collections.Counter(list(origins)[o] for o in origin)))
    print('captioned with sure words', int((share[len(keys):].sum(1) > 0).sum()), 'of', len(captioned))


if __name__ == '__main__':
    main()
