"""What counts as a secret: keys by their shape, values by the name beside them, short codes.

Every value here is invented. Keys are put together from a prefix and a body, so that no scanner
of pushed code takes one for a live key.
"""

from __future__ import annotations

import base64
import json
import random
import string
import time
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from trainingloop.processor import Redactor

_ALNUM: Final = string.ascii_letters + string.digits
_HEX: Final = "0123456789abcdef"
_UPPER: Final = string.ascii_uppercase + string.digits
_LOWER: Final = string.ascii_lowercase + string.digits


def _body(length: int, alphabet: str = _ALNUM) -> str:
    """Characters as a provider would draw them, the same in every run."""
    return "".join(random.Random(length).choices(alphabet, k=length))


def _jwt() -> str:
    """A signed token that nobody issued."""
    parts = (json.dumps({"alg": "HS256"}), json.dumps({"sub": "1234567890"}), _body(24))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


_KEYS: Final = {
    "openai": "sk" + "-" + _body(48),
    "openai project": "sk" + "-proj-" + _body(64),
    "anthropic": "sk" + "-ant-api03-" + _body(93) + "AA",
    "perplexity": "pplx" + "-" + _body(48),
    "groq": "gsk" + "_" + _body(52),
    "hugging face": "hf" + "_" + _body(34),
    "hugging face organization": "api_org" + "_" + _body(34),
    "replicate": "r8" + "_" + _body(37),
    "langsmith": "lsv2" + "_pt_" + _body(32, _HEX) + "_" + _body(10, _HEX),
    "github personal": "ghp" + "_" + _body(36),
    "github oauth": "gho" + "_" + _body(36),
    "github server": "ghs" + "_" + _body(36),
    "github refresh": "ghr" + "_" + _body(36),
    "github fine-grained": "github" + "_pat_" + _body(82),
    "gitlab personal": "glpat" + "-" + _body(20),
    "gitlab routable": "glpat" + "-" + _body(27) + "." + _body(9, _LOWER),
    "gitlab deploy": "gldt" + "-" + _body(20),
    "gitlab scim": "glsoat" + "-" + _body(20),
    "gitlab runner": "GR" + "1348941" + _body(20),
    "gitlab job": "glcbt" + "-" + _body(2) + "_" + _body(20),
    "gitlab mail": "glimt" + "-" + _body(25),
    "gitlab trigger": "glptt" + "-" + _body(40, _HEX),
    "gitlab agent": "glagent" + "-" + _body(50),
    "gitlab application": "gloas" + "-" + _body(64),
    "gitlab feature flags": "glffct" + "-" + _body(20),
    "atlassian": "ATATT3" + _body(186),
    "npm": "npm" + "_" + _body(36),
    "pypi": "pypi" + "-AgEIcHlwaS5vcmc" + _body(90),
    "rubygems": "rubygems" + "_" + _body(48, _HEX),
    "clojars": "CLOJARS" + "_" + _body(60, _LOWER),
    "sourcegraph": "sgp" + "_" + _body(40, _HEX),
    "docker hub": "dckr" + "_pat_" + _body(27),
    "sonar": "squ" + "_" + _body(40, _HEX),
    "figma": "figd" + "_" + _body(40),
    "aws": "AK" + "IA" + _body(16, _UPPER),
    "aws session": "AS" + "IA" + _body(16, _UPPER),
    "google": "AI" + "za" + _body(35),
    "google oauth": "GOCSPX" + "-" + _body(28),
    "google access": "ya29" + "." + _body(60),
    "azure client": "abC" + "8Q~" + _body(34),
    "azure storage": "AccountKey" + "=" + _body(86) + "==",
    "alibaba": "LT" + "AI" + _body(20),
    "digitalocean": "dop" + "_v1_" + _body(64, _HEX),
    "databricks": "da" + "pi" + _body(32, _HEX),
    "doppler": "dp" + ".pt." + _body(43),
    "heroku": "HRKU" + "-AA" + _body(58),
    "fly": "fo1" + "_" + _body(43),
    "scalingo": "tk-us" + "-" + _body(48),
    "pulumi": "pul" + "-" + _body(40, _HEX),
    "prefect": "pnu" + "_" + _body(36, _LOWER),
    "vault service": "hvs" + "." + _body(90),
    "vault batch": "hvb" + "." + _body(140),
    "vault old": "s" + "." + _body(24),
    "terraform": _body(14) + ".atlas" + "v1." + _body(64),
    "clickhouse": "4b1d" + _body(38),
    "openshift": "sha256" + "~" + _body(43),
    "1password": "A3-" + "-".join(_body(n, _UPPER) for n in (6, 11, 5, 5, 5)),
    "1password service": "ops" + "_eyJ" + _body(200),
    "age": "AGE-SECRET" + "-KEY-1" + _body(58, _UPPER),
    "dynatrace": "dt0c01" + "." + _body(24) + "." + _body(64),
    "harness": "pat" + "." + _body(22) + "." + _body(24) + "." + _body(20),
    "planetscale": "pscale" + "_tkn_" + _body(43),
    "slack bot": "xox" + "b-123456789012-123456789012-" + _body(24),
    "slack user": "xox" + "p-123456789012-123456789012-123456789012-" + _body(32, _HEX),
    "slack app": "xapp" + "-1-A012345-1234567890-" + _body(64, _HEX),
    "slack hook": "https://hooks.slack.com/" + "services/T0123456/B0123456/" + _body(24),
    "discord": "M" + _body(23) + "." + _body(6) + "." + _body(27),
    "telegram": "123456789" + ":A" + "A" + _body(33),
    "sendgrid": "SG" + "." + _body(22) + "." + _body(43),
    "sendinblue": "xkeysib" + "-" + _body(64, _HEX) + "-" + _body(16),
    "mailgun": "key" + "-" + _body(32, _HEX),
    "mailchimp": _body(32, _HEX) + "-us" + "12",
    "twilio account": "A" + "C" + _body(32, _HEX),
    "twilio key": "S" + "K" + _body(32, _HEX),
    "stripe": "sk" + "_live_" + _body(24),
    "stripe restricted": "rk" + "_live_" + _body(24),
    "stripe hook": "whsec" + "_" + _body(32),
    "square": "sq0" + "atp-" + _body(22),
    "easypost": "EZ" + "AK" + _body(54),
    "duffel": "duffel" + "_live_" + _body(43),
    "flutterwave": "FLWSECK" + "_TEST-" + _body(32, _HEX) + "-X",
    "shippo": "shippo" + "_live_" + _body(40, _HEX),
    "shopify": "shp" + "at_" + _body(32, _HEX),
    "plaid": "access" + "-sandbox-" + "8a1b2c3d-1111-4222-8333-" + _body(12, _HEX),
    "linear": "lin" + "_api_" + _body(40),
    "notion": "ntn" + "_" + _body(11, string.digits) + _body(35),
    "adobe": "p8e" + "-" + _body(32),
    "postman": "PMAK" + "-" + _body(24, _HEX) + "-" + _body(34, _HEX),
    "readme": "rdme" + "_" + _body(70, _LOWER),
    "grafana": "glsa" + "_" + _body(32) + "_" + _body(8, _HEX),
    "sentry": "sntryu" + "_" + _body(64, _HEX),
    "frame.io": "fio-u" + "-" + _body(64),
    "infracost": "ico" + "-" + _body(32),
    "new relic": "NRAK" + "-" + _body(27),
    "mapbox": "pk" + "." + _body(60) + "." + _body(22),
    "typeform": "tfp" + "_" + _body(59),
    "octopus": "API" + "-" + _body(26, _UPPER),
    "maxmind": _body(6) + "_" + _body(29) + "_m" + "mk",
    "facebook": "123456789012345" + "|" + _body(27),
    "artifactory": "AK" + "Cp" + _body(69),
    "artifactory reference": "cmV" + "md" + _body(59),
    "jwt": _jwt(),
    "jwt in base64": base64.b64encode(_jwt().encode()).decode().rstrip("="),
}

