"""The shapes of the keys that providers hand out: what each begins with and what follows.

Data only. Every pattern is anchored on literal text, has bounded quantifiers and cannot begin
inside a word, so a search over a text takes time linear in it whatever the text is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRule:
    """One family of keys."""

    anchor: str
    """Literal text that every key of the family has; a text without it is not searched."""
    pattern: re.Pattern[str]
    length_before: int = 0
    """How many characters of the key stand before the anchor."""
    context: tuple[str, ...] = ()
    """One of these must be in the lower-cased text; empty where the shape alone is enough."""
    shortest: int = 13
    """How long the word that holds such a key is at least."""
    may_be_dull: bool = False
    """Whether a body such as ``xxxxxxxx`` counts: true where a false alarm costs nothing."""

    @property
    def head(self) -> str:
        """The anchor's letters in lower case where they are a word of their own, else nothing."""
        letters = _LEADING_LETTERS.match(self.anchor)
        if self.length_before or not letters or letters.end() == len(self.anchor):
            return ""
        return letters.group().lower()


_LEADING_LETTERS: Final = re.compile(r"[A-Za-z]+")
# A key in a longer run of these characters is no key: half of a hash, a word, a file name.
_APART: Final = "0-9A-Za-z"
_APART_URL: Final = r"0-9A-Za-z_\-"


def _begins(
    anchor: str, rest: str, *context: str, apart: str = _APART, may_be_dull: bool = False
) -> SecretRule:
    """A family whose keys begin with ``anchor``."""
    # The lookbehind follows the literal, so that the search can skip to the literal.
    literal = re.escape(anchor)
    return SecretRule(
        anchor=anchor,
        pattern=re.compile(rf"{literal}(?<![{apart}]{literal}){rest}"),
        context=context,
        may_be_dull=may_be_dull,
    )


def _holds(before: str, length_before: int, anchor: str, rest: str) -> SecretRule:
    """A family whose keys have ``anchor`` after ``length_before`` characters."""
    literal = re.escape(anchor)
    return SecretRule(
        anchor=anchor,
        pattern=re.compile(rf"{literal}(?<=(?<![{_APART}]){before}{literal}){rest}"),
        length_before=length_before,
    )


_URL: Final = r"[0-9A-Za-z_\-]"
_B64: Final = r"[0-9A-Za-z+/]"
_WORD: Final = "[0-9A-Za-z]"
_HEX: Final = "[0-9a-fA-F]"
_NOT_WORD: Final = "(?![0-9A-Za-z])"
_JWT_PART: Final = r"[0-9A-Za-z_\-]"

_MODELS: Final = (
    _begins("sk-", _URL + "{16,256}+"),
    _begins("pplx-", _WORD + "{32,64}+"),
    _begins("gsk_", _WORD + "{40,64}+"),
    _begins("xai-", _WORD + "{60,128}+"),
    _begins("hf_", _WORD + "{30,40}+" + _NOT_WORD),
    _begins("api_org_", _WORD + "{30,64}+"),
    _begins("r8_", _WORD + "{30,64}+"),
    _begins("fw_", _WORD + "{22,64}+"),
    _begins("nvapi-", _URL + "{40,128}+"),
    _begins("lsv2_", "(?:pt|sk)_" + _WORD + "{32}_" + _WORD + "{10}"),
    _begins("pcsk_", _URL + "{40,128}+"),
    _begins("tvly-", _URL + "{20,64}+"),
    _begins("ABSK", r"[0-9A-Za-z+/]{100,300}+={0,2}"),
)

