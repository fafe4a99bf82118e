#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the validation sets of the starter data in the layout that `yingxun-cli eval` reads.

usage: prepare.py STARTER_DATA OUTPUT
"""
import gzip
import pathlib
import shutil
import sys


def main():
    data, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    for source, target in (('concepts_valid', 'concepts_valid'), ('clean_valid', 'clean_valid'),
                           ('flickr8kcn_valid', 'flickr_valid')):
        with gzip.open(data / f'{source}_imgs.tsv.gz') as packed, open(out / f'{target}_imgs.tsv', 'wb') as plain:
            shutil.copyfileobj(packed, plain)
    for name in ('concepts_valid_labels.tsv', 'clean_valid_labels.tsv'):
        shutil.copy(data / name, out)
    shutil.copy(data / 'flickr8kcn_valid_texts.jsonl', out / 'flickr_valid_texts.jsonl')


if __name__ == '__main__':
    main()