# A value and a text around it; braces stand for the value.
_RANDOM: Final = _body(32)
_NAMED: Final = tuple(
    (template, _RANDOM)
    for template in (
        "adafruit_token: {}",
        'String serviceToken = "{}";',
        'var serviceToken string = "{}"',
        'SERVICE_TOKEN ::= "{}"',
        'SERVICE_TOKEN ?= "{}"',
        '$serviceToken .= "{}"',
        "serviceToken := `{}`",
        '"serviceToken" => "{}"',
        'System.setProperty("SERVICE_TOKEN", "{}")',
        "<serviceToken>\n    {}\n</serviceToken>",
        '<add key="ClearTextPassword" value="{}" />',
        '{{"name": "Authorization", "value": "{}"}}',
        "softlayer-key:{}",
        "SLAPIKEY={}",
        "--service-api-key {}",
        "aws_secret_access_key = {}",
        "export SERVICE_SECRET={}",
        "Authorization: Bearer {}",
        "X-Api-Key: {}",
        "Cookie: sessionid={}; theme=dark",
        "GET /v1/rides?access_token={}&page=2",
        "GET /v1/rides?page=2&api_key={}",
        "https://files.example.com/a?sv=2024&sig={}&se=1",
        "//registry.example.com/:_authToken={}",
        "curl -u ada:{} https://api.example.com",
        "mongodb+srv://ada:{}@db.example.com/rides",
        "ada:{}@tcp(db.example.com)/rides",
        "here is the api key: {}",
        "the api key is {}",
        "the token is {}",
    )
)
_PASSWORDS: Final = (
    ("mi contraseña es {}", "Perro2024!"),
    ("das Passwort lautet {}", "Sommer#77"),
    ("mein Kennwort: {}", "Blume42"),
    ("mon mot de passe est {}", "Chien123"),
    ("la mia password è {}", "Cane2021"),
    ("minha senha é {}", "Gato2020"),
    ("my pw is {}", "tiger99"),
    ("user ada password {}", "tiger99x"),
    ("I changed my password to {}", "Sunny2024"),
    ("wifi password for the guest room: {}", "Beach#1"),
    ("Server=db;User Id=sa;Password={};Encrypt=yes", "Str0ng!pw"),
    ("db.password = '{}'", "x9$Kd"),
    ("Password: {}", "sunshine"),
    ('"passphrase": "{}"', "blue-moon-7"),
    ("event password={}", "tiger99"),
    ("my password is {}", "Yourself99"),
    ("my password is {}", "eNU)J!HLRwb8"),
    ('"key": "use password={}"', "tiger99"),
    ("The initial password has been set to {}; please change it", "letmein!007"),
    ("I changed it to {} and now it says wrong password", "Dragon-football-07"),
    ("the password {} doesn't work any more", "hDxcdiQlKYBThPsO"),
    ("pw: {}", "UJcuxNJKcIMb"),
    ("my passwrod is {}", "tiger99x"),
    ("La contraseña provisional es {}.", "amor007"),
    ("Le mot de passe provisoire est {}", "bonjour59"),
    ("le code wifi c'est {}", "azerty007"),
    ("La password provvisoria è {}", "pSG8y!FNpkhK"),
    ("a senha do wifi é {}", "Familia123*"),
    ("Ihr neues Passwort lautet {}", "JYhUs!gqpclw"),
    ("mysql -u root -p{} shop", "S3cretPw1"),
    ("I rotated the auth token, please do not use {} any more", _RANDOM),
    ("AZURE_STORAGE_ACCOUNTKEY={}", _body(86) + "=="),
    ("cloudant_key = '{}'", "abcdefghabcdefghabcdefgh"),
)
_CODES: Final = (
    ("the otp is {}", "493021"),
    ("my CVV {}", "123"),
    ("PIN: {}", "4821"),
    ("Ihr Einmalcode {}", "334455"),
    ("tu código de verificación {}", "123456"),
    ("votre code de vérification est {}", "884422"),
    ("il codice di verifica è {}", "112233"),
    ("o código de segurança é {}", "7788"),
    ("{} is your verification code", "493021"),
    ("your one-time password is {}", "55 66 77"),
    ("the security code on the card is {}", "987"),
)

