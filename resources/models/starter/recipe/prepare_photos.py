#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts labelled photographs into the layout that `yingxun-cli eval zeroshot` reads, as the files that they are.

usage: prepare_photos.py LABELS OUT_PREFIX
LABELS is a file of file name (from its own directory), class key, Chinese, English, and 1 where the class was trained
on; the first line is a heading. OUT_PREFIX_imgs.tsv and OUT_PREFIX_labels.tsv receive those with 1.
"""
import base64
import pathlib
import sys


def main():
    labels, prefix = pathlib.Path(sys.argv[1]), sys.argv[2]
    with open(f'{prefix}_imgs.tsv', 'w') as images, open(f'{prefix}_labels.tsv', 'w') as keys:
        for number, line in enumerate(labels.read_text().split('\n')[1:-1], 1):
            name, key, _, _, trained = line.split('\t')
            if trained == '1':
                images.write(f'{number}\t{base64.b64encode((labels.parent / name).read_bytes()).decode()}\n')
                keys.write(f'{number}\t{key}\n')


if __name__ == '__main__':
    main()