_CODE_HOSTS: Final = (
    *(_begins(f"gh{kind}_", _WORD + "{20,255}+") for kind in "pousr"),
    _begins("github_pat_", r"\w{20,255}+"),
    *(
        _begins(f"gl{kind}-", _URL + r"{20,300}+\.[0-9a-z.]{9,16}" + _NOT_WORD)
        for kind in ("pat", "rt")
    ),
    *(
        _begins(f"gl{kind}-", _URL + r"{20,50}+(?![0-9A-Za-z_\-])")
        for kind in ("pat", "dt", "rt", "rtr", "cbt", "ft", "ffct", "soat", "wt")
    ),
    _begins("glptt-", _URL + r"{40}(?![0-9A-Za-z_\-])"),
    _begins("glimt-", _URL + r"{25}(?![0-9A-Za-z_\-])"),
    _begins("gloas-", _URL + r"{64}(?![0-9A-Za-z_\-])"),
    _begins("glagent-", _URL + r"{50,1024}+(?![0-9A-Za-z_\-])"),
    _begins("GR1348941", _URL + r"{20,50}+(?![0-9A-Za-z_\-])"),
    _begins("_gitlab_session=", "[0-9a-z]{32}"),
    _begins("ATATT3", r"[0-9A-Za-z_\-=]{100,300}+"),
    _begins("ATCTT3", r"[0-9A-Za-z_\-=]{100,300}+"),
    _begins("ATBB", _WORD + "{24,40}+" + _NOT_WORD),
    _begins("BBDC-", r"[0-9A-Za-z+/@_\-]{40,50}+"),
    _begins("npm_", _WORD + "{36,64}+"),
    _begins("pypi-", _URL + "{32,1024}+"),
    _begins("rubygems_", "[0-9a-f]{48}"),
    _begins("CLOJARS_", "[0-9A-Za-z]{60}"),
    _begins("oy2", "[a-z0-9]{43}(?![0-9A-Za-z])"),
    _begins("dckr_", "[op]at_" + _URL + "{20,64}+"),
    _begins("sgp_", r"(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}(?![0-9A-Za-z])"),
    _begins("sqp_", "[0-9a-f]{40}"),
    _begins("squ_", "[0-9a-f]{40}"),
    _begins("sqa_", "[0-9a-f]{40}"),
    _begins("figd_", r"[0-9A-Za-z_\-]{38,64}+"),
    _begins("bkua_", "[0-9a-f]{40}"),
    _begins("CCIPAT_", _WORD + r"{16,32}_[0-9a-f]{40}"),
)