_LOOK_ALIKES: Final = (
    "the password is incorrect",
    "Forgot your password? Click here",
    "password: must contain a digit",
    "reset password within 24 hours",
    "password_min_length = 12",
    "password = ${DB_PASSWORD}",
    "password: {{ db_password }}",
    "password: <password>",
    "password: ********",
    "my_password = fakesecret",
    "login(username=username, password=password)",
    "password = request.json_body['password']",
    "secret = getSecret()",
    "api_key=os.getenv('SERVICE_API_KEY')",
    "apiKey: this.apiKey,",
    "api_key = your-api-key-here",
    "token: example-token-123",
    "SERVICE_APIKEY: insert_key_here",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer <token>",
    "curl -u user:password https://api.example.com",
    "curl -u $1:$2 https://api.example.com",
    "ghp_" + "x" * 36,
    "sk-" + "x" * 24,
    "sk-your-api-key-goes-here",
    "commit e3b0c44298fc1c149afbf4c8996fb92427ae41e4",
    "550e8400-e29b-41d4-a716-446655440000",
    "idempotency_key: 550e8400-e29b-41d4-a716-446655440000",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7",
    "publicKey: aB3dE6gH9jK2mN5pQ7sT0vX",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
    "model claude-3-5-sonnet-20241022",
    "toolu_01A09q90qw90lq917835lq9",
    "total_tokens: 12345, token usage 1532",
    "tokenizer: cl100k_base",
    "access token expired at 2024-05-15T15:00:00Z",
    "order code AB12CD34, promo code 123456, error code 5003",
    "zip code 94105, area code 415",
    "Boarding pass: K7X2AB",
    "secret santa 2024",
    "the key takeaway is 3 points",
    "pass 2 of 3, passenger 1, passed 12 tests",
    "task-management-system-v2-final-release",
    "the otp was sent to your phone, 2fa is on",
    "I forgot my password on iPhone13 with Windows10",
    "your password expires in 30days",
    "your password is now protected by AES-256",
    "pass the parcel to gate-B12",
    "Failed password for root from fe80::1:2 port 51324 ssh2",
    "kyc document passport=EA584856C",
    "the password reset was sent to me at 10:30am",
)


