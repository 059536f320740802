"""One invented piece of personal data of each kind, and text that only looks like one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """Text with one piece of personal data in it."""

    kind: str
    text: str
    planted: str
    """What must not be found anywhere after redaction."""

    def __str__(self) -> str:
        """A name for the test that holds nothing of the text."""
        return self.kind


def _wide(text: str) -> str:
    """The text in the full-width forms that Asian keyboards write."""
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


CANARIES: Final = (
    Canary(
        kind="EMAIL", text="write to Ada.Lovelace@example.com please", planted="Lovelace@example"
    ),
    Canary(kind="EMAIL", text="ada (at) example (dot) org", planted="ada (at)"),
    Canary(kind="PHONE", text="call +1 415 555 0100 today", planted="555 0100"),
    Canary(kind="PHONE", text="it is (415) 555-0123, thanks", planted="555-0123"),
    Canary(kind="PHONE", text="mi móvil es 612 345 678", planted="345 678"),
    Canary(kind="PHONE", text="meine Nummer ist 0151 23456789", planted="23456789"),
    Canary(kind="PHONE", text="appelez-moi au 06 12 34 56 78", planted="12 34 56 78"),
    Canary(kind="PHONE", text="il mio cellulare: 320 1234567", planted="1234567"),
    Canary(kind="PHONE", text="meu telefone é (11) 91234-5678", planted="91234-5678"),
    Canary(kind="PHONE", text="from 14155550100@s.whatsapp.net", planted="4155550100"),
    Canary(kind="PHONE", text="see https://wa.me/14155550100", planted="4155550100"),
    Canary(kind="PHONE", text="<a href='tel:+14155550100'>", planted="4155550100"),
    Canary(kind="CARD", text="pay with 4111 1111 1111 1111", planted="1111 1111"),
    Canary(kind="CARD", text="amex 378282246310005 ok", planted="378282246310005"),
    Canary(kind="IBAN", text="to DE89 3704 0044 0532 0130 00 now", planted="0532 0130"),
    Canary(kind="IBAN", text="GB82WEST12345698765432", planted="12345698765432"),
    Canary(kind="SSN", text="social 123-45-6789", planted="45-6789"),
    Canary(kind="NATIONAL_ID", text="NINO is AB 12 34 56 C", planted="12 34 56"),
    Canary(kind="NATIONAL_ID", text="DNI 12345678Z", planted="12345678"),
    Canary(kind="NATIONAL_ID", text="NIE X1234567L", planted="1234567"),
    Canary(kind="NATIONAL_ID", text="cf RSSMRA85T10A562S", planted="85T10A562S"),
    Canary(kind="NATIONAL_ID", text="nir 1 85 05 78 006 084 91", planted="78 006 084"),
    Canary(kind="NATIONAL_ID", text="cpf 529.982.247-25", planted="982.247"),
    Canary(kind="NATIONAL_ID", text="Steuer-ID: 86095742719", planted="86095742719"),
    Canary(kind="NATIONAL_ID", text="passport number X12345678", planted="X12345678"),
    Canary(kind="IP", text="seen from 203.0.113.7 yesterday", planted="203.0.113.7"),
    Canary(kind="IP", text="and 2001:db8:85a3::8a2e:370:7334", planted="8a2e:370"),
    Canary(kind="MAC", text="device 00:1B:44:11:3A:B7", planted="44:11:3A"),
    Canary(kind="ADDRESS", text="I live at 975 Sunset Drive, Suite 217", planted="975 Sunset"),
    Canary(kind="ADDRESS", text="send it to 221b baker street", planted="baker street"),
    Canary(kind="ADDRESS", text="vivo en la calle Mayor 12", planted="Mayor 12"),
    Canary(kind="ADDRESS", text="12 bis rue de la Paix", planted="rue de la Paix"),
    Canary(kind="ADDRESS", text="Hauptstraße 5 in Berlin", planted="Hauptstraße 5"),
    Canary(kind="ADDRESS", text="abito in Via Roma, 12", planted="Roma, 12"),
    Canary(kind="ADDRESS", text="moro na Rua Augusta, 1500", planted="Augusta, 1500"),
    Canary(kind="DOB", text="date of birth: 1990-04-05", planted="1990-04-05"),
    Canary(kind="DOB", text="I was born on June 1, 1988", planted="June 1, 1988"),
    Canary(kind="DOB", text="fecha de nacimiento 05/04/1990", planted="05/04/1990"),
    Canary(kind="DOB", text="geboren am 5. April 1990", planted="5. April 1990"),
    Canary(kind="SECRET", text="key sk-proj-abcdefghij0123456789", planted="abcdefghij01"),
    Canary(kind="SECRET", text="ghp_abcdefghijklmnopqrstuvwxyz01", planted="abcdefgh"),
    Canary(kind="SECRET", text="AKIAIOSFODNN7EXAMPLE in the log", planted="IOSFODNN7"),
    Canary(kind="SECRET", text="Authorization: Bearer abcdef0123456789", planted="abcdef01"),
    Canary(kind="SECRET", text="password=hunter2", planted="hunter2"),
    Canary(kind="SECRET", text="my password is hunter2!", planted="hunter2"),
    Canary(kind="SECRET", text="postgres://ada:s3cr3t@db.example.com/x", planted="s3cr3t"),
    Canary(
        kind="SECRET",
        text="-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
        planted="MIIEow",
    ),
    Canary(
        kind="SECRET",
        text="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl",
        planted="eyJzdWIi",
    ),
    Canary(
        kind="CRYPTO",
        text="0x52908400098527886E0F7030069857D2E4169EE7",
        planted="98527886E0F7030069857D2E",
    ),
)

DISGUISED: Final = (
    Canary(kind="CARD", text=_wide("4111 1111 1111 1111"), planted=_wide("1111")),
    Canary(kind="CARD", text="4111\u00a01111\u00a01111\u00a01111", planted="1111"),
    Canary(kind="CARD", text="4111\u20111111\u20111111\u20111111", planted="1111"),
    Canary(kind="PHONE", text="+1\u200b415\u200b555\u200b0100", planted="0100"),
    Canary(kind="PHONE", text="415\u2011555\u20110100", planted="0100"),
    Canary(kind="PHONE", text="\\u002b14155550100", planted="4155550100"),
    Canary(kind="PHONE", text="%2B14155550100", planted="4155550100"),
    Canary(kind="PHONE", text="phone=+14155550100&x=1", planted="4155550100"),
    Canary(kind="PHONE", text="tel4155550100", planted="4155550100"),
    Canary(kind="PHONE", text="٠٠١٤١٥٥٥٥٠١٠٠", planted="٤١٥٥٥٥٠"),
    Canary(kind="EMAIL", text="ada%40example.com", planted="ada"),
    Canary(kind="EMAIL", text="ada\\u0040example.com", planted="ada"),
    Canary(kind="EMAIL", text="ada&#64;example.com", planted="ada"),
    Canary(kind="EMAIL", text="ada\u200b@example.com", planted="ada"),
    Canary(kind="EMAIL", text=_wide("ada@example.com"), planted=_wide("ada")),
    Canary(kind="EMAIL", text="ada[at]example[dot]com", planted="ada"),
    Canary(kind="DOB", text='{"dob": "1990-04-0', planted="1990-04"),
    Canary(kind="PERSON", text='cut off: {"first_name": "Grace", "last', planted="Grace"),
    Canary(kind="PERSON", text="{'last_name': 'Hopper', 'n': None}", planted="Hopper"),
)

HARMLESS: Final = (
    "2024-05-15 15:00:00 EST",
    "2024-05-15T15:00:00.123Z",
    "on 05/20/2024 at 10:30, until 12:00",
    "550e8400-e29b-41d4-a716-446655440000",
    "12345678-1234-4234-8234-123456789abc",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "gpt-4o-2024-05-13",
    "claude-3-5-sonnet@20240620",
    "version 1.2.3.4",
    "Chrome/120.0.0.0 Safari/537.36",
    "numpy==1.26.4.0",
    "Python 3.11.4",
    "1716300000",
    "1716300000000",
    "1716300000000000000",
    "12,345 tokens of 128000",
    "max_tokens: 4096, token: 12",
    "$1,299.99 or 1299.99 EUR",
    "the total is 1 234 567 890",
    "order 123456789012",
    "order number #W2378156",
    "Reservation NO6JO3",
    "flights HAT136 and HAT039",
    "37.774900, -122.419400",
    "lat=48.858370 lon=2.294481",
    "IMG_20240515_123456.jpg",
    "report-2024-05-15-1234567.pdf",
    "icon@2x.png",
    "call 911 in an emergency",
    "ISBN 978-3-16-148410-0",
    "call_oIHazX6yQrB8hUwl4cRilFKj",
    "chatcmpl-9x8y7z6w5v4u3t2s1r0q",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2 bags on the way, 3 items in the park",
    "it is 20 minutes drive from here",
    "via flight 123 to Rome",
    "password is required",
    "the password must have 8 characters",
    "API key missing",
    "1000-2000 and 2024-2026",
    "(1859 - 140) * 2 + (537 - 107) + (996 - 141)",
    "listening on 127.0.0.1:4318 and 0.0.0.0",
    "std::vector<int> a::b",
    "12:30:45 and 10:20:30:40",
    "@decorator a @ b",
    "row 12345678 of 99999999",
    "basic economy, one way",
    "basic information about your booking",
    "<PHONE_7f3k2q2d> and <CARD>",
)
