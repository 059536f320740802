"""Finds of e-mail addresses, messenger ids, and network and crypto addresses."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.phones import canonical_phone
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

# What no domain follows is not looked at: hostile text is full of it.
_AT: Final = re.compile(r"@(?=[\w\-]{1,63}+\.[\w\-]|\[|(?i:lid|broadcast))")
_LOCAL_REVERSED: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]{1,64}+")
_QUOTED_REVERSED: Final = re.compile(r"\"[^\"\n]{1,62}\"")
_DOMAIN: Final = re.compile(r"[\w\-]{1,63}+(?:\.[\w\-]{1,63}+){1,8}+")
_LITERAL_DOMAIN: Final = re.compile(r"\[[0-9a-fA-F:.]{3,45}\]")
_TOP_LEVEL: Final = re.compile(r"[^\W\d_]{2,24}|xn--[\w\-]{2,59}")
# The ends of file names that stand where a top-level domain would: ``icon@2x.png``.
_FILE_ENDINGS: Final = frozenset(
    ("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "tsx", "json", "yaml", "yml")
)
_NAMED_JID: Final = re.compile(r"([0-9]{5,18})(?:[:.\-][0-9]{1,18})?\Z")
_JID_DOMAINS: Final = frozenset({"s.whatsapp.net", "c.us", "lid", "g.us", "broadcast"})
_SHORT_JID: Final = re.compile(r"(?:s\.whatsapp\.net|c\.us|g\.us|lid|broadcast)\b")
_SPELLED_AT: Final = re.compile(
    r"([\w.+\-]{1,64}+)(?: ?[(\[{<] ?at ?[)\]}>] ?| at | arroba )"
    r"([\w\-]{1,63}+(?:(?: ?[(\[{<] ?dot ?[)\]}>] ?| dot | punto |\.)[\w\-]{1,63}+){1,4})"
)
_AT_IN_BRACKETS: Final = re.compile(r"[(\[{<] ?at ?[)\]}>]")
_SPELLED_DOT: Final = re.compile(r" ?[(\[{<] ?dot ?[)\]}>] ?| dot | punto ")
_SPELLED_WORDS: Final = frozenset(("dot", "punto", "arroba"))

# The first element is a plain class, so that the search skips all other characters at C speed;
# what stands before it is looked at afterwards.
_IPV4: Final = re.compile(r"[0-9](?<![\w.][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
# A search for one character is the fastest there is.
_TWO_DOTS: Final = re.compile(r"\.(?<=[0-9]\.)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]")
_VERSION_AFTER: Final = re.compile(
    r"[ -]?(?:release|version|build|section|update|patch|firmware|sdk|kernel|chapter)(?![^\W_])"
)
_VERSION_WORDS: Final = re.compile(
    r"(?:version|versions|ver|release|build|driver|firmware|chrome|chromium|safari|edge|opera"
    r"|v|rev|sdk|kernel|section|chapter|clause|==|>=|<=|~=)[ :=.\"]{0,3}\Z"
)
_PRODUCT_SLASH: Final = re.compile(r"[a-z]/\Z")
# Cheap, and JSON has none: only times of day have it as well.
_TWO_COLONS: Final = re.compile(r":(?=[0-9a-f]{0,4}:)")
_IPV6: Final = re.compile(
    r"(?:[0-9a-f](?<![\w:.][0-9a-f])|:(?<![0-9a-f:.]:))(?:[0-9a-f]{0,4}:){1,7}+[0-9a-f.]{0,15}+(?![\w:])"
)
# The separator is what the search looks for: two hexadecimal digits are part of most words. One
# character is found faster than one of two.
_MACS: Final = tuple(
    re.compile(
        rf"{separator}(?<=[0-9a-f]{{2}}[:\-])(?<!\w[0-9a-f]{{2}}[:\-])"
        r"(?<![0-9a-f][:\-][0-9a-f]{2}[:\-])[0-9a-f]{2}([:\-])(?:[0-9a-f]{2}\1){3}[0-9a-f]{2}"
        r"(?![\w\-]|:\w)"
    )
    for separator in (":", "-")
)
_LEAST_SEPARATORS: Final = 5
_DOTTED_MAC: Final = re.compile(
    r"\.(?<=[0-9a-f]{4}\.)(?<![\w.][0-9a-f]{4}\.)[0-9a-f]{4}\.[0-9a-f]{4}(?!\w|\.\w)"
)
_NAMED_MAC: Final = re.compile(
    r"mac(?<!\wmac)(?:[ _\-]?addr(?:ess)?)?[ :=\"']{1,4}(?:is )?(?P<mac>[0-9a-f]{12})(?!\w)"
)
_ETHEREUM: Final = re.compile(r"0x[0-9a-fA-F]{40}(?![0-9A-Za-z])")
# Bitcoin, Litecoin, Dogecoin, Dash, Tron and their like: of 25 bytes the last four are a checksum,
# which settles it; or else a prefix that nothing else has.
_WALLET: Final = re.compile(
    r"[1-9A-HJ-NP-Za-z](?<![0-9A-Za-z].)(?:(?:(?<=b)c|(?<=l)tc|(?<=t)b)1[02-9ac-hj-np-z]{25,62}"
    r"|[1-9A-HJ-NP-Za-km-z]{25,34})(?![0-9A-Za-z])"
)
_PREFIXES: Final = ("bc1", "ltc1", "tb1")
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def emails(plain: Plain) -> Iterator[Match]:
    """E-mail addresses, also spelled out, and WhatsApp ids."""
    text = plain.text
    for sign in _AT.finditer(text) if "@" in text else ():
        if found := _around_at(plain, sign.start()):
            yield found
    is_bracketed = "at" in plain.words and _AT_IN_BRACKETS.search(plain.lower)
    if is_bracketed or not _SPELLED_WORDS.isdisjoint(plain.words):
        yield from _spelled_out(plain)


def _around_at(plain: Plain, at: int) -> Match | None:
    text = plain.text
    # Read backwards from the at sign: forwards, every word would be tried as a local part.
    reversed_head = text[max(0, at - 64) : at][::-1]
    local = _LOCAL_REVERSED.match(reversed_head) or _QUOTED_REVERSED.match(reversed_head)
    if local is None:
        return None
    start = at - len(local.group().rstrip(".'`"))
    end = _domain_end(text, at + 1) or _jid_end(plain.lower, at + 1, text[start:at])
    if end is None or start == at:
        return None
    if phone := _jid_number(text[start:at], plain.lower[at + 1 : end]):
        return Match(start=start, end=end, entity=Entity.PHONE, value=phone)
    return Match(start=start, end=end, entity=Entity.EMAIL, value=text[start:end].casefold())


def _domain_end(text: str, start: int) -> int | None:
    if literal := _LITERAL_DOMAIN.match(text, start):
        return literal.end()
    found = _DOMAIN.match(text, start)
    if found is None:
        return None
    # Underscores stand around a word to stress it, not at the end of a domain.
    labels = found.group().rstrip("_-").split(".")
    # "write to a@b.com.1st ..." : what cannot end a domain is not part of it.
    while len(labels) > 1 and not _TOP_LEVEL.fullmatch(labels[-1]):
        labels.pop()
    if len(labels) < 2 or labels[-1].lower() in _FILE_ENDINGS:
        return None
    return start + len(".".join(labels))


def _jid_end(lower: str, start: int, local: str) -> int | None:
    found = _SHORT_JID.match(lower, start)
    return found.end() if found and _NAMED_JID.match(local) else None


def _jid_number(local: str, domain: str) -> str | None:
    named = _NAMED_JID.search(local)
    if named is None or domain not in _JID_DOMAINS:
        return None
    return canonical_phone("+" + named[1])


def _spelled_out(plain: Plain) -> Iterator[Match]:
    for found in _SPELLED_AT.finditer(plain.lower):
        domain = _SPELLED_DOT.sub(".", found[2])
        if not _TOP_LEVEL.fullmatch(domain.rsplit(".", 1)[-1]):
            continue
        is_bracketed = " at " not in plain.lower[found.end(1) : found.start(2)].replace(
            "( at )", ""
        )
        if is_bracketed or _SPELLED_DOT.search(found[2]):
            value = f"{found[1]}@{domain}"
            yield Match(start=found.start(), end=found.end(), entity=Entity.EMAIL, value=value)


def network_addresses(plain: Plain) -> Iterator[Match]:
    """IP addresses of other machines, and hardware addresses."""
    if _TWO_DOTS.search(plain.text):
        yield from _ipv4(plain)
    if plain.text.count(":") >= 2 and _TWO_COLONS.search(plain.lower):
        yield from _ipv6(plain)
    yield from _macs(plain)


def _macs(plain: Plain) -> Iterator[Match]:
    lower = plain.lower
    if lower.count(":") + lower.count("-") >= _LEAST_SEPARATORS:
        for pattern in _MACS:
            for found in pattern.finditer(lower):
                yield from _mac(lower, found.start() - 2, found.end())
    if lower.count(".") >= 2:
        for found in _DOTTED_MAC.finditer(lower):
            yield from _mac(lower, found.start() - 4, found.end())
    if "mac" in plain.words:
        for found in _NAMED_MAC.finditer(lower):
            yield from _mac(lower, found.start("mac"), found.end())


def _mac(lower: str, start: int, end: int) -> Iterator[Match]:
    written = lower[start:end]
    if any(map(str.isdigit, written)):
        value = re.sub(r"[:.\-]", "", written)
        yield Match(start=start, end=end, entity=Entity.MAC, value=value)


def _ipv4(plain: Plain) -> Iterator[Match]:
    for found in _IPV4.finditer(plain.text):
        if any(int(octet) > 255 for octet in found.group().split(".")):
            continue
        before = plain.lower[max(0, found.start() - 16) : found.start()]
        if _VERSION_WORDS.search(before) or _PRODUCT_SLASH.search(before):
            continue
        if _VERSION_AFTER.match(plain.lower, found.end()):
            continue
        # These name no machine but the own one, or none at all.
        if not found.group().startswith(("127.", "0.")) and found.group() != "255.255.255.255":
            yield Match(start=found.start(), end=found.end(), entity=Entity.IP, value=found.group())


def _ipv6(plain: Plain) -> Iterator[Match]:
    for found in _IPV6.finditer(plain.lower):
        start, written = found.start(), found.group().rstrip(".")
        if written.startswith(":") and (not written.startswith("::") or written[2:3] == ":"):
            # A colon before it belongs to its name: ``ip:2001:db8::1``.
            start, written = start + 1, written[1:]
        if written.endswith(":") and not written.endswith("::"):
            written = written[:-1]
        if written.count(":") < 3 and not written.startswith(("2", "3", "f")):
            continue
        try:
            address = ipaddress.IPv6Address(written)
        except ValueError:
            continue
        if not address.is_loopback and _groups(written) > 1:
            end = start + len(written)
            yield Match(start=start, end=end, entity=Entity.IP, value=str(address))


def _groups(written: str) -> int:
    """How many groups of an address are written; 0 when none has a digit."""
    groups = sum(map(bool, written.split(":")))
    return groups if any(map(str.isdigit, written)) else 0


def crypto_addresses(plain: Plain) -> Iterator[Match]:
    """Addresses of wallets: of Ethereum, and of Bitcoin and what is built like it."""
    if "0x" in plain.text:
        for found in _ETHEREUM.finditer(plain.text):
            yield _crypto(found, found.group().lower())
    for found in _WALLET.finditer(plain.text):
        written = found.group()
        if written.startswith(_PREFIXES) or _is_base58_address(written):
            yield _crypto(found, written)


def _crypto(found: re.Match[str], value: str) -> Match:
    return Match(start=found.start(), end=found.end(), entity=Entity.CRYPTO, value=value)


def _is_base58_address(written: str) -> bool:
    number = 0
    for character in written:
        digit = _BASE58.find(character)
        if digit < 0:
            return False
        number = number * 58 + digit
    raw = number.to_bytes(26, "big")[-25:]
    digest = hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()
    return digest[:4] == raw[-4:]
