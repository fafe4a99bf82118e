#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries a model's weights over to a vocabulary that begins with its own and has more pieces.

usage: grow.py MODEL VOCABULARY OUTPUT
OUTPUT receives MODEL's weights with a small random row (normal, deviation 0.02, as BERT begins) for each new piece.
"""
import json
import pathlib
import random
import shutil
import struct
import sys

EMBEDDING = 'embeddings.word_embeddings.weight'


def main():
    model, vocabulary, out = map(pathlib.Path, sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    old = (model / 'vocab.txt').read_text().split('\n')[:-1]
    new = vocabulary.read_text().split('\n')[:-1]
    if new[:len(old)] != old:
        sys.exit(f'{vocabulary} does not begin with the pieces of {model}')
    blob = (model / 'model.safetensors').read_bytes()
    length = struct.unpack('<Q', blob[:8])[0]
    header, data = json.loads(blob[8:8 + length]), blob[8 + length:]
    chunks, offset = [], 0
    numbers = random.Random(1)
    for name, tensor in header.items():
        if name == '__metadata__':
            continue
        chunk = data[slice(*tensor['data_offsets'])]
        if name.endswith(EMBEDDING):
            width = tensor['shape'][1]
            letter = {'F16': 'e', 'F32': 'f'}[tensor['dtype']]
            extra = [numbers.gauss(0, 0.02) for _ in range((len(new) - len(old)) * width)]
            chunk += struct.pack(f'<{len(extra)}{letter}', *extra)
            tensor['shape'][0] = len(new)
        tensor['data_offsets'] = [offset, offset + len(chunk)]
        offset += len(chunk)
        chunks.append(chunk)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    (out / 'model.safetensors').write_bytes(struct.pack('<Q', len(text)) + text + b''.join(chunks))
    config = json.loads((model / 'config.json').read_text())
    config['text_config']['vocab_size'] = len(new)
    (out / 'config.json').write_text(json.dumps(config, indent=2) + '\n')
    shutil.copy(vocabulary, out / 'vocab.txt')


if __name__ == '__main__':
    main()