_CLOUDS: Final = (
    *(
        _begins(prefix, "[0-9A-Z]{16}(?![0-9A-Z])", may_be_dull=True)
        for prefix in (
            "AKIA",
            "ASIA",
            "AGPA",
            "AIDA",
            "AROA",
            "AIPA",
            "ANPA",
            "ANVA",
            "ABIA",
            "ACCA",
        )
    ),
    _begins("A3T", "[0-9A-Z]{17}(?![0-9A-Z])"),
    _begins("AIza", _URL + "{30,64}+"),
    _begins("ya29.", _URL + "{20,1024}+"),
    _begins("GOCSPX-", _URL + "{20,64}+"),
    _begins("1//0", r"[0-9A-Za-z_\-]{40,256}+"),
    _holds(r"[0-9A-Za-z_~.]{3}[0-9]", 4, "Q~", r"[0-9A-Za-z_~.\-]{31,34}"),
    _begins("AccountKey=", r"[\"']?[0-9A-Za-z+/]{40,128}={0,2}"),
    _begins("SharedAccessKey=", r"[\"']?[0-9A-Za-z+/]{30,128}={0,2}"),
    _begins("LTAI", "[0-9A-Za-z]{12,20}" + _NOT_WORD),
    _begins("AKID", "[0-9A-Za-z]{32}" + _NOT_WORD),
    _begins("YC", r"[a-zA-Z0-9_\-]{38}" + _NOT_WORD),
    _begins("AQVN", r"[0-9A-Za-z_\-]{35,38}+"),
    _begins("t1.", r"[A-Z0-9a-z_\-]{1,300}+[=]{0,2}\.[A-Z0-9a-z_\-]{86}[=]{0,2}"),
    *(_begins(f"do{kind}_v1_", "[0-9a-f]{64}") for kind in "opr"),
    _begins("dapi", r"[0-9a-f]{32}(?:-[0-9])?" + _NOT_WORD),
    _begins("dp.", r"(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_\-]{2,35}\.)?[0-9A-Za-z]{40,44}"),
    _begins("HRKU-", _URL + "{36,64}+"),
    _begins("fo1_", _URL + "{43}"),
    *(_begins(f"fm{kind}_", _B64 + "{80,1024}+={0,3}") for kind in ("1a", "1r", "2")),
    _begins("tk-us-", _URL + "{48}"),
    _begins("pul-", "[0-9a-f]{40}"),
    _begins("pnu_", _WORD + "{36}"),
    _begins("hvs.", _URL + "{24,256}+"),
    _begins("hvb.", _URL + "{100,400}+"),
    _begins("hvr.", _URL + "{24,256}+"),
    _begins("s.", "(?=[0-9A-Za-z]{0,23}[0-9])(?=[0-9a-z]{0,23}[A-Z])[0-9A-Za-z]{24}" + _NOT_WORD),
    _holds("[0-9A-Za-z]{14}", 14, ".atlasv1.", r"[0-9A-Za-z_\-=]{60,70}"),
    _begins("v1.0-", "[0-9a-f]{24}-[0-9a-f]{100,160}+"),
    _begins("4b1d", "[0-9A-Za-z]{38}" + _NOT_WORD),
    _begins("sha256~", _URL + "{43}(?![0-9A-Za-z_\\-])"),
    _begins("ops_eyJ", r"[0-9A-Za-z+/]{40,4096}+={0,3}"),
    _begins("A3-", r"[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})(?:-[0-9A-Z]{5}){3}"),
    _begins("AGE-SECRET-KEY-1", "[0-9A-Z]{58}", may_be_dull=True),
    _begins("dt0c01.", r"[0-9A-Za-z]{24}\.[0-9A-Za-z]{64}"),
    _begins("pat.", r"[0-9A-Za-z_\-]{22}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{20}"),
    _begins("sat.", r"[0-9A-Za-z_\-]{22}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{20}"),
    *(_begins(f"pscale_{kind}_", r"[\w=.\-]{32,64}+") for kind in ("pw", "tkn", "oauth")),
    *(_begins(f"sm_{kind}_", _WORD + "{16}") for kind in ("aat", "pat", "sat")),
    _begins("napi_", "[0-9a-z]{60,70}"),
    _begins("sbp_", "[0-9a-f]{40}"),
    _begins("sb_secret_", r"[0-9A-Za-z_\-]{20,64}+"),
    _begins("cfut_", _URL + "{40,64}+"),
)

