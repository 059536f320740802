"""What two texts name is compared in one spelling, whatever their words."""

from __future__ import annotations

import pytest

from replay.judging import compared
from trainingloop.replay.judgements import Agreement


def named(recorded: str, replayed: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What only one of two texts names."""
    return [
        (found.kind, found.recorded, found.replayed)
        for found in compared(recorded, replayed).entities
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You get $120.", "You get 120 USD."),
        ("You get $1,200.50.", "You get 1200.5 dollars."),
        ("Das kostet 1.200,50 €.", "Das kostet EUR 1200,50."),
        ("Ça coûte 1 200,50 €.", "Ça coûte €1200.5."),
        ("Custa R$ 1.234,00.", "Custa 1234 reais."),
        ("It is 12.5%.", "It is 12.50 %."),
        ("On 2024-05-12.", "On May 12, 2024."),
        ("On 12 May 2024.", "On the 12th of May, 2024."),
        ("Am 12.05.2024.", "Am 12. Mai 2024."),
        ("El 12 de mayo de 2024.", "El 2024-05-12."),
        ("Le 12 août 2024.", "Le 2024-08-12."),
        ("On May 12.", "On 2024-05-12."),
        ("At 3 pm.", "At 15:00."),
        ("At 3:05 p.m.", "At 15:05:00."),
        ("Um 18 Uhr.", "Um 18:00."),
        ("Two bags.", "2 bags."),
        ("Zwei Koffer für Sie.", "2 Koffer für Sie."),
        ("1. Cancel it\n2. Keep it", "- Cancel it\n- Keep it"),
        ("Order **#W2378156**.", "Order #W2378156."),
        ('{"message": "You get $120."}', "You get $120."),
    ],
)
def test_the_same_in_another_spelling_is_no_difference(one: str, other: str) -> None:
    """Amounts, days, times and numbers have one spelling."""
    differences = named(one, other)

    assert differences == []


@pytest.mark.parametrize(
    ("recorded", "replayed", "expected"),
    [
        ("Refund of $120.", "Refund of $210.", ("amount", ("120 USD",), ("210 USD",))),
        ("It is $120.", "It is 120 €.", ("amount", ("120 USD",), ("120 EUR",))),
        ("10% off.", "15% off.", ("percent", ("10",), ("15",))),
        ("On May 12, 2024.", "On May 21, 2024.", ("date", ("2024-05-12",), ("2024-05-21",))),
        ("On 5/12.", "On 12/5.", ("date", ("5/12",), ("12/5",))),
        ("It comes tomorrow.", "It comes today.", ("date", ("tomorrow",), ("today",))),
        ("At 3 pm.", "At 3 am.", ("time", ("15:00",), ("03:00",))),
        ("Two bags.", "3 bags.", ("number", ("2",), ("3",))),
        ("Booking XEWRD9.", "Booking XEWRD8.", ("id", ("XEWRD9",), ("XEWRD8",))),
        ("Booking IFOYYZ.", "Booking IFOYZY.", ("id", ("IFOYYZ",), ("IFOYZY",))),
        ("Order 8841234.", "Order 8841243.", ("id", ("8841234",), ("8841243",))),
        (
            "See https://a.example/x.", "See https://b.example/x.",
            ("link", ("https://a.example/x",), ("https://b.example/x",)),
        ),
        (
            "See example.net/x.", "See example.net/y.",
            ("link", ("example.net/x",), ("example.net/y",)),
        ),
        (
            "Call 0800 123 4567.", "Call 0800 123 4568.",
            ("phone", ("08001234567",), ("08001234568",)),
        ),
        (
            "Sent to <EMAIL_abcd2345>.", "Sent to <EMAIL_zzzz2345>.",
            ("token", ("<EMAIL_abcd2345>",), ("<EMAIL_zzzz2345>",)),
        ),
    ],
)  # fmt: skip
def test_another_fact_is_a_difference(
    recorded: str, replayed: str, expected: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> None:
    """Of its kind, with what either side names."""
    differences = named(recorded, replayed)

    assert differences == [expected]


@pytest.mark.parametrize(
    ("recorded", "replayed", "negation"),
    [
        ("I have cancelled it.", "I have not cancelled it.", "not cancel"),
        ("I have cancelled it.", "I haven't cancelled it.", "not cancel"),
        ("You can change it.", "You cannot change it.", "not change"),
        ("It is eligible.", "It is not eligible.", "not eligible"),
        ("I was able to refund it.", "I was unable to refund it.", "not refund"),
        ("La he cancelado.", "No la he cancelado.", "not cancel"),
        ("Ich habe es storniert.", "Ich habe es nicht storniert.", "not cancel"),
        ("Je l'ai annulée pour vous.", "Je ne l'ai pas annulée pour vous.", "not cancel"),
        ("Ho annullato il volo.", "Non ho annullato il volo.", "not cancel"),
        ("O voo foi cancelado.", "O voo não foi cancelado.", "not cancel"),
    ],
)
def test_what_is_not_so_is_a_difference(recorded: str, replayed: str, negation: str) -> None:
    """A word of three letters turns an answer around, and texts stay alike."""
    judgement = compared(recorded, replayed)

    assert [(found.kind, found.replayed) for found in judgement.entities] == [
        ("negation", (negation,))
    ]
    assert judgement.agreement is not Agreement.SAME_CALLS


@pytest.mark.parametrize(
    ("recorded", "replayed", "expected"),
    [
        ("You get  $120 back.", "You get $120\nback.", Agreement.IDENTICAL),
        ("You get $120 back.", "We pay you $120.", Agreement.SAME_CALLS),
        ("You get $120 back.", "We pay you $210.", Agreement.SAME_KIND),
        ("The fee is $5, you get $9.", "The fee is $9, you get $5.", Agreement.SAME_CALLS),
        ("It is fine.", "It is late.", Agreement.SAME_KIND),
        ("You get $120 back.", "Do you want $120 back?", Agreement.DIFFERENT),
        ("", "", Agreement.IDENTICAL),
        ("", "You get $120 back.", Agreement.DIFFERENT),
    ],
)
def test_words_agree_as_far_as_they_do_and_name_the_same(
    recorded: str, replayed: str, expected: Agreement
) -> None:
    """As a set: which fact belongs to what is not read, nor agreed on where there is none."""
    assert compared(recorded, replayed).agreement is expected


def test_similarity_is_told_and_decides_nothing() -> None:
    """The more alike of two pairs is the worse one."""
    turned_around = compared("I have cancelled the booking", "I have not cancelled the booking")
    other_words = compared("I'll transfer you to a human agent", "Let me connect you to our team")

    assert turned_around.text_similarity > 0.7 > other_words.text_similarity
    assert turned_around.agreement is Agreement.SAME_KIND
    assert other_words.agreement is Agreement.SAME_CALLS


def test_a_text_without_end_is_read_in_bounded_work() -> None:
    """What comes after the first ten thousand characters is not read."""
    judgement = compared("(1) " * 50_000, "$1 " * 50_000)

    assert judgement.agreement is Agreement.SAME_KIND
