"""Credentials after the formats their issuers document, all invented, and passwords in chat.

A format is written as ``prefix{a36}``: a code for the alphabet and a count. So nothing in this
file looks like a live key to a scanner.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from typing import TYPE_CHECKING

from benchmarks.redaction.examples import Kind, Piece, filler

if TYPE_CHECKING:
    import random

_ALPHABETS = {
    "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "b": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    "s": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "h": "0123456789abcdef",
    "l": "abcdefghijklmnopqrstuvwxyz0123456789",
    "u": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "t": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "c": "abcdefghijklmnopqrstuvwxyz",
    "d": "0123456789",
    "q": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
# Recognisable on their own.
_EVIDENT = (
    ("AWS access key id", "AKIA{t16}"),
    ("AWS session key id", "ASIA{t16}"),
    ("GitHub token", "ghp_{a36}"),
    ("GitHub OAuth token", "gho_{a36}"),
    ("GitHub app token", "ghs_{a36}"),
    ("GitHub refresh token", "ghr_{a36}"),
    ("GitHub token", "github_pat_{a22}_{a59}"),
    ("GitLab token", "glpat-{b20}"),
    ("GitLab deploy token", "gldt-{b20}"),
    ("GitLab runner token", "glrt-{b20}"),
    ("Slack bot token", "xoxb-{d12}-{d13}-{a24}"),
    ("Slack user token", "xoxp-{d12}-{d12}-{d13}-{h32}"),
    ("Slack app token", "xapp-1-A{u10}-{d13}-{h64}"),
    ("Slack webhook", "https://hooks.slack.com/services/|T{u8}/B{u10}/{a24}"),
    ("Discord webhook", "https://discord.com/api/webhooks/|{d18}/{b68}"),
    ("Discord bot token", "M{a23}.{b6}.{b38}"),
    ("Telegram bot token", "{d10}:AA{b33}"),
    ("Stripe key", "sk_live_{a24}"),
    ("Stripe key", "sk_test_{a99}"),
    ("Stripe restricted key", "rk_live_{a24}"),
    ("Stripe webhook secret", "whsec_{a32}"),
    ("Google API key", "AIza{b35}"),
    ("Google client secret", "GOCSPX-{b28}"),
    ("Google access token", "ya29.{b120}"),
    ("OpenAI key", "sk-{a20}T3BlbkFJ{a20}"),
    ("OpenAI project key", "sk-proj-{b74}T3BlbkFJ{b74}"),
    ("OpenAI service key", "sk-svcacct-{b58}T3BlbkFJ{b58}"),
    ("Anthropic key", "sk-ant-api03-{b93}AA"),
    ("OpenRouter key", "sk-or-v1-{h64}"),
    ("Hugging Face token", "hf_{a34}"),
    ("Replicate token", "r8_{a37}"),
    ("Groq key", "gsk_{a52}"),
    ("xAI key", "xai-{a80}"),
    ("Perplexity key", "pplx-{a48}"),
    ("Tavily key", "tvly-{a32}"),
    ("Langfuse secret key", "sk-lf-{g}"),
    ("LangSmith key", "lsv2_pt_{h32}_{h10}"),
    ("Pinecone key", "pcsk_{a6}_{a63}"),
    ("SendGrid key", "SG.{b22}.{b43}"),
    ("Mailgun key", "key-{h32}"),
    ("Mailchimp key", "{h32}-us12"),
    ("Brevo key", "xkeysib-{h64}-{a16}"),
    ("Twilio key", "SK{h32}"),
    ("npm token", "npm_{a36}"),
    ("PyPI token", "pypi-AgEIcHlwaS5vcmc{b80}"),
    ("RubyGems key", "rubygems_{h48}"),
    ("Clojars token", "CLOJARS_{h60}"),
    ("Docker token", "dckr_pat_{b27}"),
    ("DigitalOcean token", "dop_v1_{h64}"),
    ("DigitalOcean OAuth token", "doo_v1_{h64}"),
    ("Shopify token", "shpat_{h32}"),
    ("Shopify secret", "shpss_{h32}"),
    ("Square token", "sq0atp-{b22}"),
    ("Square secret", "sq0csp-{b43}"),
    ("Azure client secret", "{a3}8Q~{b34}"),
    ("Databricks token", "dapi{h32}"),
    ("New Relic key", "NRAK-{u27}"),
    ("Grafana token", "glsa_{a32}_{h8}"),
    ("Grafana cloud key", "glc_{s80}"),
    ("Sentry token", "sntryu_{h64}"),
    ("Linear key", "lin_api_{a40}"),
    ("Notion token", "ntn_{d11}{a35}"),
    ("Airtable token", "pat{a14}.{h64}"),
    ("Atlassian token", "ATATT3xFfGF0{b172}"),
    ("Bitbucket app password", "ATBB{a32}"),
    ("Artifactory key", "AKCp{a69}"),
    ("Vault token", "hvs.{b90}"),
    ("Terraform token", "{a14}.atlasv1.{b64}"),
    ("Pulumi token", "pul-{h40}"),
    ("Doppler token", "dp.pt.{a43}"),
    ("Fly token", "fo1_{b43}"),
    ("Netlify token", "nfp_{a36}"),
    ("Supabase token", "sbp_{h40}"),
    ("PlanetScale password", "pscale_pw_{b43}"),
    ("PlanetScale token", "pscale_tkn_{b43}"),
    ("Postman key", "PMAK-{h24}-{h34}"),
    ("Figma token", "figd_{b40}"),
    ("Contentful token", "CFPAT-{b43}"),
    ("HubSpot token", "pat-na1-{g}"),
    ("Razorpay key", "rzp_live_{a14}"),
    ("Flutterwave key", "FLWSECK-{h32}-X"),
    ("PayPal access token", "access_token$production${l16}${h32}"),
    ("Plaid token", "access-production-{g}"),
    ("EasyPost key", "EZAK{a54}"),
    ("Shippo token", "shippo_live_{h40}"),
    ("Prefect key", "pnu_{a36}"),
    ("ReadMe key", "rdme_{l70}"),
    ("Buildkite token", "bkua_{h40}"),
    ("Dynatrace token", "dt0c01.{u24}.{u64}"),
    ("Duffel token", "duffel_live_{b43}"),
    ("Sonar token", "squ_{h40}"),
    ("NuGet key", "oy2{l43}"),
    ("age key", "AGE-SECRET-KEY-1{q58}"),
    ("LaunchDarkly key", "sdk-{g}"),
    ("Adafruit key", "aio_{a28}"),
    ("Typeform token", "tfp_{b44}"),
)
# Their looks say nothing; the words beside them do.
_NAMED = (
    ("AWS secret access key", "{s40}"),
    ("aws_secret_access_key", "{s40}"),
    ("Azure storage AccountKey", "{s86}=="),
    ("Datadog API key", "{h32}"),
    ("Twilio auth token", "{h32}"),
    ("Cloudflare API token", "{b40}"),
    ("Vercel token", "{a24}"),
    ("Heroku API key", "{g}"),
    ("Algolia admin API key", "{h32}"),
    ("Okta API token", "00{b40}"),
    ("Zendesk API token", "{a40}"),
    ("Cohere API key", "{a40}"),
    ("Mistral API key", "{a32}"),
    ("W&B API key", "{h40}"),
    ("client secret", "{b40}"),
    ("client_secret", "{a32}"),
    ("API key", "{a32}"),
    ("api_key", "{h40}"),
    ("access token", "{b48}"),
    ("secret key", "{a40}"),
    ("webhook secret", "{h64}"),
    ("refresh token", "{b60}"),
    ("signing secret", "{h32}"),
    ("encryption key", "{s43}="),
)
_WORDS = {
    "en": "sunshine dragon monkey Liverpool football Charlie summer Winter princess letmein Hunter",
    "es": "madrid sol amor Barcelona gatito verano Mexico estrella mariposa Perro",
    "de": "Sommer Schalke schatz berlin Hallo Winter passwort mausi Bayern geheim",
    "fr": "soleil marseille doudou Chouchou azerty bonjour Paris loulou motdepasse Etoile",
    "it": "juventus amore Ciao roma Napoli andrea stella farfalla Ferrari segreto",
    "pt": "benfica flamengo amor Brasil Lisboa senha estrela gabriel Familia corinthians",
}
_LEET = str.maketrans("aeios", "4310$")


def _drawn(dice: random.Random, shape: str) -> str:
    shape = shape.replace("{g}", str(uuid.UUID(int=dice.getrandbits(128), version=4)))
    return re.sub(
        r"\{([a-z])(\d+)\}",
        lambda part: "".join(dice.choices(_ALPHABETS[part[1]], k=int(part[2]))),
        shape,
    )


def secret(dice: random.Random, *, is_named: bool) -> tuple[str, str]:
    """(what it is called, the credential); ones without a shape of their own only if named."""
    form = dice.random()
    if form < 0.05:
        return "JWT", _web_token(dice)
    if is_named and form < 0.3:
        name, shape = dice.choice(_NAMED)
    else:
        name, shape = dice.choice(_EVIDENT)
    return name, _drawn(dice, shape)


def every_format(dice: random.Random) -> list[tuple[str, str, bool]]:
    """(name, credential, whether it needs its name) of every known format."""
    found = [(name, _drawn(dice, shape), False) for name, shape in _EVIDENT]
    found += [(name, _drawn(dice, shape), True) for name, shape in _NAMED]
    return [*found, ("JWT", _web_token(dice), False)]


def _web_token(dice: random.Random) -> str:
    def part(content: dict[str, object]) -> str:
        raw = json.dumps(content, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    claims: dict[str, object] = {"sub": str(dice.randrange(10**9)), "iat": 1_700_000_000}
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{_drawn(dice, '{b43}')}"


def as_pieces(value: str) -> list[Piece]:
    """The credential as a piece; of an address that is one, the part that is secret."""
    before, _, own = value.rpartition("|")
    piece = Piece(text=own, kind=Kind.SECRET, is_verbatim=True)
    return [filler(before), piece] if before else [piece]


def private_key(dice: random.Random) -> str:
    """A PEM block of noise."""
    kind = dice.choice(("RSA ", "", "EC ", "OPENSSH "))
    lines = "\n".join(_drawn(dice, "{s64}") for _ in range(6))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def connection(dice: random.Random) -> tuple[str, str, str]:
    """(before, password, after) of an address that carries a password."""
    scheme, user, host = dice.choice(
        (
            ("postgresql", "app", "db.example.com:5432/shop"),
            ("mysql", "root", "db2.example.com/crm"),
            ("mongodb+srv", "service", "cluster0.example.net/test"),
            ("redis", "default", "cache.example.com:6379/0"),
            ("amqp", "worker", "queue.example.com/vhost"),
            ("https", "deploy", "git.example.com/team/repo.git"),
            ("ftp", "upload", "files.example.com/in"),
        )
    )
    return f"{scheme}://{user}:", _drawn(dice, "{a18}"), f"@{host}"


def password(dice: random.Random, language: str) -> str:
    """A password as people choose one, or as a site makes one."""
    word = dice.choice(_WORDS[language].split())
    number = dice.choice((str(dice.randint(1, 99)), str(dice.randint(1960, 2026)), "123", "007"))
    mark = dice.choice("!!?#$*._-@&")
    return dice.choice(
        (
            f"{word}{number}",
            f"{word}{number}{mark}",
            f"{word}{mark}{number}",
            f"{word.translate(_LEET)}{number}",
            f"{word.title()}-{dice.choice(_WORDS[language].split())}-{number}",
            _drawn(dice, "{a12}"),
            _drawn(dice, "{a5}") + mark + _drawn(dice, "{a6}"),
            _drawn(dice, "{a16}"),
        )
    )