_MESSAGING: Final = (
    *(
        _begins(f"xox{kind}-", "(?:[0-9]{3,14}-[0-9A-Za-z-]{8,256}+|[0-9]-[0-9A-Za-z-]{40,256}+)")
        for kind in "abeoprs"
    ),
    *(_begins(f"xox{kind}-", "(?=[A-Za-z]{0,24}[0-9])[0-9A-Za-z-]{10,64}+") for kind in "ar"),
    _begins("xoxe.xox", r"[bp]-[0-9]-[0-9A-Za-z]{100,200}+"),
    _begins("xapp-", r"(?=[^\s0-9]{0,12}[0-9])[0-9A-Za-z\-]{10,256}+"),
    _begins(
        "hooks.slack.com/",
        "(?:services|workflows|triggers)/[0-9A-Za-z+/_\\-]{20,128}+",
        may_be_dull=True,
    ),
    _begins("discord.com/api/webhooks/", r"[0-9]{17,20}/[0-9A-Za-z_\-]{60,80}"),
    _begins("webhook.office.com/webhookb2/", r"[0-9A-Za-z@/\-]{60,200}+"),
    SecretRule(
        anchor=":A",
        shortest=41,
        pattern=re.compile(
            r"(?<![0-9])[0-9]{5,16}+:A(?=[A-Za-z_\-]{0,33}[0-9])[0-9A-Za-z_\-]{34,35}(?![0-9A-Za-z_\-])"
        ),
    ),
    _begins("SG.", r"[0-9A-Za-z_\-=]{16,64}+\.[0-9A-Za-z_\-=]{16,128}+"),
    _begins("SG.", r"[0-9A-Za-z_\-=]{66}"),
    _begins("xkeysib-", "[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    _begins("xsmtpsib-", "[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    _begins("key-", "[0-9a-f]{32}(?![0-9a-f])"),
    _begins("pubkey-", "[0-9a-f]{32}(?![0-9a-f])"),
    _holds("[0-9a-f]{32}", 32, "-us", "[0-9]{1,2}(?![0-9])"),
    _begins("AC", "[0-9a-z]{32}" + _NOT_WORD, may_be_dull=True),
    _begins("SK", "[0-9a-fA-Fx]{32}" + _NOT_WORD, may_be_dull=True),
    SecretRule(
        anchor=".",
        shortest=59,
        pattern=re.compile(r"[MNO][0-9A-Za-z_\-]{23,25}\.[0-9A-Za-z_\-]{6}\.[0-9A-Za-z_\-]{27,38}"),
    ),
)

_MONEY: Final = (
    *(
        _begins(f"{kind}_{stage}_", _WORD + "{10,128}+")
        for kind in ("sk", "rk")
        for stage in ("live", "test", "prod")
    ),
    _begins("whsec_", r"[0-9A-Za-z+/=]{16,128}+"),
    _begins("sq0atp-", _URL + "{22,64}+"),
    _begins("sq0csp-", r"[0-9A-Za-z_\-\\]{22,64}+"),
    _begins("EAAA", r"[0-9A-Za-z_\-]{56,64}" + _NOT_WORD),
    _begins("EZAK", _WORD + "{54}"),
    _begins("EZTK", _WORD + "{54}"),
    _begins("duffel_", r"(?:test|live)_[0-9A-Za-z_\-=]{43}"),
    _begins("FLWSECK", r"(?:_TEST)?-[0-9A-Za-z]{12,40}+(?:-X)?"),
    _begins("FLWPUBK", r"(?:_TEST)?-[0-9A-Za-z]{12,40}+(?:-X)?"),
    _begins("shippo_", "(?:live|test)_[0-9a-fA-F]{40}"),
    *(_begins(f"shp{kind}_", _HEX + "{32}") for kind in ("at", "ca", "pa", "ss")),
    _begins("access-", r"(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f\-]{27}"),
    _begins("live_", _URL + "{40}"),
    _begins("test_pub_", "[0-9a-f]{31}"),
    _begins("live_pub_", "[0-9a-f]{31}"),
    _begins("test_", "[0-9a-f]{35}"),
    _begins("live_", "[0-9a-f]{35}"),
    _begins("access_token$", r"(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
)

_PRODUCTS: Final = (
    _begins("rzp_", "(?:live|test)_[0-9A-Za-z]{14,24}+"),
    _begins("aio_", "[0-9A-Za-z]{28}" + _NOT_WORD),
    _begins("CFPAT-", _URL + "{43}"),
    *(
        _begins(f"{kind}-", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}" + _NOT_WORD)
        for kind in ("sdk", "mob")
    ),
    _begins("pat", r"[0-9A-Za-z]{14}\.[0-9a-f]{64}"),
    _begins("nfp_", "[0-9A-Za-z]{36,40}+"),
    _begins("lin_api_", _WORD + "{32,64}+"),
    _begins("secret_", _WORD + "{40,64}+"),
    _begins("ntn_", "[0-9]{11}[0-9A-Za-z]{35}" + _NOT_WORD),
    _begins("p8e-", "[0-9A-Za-z]{32}"),
    _begins("PMAK-", "[0-9a-fA-F]{24}-[0-9a-fA-F]{34}"),
    _begins("rdme_", "[0-9a-z]{70}"),
    _begins("glsa_", _WORD + "{32}_" + _HEX + "{8}"),
    _begins("glc_", r"[0-9A-Za-z+/]{32,400}+={0,3}"),
    _begins("sntrys_", r"[0-9A-Za-z+/=_\-]{60,512}+"),
    _begins("sntryu_", "[0-9a-f]{64}" + _NOT_WORD),
    _begins("fio-u-", r"[0-9A-Za-z\-_=]{64}"),
    _begins("dnkey-", r"[0-9A-Za-z=_\-]{26}-[0-9A-Za-z=_\-]{52}"),
    _begins("ico-", _WORD + "{32}" + _NOT_WORD, apart="0-9A-Za-z."),
    _begins("NRAK-", "[0-9A-Za-z]{27}"),
    _begins("NRJS-", "[0-9a-f]{19}"),
    _begins("NRII-", r"[0-9A-Za-z\-]{32}"),
    _begins("pk.", r"[0-9A-Za-z]{60}\.[0-9A-Za-z]{22}"),
    _begins("sk.", r"[0-9A-Za-z]{60}\.[0-9A-Za-z]{22}"),
    _begins("tfp_", r"[0-9A-Za-z_.=\-]{40,64}+"),
    _begins("API-", "[0-9A-Z]{26}" + _NOT_WORD),
    _begins("phc_", _WORD + "{40,50}+"),
    _begins("phx_", _WORD + "{40,50}+"),
    _begins("pat-", r"(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f\-]{27}"),
    _begins("s-s4t2", "(?:ud|af)-[0-9a-f]{64}"),
    _begins("SWMTKN-1-", "[0-9a-z\\-]{60,80}"),
    _begins(
        "sc_", r"[0-9a-z]{5,30}\.[0-9a-z]{4,6}\.acc[_\-][0-9a-z\-]{10,32}\.[0-9a-z+/_=\-]{30,120}"
    ),
    _begins(
        "ext_", r"[0-9a-z]{5,30}\.[0-9a-z]{4,6}\.acc[_\-][0-9a-z\-]{10,32}\.[0-9a-z+/_=\-]{30,120}"
    ),
    _begins(
        "authress_",
        r"[0-9a-z]{5,30}\.[0-9a-z]{4,6}\.acc[_\-][0-9a-z\-]{10,32}\.[0-9a-z+/_=\-]{30,120}",
    ),
    _begins("EAA", _WORD + "{40,512}+"),
    SecretRule(
        anchor="|",
        shortest=43,
        pattern=re.compile(r"(?<![0-9])[0-9]{15,16}+\|[0-9A-Za-z_\-]{27,40}"),
    ),
    _holds("[0-9A-Za-z]{6}_[0-9A-Za-z]{29}", 36, "_mmk", _NOT_WORD),
    _begins("AKC", _WORD + "{10,128}+", may_be_dull=True),
    _begins("AP", "[0-9A-F][0-9A-Za-z]{8,128}+", "jfrog", "artif", may_be_dull=True),
    _begins("cmVmd", _WORD + "{59}" + _NOT_WORD),
    _begins(":_auth=", r"\s?(?!\$)[^\s\"'<>{}]{4,512}+", may_be_dull=True),
    _begins(":_authToken=", r"\s?(?!\$)[^\s\"'<>{}]{4,512}+", may_be_dull=True),
    _begins(":_password=", r"\s?(?!\$)[^\s\"'<>{}]{8,512}+"),
    _begins("CONTRIBSYS__COM", r"[\"']?[ ]{0,3}[:=?]{1,4}>?\s{0,4}[\"']?[0-9a-f]{8}:[0-9a-f]{8}"),
    _begins("softlayer.com/", r"soap/v3(?:\.1)?/[0-9a-z]{64}"),
)

_SIGNED: Final = (
    _begins(
        "ey",
        rf"{_JWT_PART}{{17,8192}}+\.ey[0-9A-Za-z/\\_\-]{{12,16384}}+(?:\.[0-9A-Za-z/\\_\-]{{0,16384}}+={{0,2}}){{0,3}}",
        apart=_APART_URL,
    ),
    _begins(
        "eyJ",
        rf"{_JWT_PART}{{8,8192}}+\.{_JWT_PART}{{8,16384}}+(?:\.{_JWT_PART}{{0,16384}}+){{0,3}}",
        apart=_APART_URL,
    ),
    _begins("eyJrIjoi", "[0-9A-Za-z]{40,400}+={0,3}", apart=_APART_URL),
    _begins("ZXlK", r"[0-9A-Za-z+/_\-]{60,8192}+={0,2}", apart=_APART_URL),
)

RULES: Final[tuple[SecretRule, ...]] = (
    *_MODELS,
    *_CODE_HOSTS,
    *_CLOUDS,
    *_MESSAGING,
    *_MONEY,
    *_PRODUCTS,
    *_SIGNED,
)
"""Every family that its shape gives away."""