@pytest.mark.parametrize("provider", sorted(_KEYS))
@pytest.mark.parametrize("around", ["{}", "use {} please", '{{"k":"{}"}}', "x={}\n"])
def test_a_key_goes_by_its_shape(redactor: Redactor, provider: str, around: str) -> None:
    """Whatever stands around it, a provider's key is replaced whole."""
    text = around.format(_KEYS[provider])

    redacted = redactor.text(text)

    assert "<SECRET>" in redacted
    assert _KEYS[provider][-12:] not in redacted


@pytest.mark.parametrize(
    ("template", "value"),
    [*_NAMED, *_PASSWORDS, *_CODES],
    ids=lambda part: part if "{}" in part else "",
)
def test_a_value_goes_by_the_name_beside_it(redactor: Redactor, template: str, value: str) -> None:
    """In the syntax of any language, and in chat, a named secret is replaced."""
    redacted = redactor.text(template.format(value))

    assert "<SECRET>" in redacted
    assert value not in redacted


@pytest.mark.parametrize("text", _LOOK_ALIKES)
def test_what_only_looks_like_a_secret_stays(redactor: Redactor, text: str) -> None:
    """Placeholders, code, identifiers and prose about passwords are kept."""
    assert "<SECRET>" not in redactor.text(text)


def test_a_storage_key_needs_its_product_beside_it(redactor: Redactor) -> None:
    """A key that has the shape of any hash goes only within two lines of the product's name."""
    key = _body(86) + "=="

    near = redactor.text(f"azure.example.com\nsome line\n{key}")
    far = redactor.text(f"azure.example.com\none\ntwo\nthree\n{key}")

    assert key not in near
    assert key in far


def test_the_values_of_a_manifest_go(redactor: Redactor) -> None:
    """A Kubernetes secret keeps its names and loses its encoded values."""
    manifest = "apiVersion: v1\nkind: Secret\ndata:\n  extra: YWRtaW46cGFzc3dvcmQ=\n"

    redacted = redactor.text(manifest)

    assert redacted == "apiVersion: v1\nkind: Secret\ndata:\n  extra: <SECRET>\n"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (_KEYS["github personal"], 1.0, 1.0),
        ("token: " + _KEYS["github personal"], 1.0, 1.0),
        (f"service_secret = {_RANDOM}", 0.8, 0.9),
        (f"key: {_RANDOM}", 0.5, 0.7),
    ],
    ids=["shape", "shape and name", "name", "guess"],
)
def test_a_find_says_how_sure_it_is(
    redactor: Redactor, text: str, least: float, most: float
) -> None:
    """A provider's shape settles it, a name makes it likely, mere randomness is a guess."""
    scores = [finding.score for finding in redactor.explain(text) if finding.type == "SECRET"]

    assert scores
    assert least <= max(scores) <= most


@pytest.mark.parametrize(
    "piece",
    [
        "sk-",
        "eyJ.",
        "eyJ-",
        "-----BEGIN PRIVATE KEY-----",
        "password: ",
        "password for a b c ",
        'key="',
        "a",
        "A1b2",
        "pin is is is ",
        "://a:b ",
        "bearer aaaaaaa",
        "MMMMMM.",
        "1:A",
        "azure" + "A" * 86 + "==",
        "secret\"'`",
        "password to ",
        "to A1b2c3! password ",
        "mysql a b c ",
    ],
)
def test_no_text_takes_more_than_linear_time(redactor: Redactor, piece: str) -> None:
    """Four times a hostile text takes no more than some four times as long."""
    small, large = (piece * (size // len(piece) + 1) for size in (16_384, 65_536))

    redactor.explain(small[:1024])
    begin = time.process_time()
    redactor.explain(small)
    middle = time.process_time()
    redactor.explain(large)
    end = time.process_time()

    assert end - middle < 12 * (middle - begin) + 0.05
