#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes unicode_tables.cpp from Python's own Unicode data, whose behaviour the reference tokenizer has.

usage: make_unicode_tables.py > unicode_tables.cpp   (Python 3.11: Unicode 14.0)
"""
import sys
import unicodedata

SURROGATES = range(0xD800, 0xE000)
CJK = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
       (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]


def character_class(c):
    ch, category = chr(c), unicodedata.category(chr(c))
    if c in (0, 0xFFFD) or (category in ('Cc', 'Cf') and ch not in '\t\n\r'):
        return 'Drop'
    if ch in ' \t\n\r' or category == 'Zs':
        return 'Space'
    if category in ('Zl', 'Zp'):
        return 'Space'  # Kept by the reference's cleaning, but its split breaks there all the same.
    if any(low <= c <= high for low, high in CJK):
        return 'Cjk'
    if 33 <= c <= 47 or 58 <= c <= 64 or 91 <= c <= 96 or 123 <= c <= 126 or category.startswith('P'):
        return 'Punctuation'
    return 'Other'


def casing(c):
    """How str.lower() sees a character next to a capital sigma."""
    if c == 0x3A3:
        return 'Cased'
    if (chr(c) + '\u03a3').lower().endswith('\u03c2'):
        return 'Cased'
    return 'Ignorable' if ('A' + chr(c) + '\u03a3').lower().endswith('\u03c2') else 'Uncased'


def runs(function, names):
    previous, out = None, []
    for c in range(0x110000):
        value = 'Other' if c in SURROGATES and 'Other' in names else 'Uncased' if c in SURROGATES else function(c)
        if value != previous:
            out.append((c, names.index(value)))
            previous = value
    return out


def stripped(text):
    return ''.join(ch for ch in unicodedata.normalize('NFD', text) if unicodedata.category(ch) != 'Mn')


def mapping(function):
    table = {}
    for c in range(0x110000):
        if c in SURROGATES or 0xAC00 <= c <= 0xD7A3:  # Hangul syllables decompose by rule.
            continue
        result = function(chr(c))
        if result != chr(c):
            table[c] = result
    return table


def write_array(kind, name, cells):
    print(f'\nconst {kind} {name}[] = {{')
    line = '   '
    for cell in cells:
        if len(line) + len(cell) > 108:
            print(line)
            line = '   '
        line += ' ' + cell
    print(line + '\n};')
    print(f'const std::size_t {name}Size = std::size({name});')


def write_mapping(name, table):
    pool, cells = [], []
    for c, result in sorted(table.items()):
        cells.append(f'{{{c:#x},{len(pool)},{len(result)}}},')
        pool.extend(f'{ord(ch):#x},' for ch in result)
    write_array('Mapping', name, cells)
    write_array('char32_t', name + 'Pool', pool)


print('// SPDX-License-Identifier: GPL-3.0-or-later')
print(f'// Made by make_unicode_tables.py from Unicode {unicodedata.unidata_version}; do not edit.')
print('// clang-format off')
print('#include "core/clip/detail/unicode_tables.h"\n\n#include <iterator>\n\nnamespace yingxun::clip::detail {')
classes = ['Other', 'Drop', 'Space', 'Cjk', 'Punctuation']
write_array('Run', 'kClassRuns', [f'{{{c:#x},{v}}},' for c, v in runs(character_class, classes)])
write_array('Run', 'kCasingRuns', [f'{{{c:#x},{v}}},' for c, v in runs(casing, ['Uncased', 'Cased', 'Ignorable'])])
write_mapping('kLower', mapping(str.lower))
write_mapping('kStripped', mapping(stripped))
print('\n} // namespace yingxun::clip::detail')
sys.stdout.flush()
