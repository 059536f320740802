"""How the countries of the world group the digits of their national phone numbers.

Made from the metadata of the library ``phonenumbers``; tests/processor/test_phones.py makes it
again and shows the difference.
"""

from __future__ import annotations

from typing import Final

MADE_FROM: Final = "9.0.43"
"""The release of the library that the table was made from."""

TABLE: Final = """
1 1 3 4:20
1 2 2 2 2:102003f4000000001c00000
1 2 6:c000000000000000000018
1 3 1 2 2:3e00000000000000000000
1 3 2 2:10000000000000000000000
1 3 2 2 2:100
1 3 2 3:10000000000000000000100
1 3 2 4:10000000000000000002000
1 3 3:11c1505c130fc381fe00000
1 3 3 2 2:31900000000000000000000
1 3 3 3:40000
1 3 3 4:18000000000000000000000
1 3 4:7c00000000000000000000000
1 3 4 3:100
1 3 4 4:10000000000000000000000
1 3 5:78
1 4 2 2 2:8100000000000000000000
1 4 4:ff80000000000000000c00000
1 5 1 2 2:8000000000000000000000
1 5 2 3:100000000000000000000
1 6:e80ff77effffc00
1 7:400fffff00050c617400000
2 1 2 2:4
2 1 3 4:40
2 2 1 5:2200000
2 2 2 1:af7fbffc00fffffffffc00000
2 2 2 2:ffffffffffffffffffff301fe
2 2 2 2 2:fe
2 2 2 3:af7fbffc00fffffffffc00000
2 2 2 4:af7fbffc00fffffffffc000a2
2 2 2 5:af7fbffc00fffffffffc00000
2 2 3:40000006
2 2 3 3:40
2 2 3 4:40
2 2 4:3ff00000583fffff2400004
2 3 2 2:efffffffeedd5de1767d7f3be
2 3 3:ffc03fffffffdff91fff003fe
2 3 3 2:104
2 3 3 3:200
2 3 4:ffffffbfff6bf3fcf487e1fff
2 3 5:200
2 3 6:200
2 3 7:2
2 4 3:2
2 4 4:ffbfeaebfe1ebfe6f996ff9fe
2 4 5:44
2 5:ffff0fff0000000001000036e
2 5 4:ffbfeaebfe0ebfe6f996ffa00
2 6:ff80100000000000007e083ee
2 7:3ee
2 8:36e
2 9:2
2 10:2
2 11:2
3 1 3 4:8000
3 1 5:10000000000
3 2 2:ffc01fe000e3bfffffff003fc
3 2 2 2:7f9ffc7bfffcc0100000003fe
3 2 2 3:48
3 2 3:1000000000000000001f0
3 2 3 2:c
3 2 3 3:24
3 2 3 4:8000
3 2 4:100000000902000000106
3 2 4 4:2
3 3 2:80000000000000000003fe
3 3 2 2:3fe
3 3 3:ffd01e3ffdfeff2ffbff003fe
3 3 4:ffffffffffffffffffff003fe
3 3 5:100000000000000000004
3 4:ffffffffffffffffffffffffe
3 4 3:100000000000000000000
3 4 4:1000000000000000fe3fe
3 4 5:100000000000000000000
3 5:10000018c0200007003fe
3 6:1000000000000000003fe
3 7:7060100001000002bc00003fe
3 8:1000000000000000003fe
3 9:10000000000000000015e
3 10:15e
4 1 2 2:100
4 1 3 4:40000
4 1 4:f80000000
4 2 2:100
4 2 2 2:3fe
4 2 3:1e4
4 2 4:403b6
4 2 5:10000
4 3:1000000000000000403fe
4 3 1 2:100
4 3 1 3:100
4 3 2:3fe
4 3 2 2:3c
4 3 3:403fe
4 3 4:40000000000000000000403fe
4 3 5:300
4 3 6:100
4 4:ffffffffffffffffffff723fe
4 4 3:104
4 4 4:1b8
4 4 5:100
4 5:3fe
4 6:1fc403fe
4 7:3fe
4 8:3fe
4 9:3fc
5 1 4:312
5 2:3fc
5 2 2 4:4
5 2 4:c
5 3:3fc
5 3 3:fe
5 4:3fc
5 5:1000000000000000003fe
5 6:3fe
5 7:3fe
5 8:3fc
6 2:8
6 3:8
6 4:8
6 5:3e8
6 6:a
6 7:8
7:107000003ffffc1c00000
8:fffff748000000000000
9:100000000000000000000
"""
"""A line each: the lengths of the groups, and a bit for each first two digits, in hexadecimal."""

_BEGINNINGS: Final = {
    tuple(map(int, lengths.split())): int(bits, 16)
    for lengths, _, bits in (line.partition(":") for line in TABLE.split("\n") if line)
}


def is_national_layout(groups: list[str]) -> bool:
    """Whether some country writes a number that begins like this one in these groups."""
    bits = _BEGINNINGS.get(tuple(map(len, groups)), 0)
    return bool(bits >> int("".join(groups)[:2]) & 1)
