#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes photographs of a repository into PACKED, as small squares, for collect.py.

usage: gather.py PACKED NAME GIT_DIRECTORY LIST [MOST]
LIST holds lines of a path in the repository's HEAD, a tab, and a class key; of a class at most MOST are taken (400).
Writes PACKED/NAME.bin (WebP files, one after another) and NAME.tsv (key, length, average hash, path). Left out are files
that cannot be read, short sides under 90 pixels, very long pictures, flat ones, and duplicates.
"""
import collections
import pathlib
import random
import subprocess
import sys

import cv2
import numpy as np

SIDE, SMALLEST, LARGEST_FILE = 128, 90, 30_000_000


def average_hash(picture):
    small = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (8, 8), interpolation=cv2.INTER_AREA)
    return int(''.join('1' if x else '0' for x in (small > small.mean()).ravel()), 2)


def squashed(picture):
    while min(picture.shape[:2]) >= 4 * SIDE:
        picture = cv2.resize(picture, (picture.shape[1] // 2, picture.shape[0] // 2), interpolation=cv2.INTER_AREA)
    way = cv2.INTER_AREA if min(picture.shape[:2]) > SIDE else cv2.INTER_CUBIC
    return cv2.imencode('.webp', cv2.resize(picture, (SIDE, SIDE), interpolation=way),
                        [cv2.IMWRITE_WEBP_QUALITY, 72])[1].tobytes()


class Repository:
    def __init__(self, directory):
        self.git = subprocess.Popen(['git', '--git-dir', directory, 'cat-file', '--batch'],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def file(self, path):
        self.git.stdin.write(f'HEAD:{path}\n'.encode())
        self.git.stdin.flush()
        head = self.git.stdout.readline().split()
        if len(head) < 3 or head[1] != b'blob':
            return b''
        data = self.git.stdout.read(int(head[2]))
        self.git.stdout.read(1)
        return data if len(data) < LARGEST_FILE else b''


def usable(picture):
    if picture is None:
        return False
    sides = picture.shape[:2]
    return min(sides) >= SMALLEST and max(sides) <= 4 * min(sides) and picture.std() >= 8


def main():
    packed, name, directory, listing = sys.argv[1:5]
    most = int(sys.argv[5]) if len(sys.argv) > 5 else 400
    entries = [line.split('\t')[:2] for line in pathlib.Path(listing).read_text().split('\n') if '\t' in line]
    random.Random(1).shuffle(entries)
    repository, count, seen = Repository(directory), collections.Counter(), set()
    target = pathlib.Path(packed) / name
    with open(target.with_suffix('.bin'), 'wb') as pictures, open(target.with_suffix('.tsv'), 'w') as table:
        for path, key in entries:
            data = repository.file(path) if count[key] < most else b''
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
            if not usable(picture) or average_hash(picture) in seen:
                continue
            code = average_hash(picture)
            seen.add(code)
            small = squashed(picture)
            pictures.write(small)
            table.write(f'{key}\t{len(small)}\t{code:016x}\t{path}\n')
            count[key] += 1
    print(name, sum(count.values()), 'photographs of', len(count), 'classes')


if __name__ == '__main__':
    main()
