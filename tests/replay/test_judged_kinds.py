"""An answer is told by what it does: its calls, or what its words do."""

from __future__ import annotations

import json

import pytest

from replay.judging import call, calls, compared
from trainingloop.replay import Answer
from trainingloop.replay.checks import DEFAULT_CHECKS, Checks, ToolPatterns
from trainingloop.replay.judgements import Agreement, Kind, kind_of

REFUSALS = (
    "I can't help with that.",
    "I\u2019m sorry, but I cannot assist with that request.",
    "I won't be able to help you with this.",
    "I'm unable to provide medical advice.",
    "As an AI language model, I have no opinion on it.",
    "Lo siento, pero no puedo ayudarle con eso.",
    "Es tut mir leid, dabei kann ich Ihnen nicht helfen.",
    "Ich kann diese Anfrage leider nicht beantworten.",
    "Je suis désolé, je ne peux pas vous aider avec cette demande.",
    "Mi dispiace, ma non posso aiutarla con questa richiesta.",
    "Desculpe, mas não posso ajudar com esse pedido.",
)
DENIALS = (
    "Basic economy tickets cannot be changed.",
    "I can't do that: our policy allows one exchange per order.",
    "Unfortunately your booking isn't eligible for a refund.",
    "I'm not able to refund this order. Would you like a voucher instead?",
    "Travel insurance is non-refundable.",
    "According to our policy, returns can only be exchanged within 30 days.",
    "It won't be eligible for a refund.",
    "It's not possible to remove one passenger.",
    "I'm unable to check the balance of gift cards.",
    "Lamentablemente, su reserva no es reembolsable.",
    "No podemos modificar los billetes de esta tarifa.",
    "Leider ist eine Erstattung nach 14 Tagen nicht möglich.",
    "Dieser Tarif kann nicht storniert werden.",
    "Ce billet n'est pas remboursable.",
    "Nous ne pouvons pas modifier cette réservation.",
    "Purtroppo il biglietto non è rimborsabile.",
    "Non possiamo annullare l'ordine perché è già stato spedito.",
    "Infelizmente a sua reserva não é reembolsável.",
    "Não podemos alterar esta passagem.",
)
QUESTIONS = (
    "Could you tell me your booking code?",
    "Please provide your order number.",
    "To look it up I'll need your booking code.",
    "Let me know which of the two you prefer.",
    "I can't start without your order number.",
    "I can't find it by name. What is your order number?",
    "Please note that fares cannot be refunded. Do you want to go on?",
    "I recommend transferring you to a human agent. Would you like that?",
    "Would you like another date, or is there anything else I can do?",
    "¿Podría indicarme su número de pedido?",
    "Necesito su código de reserva.",
    "Könnten Sie mir Ihre Buchungsnummer nennen?",
    "Bitte nennen Sie mir Ihre Bestellnummer.",
    "Pourriez-vous me donner votre numéro de commande ?",
    "Veuillez indiquer votre numéro de réservation.",
    "Potrebbe indicarmi il numero dell'ordine?",
    "Ho bisogno del suo codice di prenotazione.",
    "Poderia informar o número do pedido?",
    "Preciso do seu código de reserva.",
)
TRANSFERS = (
    "I'll transfer you to a human agent now.",
    "Let me connect you with a colleague.",
    "YOU ARE BEING TRANSFERRED TO A HUMAN AGENT. PLEASE HOLD ON.",
    "Connecting you to an agent now.",
    "One of our specialists will contact you shortly.",
    "Le paso con un agente humano.",
    "Le transferiré a un compañero.",
    "Ich verbinde Sie mit einer Kollegin.",
    "Ich leite Ihr Anliegen an unser Team weiter.",
    "Je vous transfère à un conseiller.",
    "Je vais vous mettre en relation avec un collègue.",
    "La trasferisco a un operatore.",
    "La metto in contatto con un collega.",
    "Vou transferir você para um atendente.",
    "Vou encaminhar o seu caso para um colega.",
)
REPLIES = (
    "I can't find an order under that name.",
    "Ich kann die Bestellung nicht finden.",
    "No se preocupe, su reserva está confirmada.",
    "Your flight leaves at 7:00 from gate 4.",
    "Hi! How can I help you today?",
    "Your booking has been cancelled. Is there anything else I can help you with?",
    "You're welcome! If you have any questions, please let me know.",
    "Su vuelo sale a las 7:00. ¿Hay algo más en lo que pueda ayudarle?",
    "Ihr Flug geht um 7:00 Uhr. Kann ich sonst noch etwas für Sie tun?",
    "Votre vol part à 7 h. Puis-je vous aider avec autre chose ?",
    "Il suo volo parte alle 7:00. Posso aiutarla con altro?",
    "O seu voo sai às 7:00. Posso ajudar com mais alguma coisa?",
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, Kind.REFUSE) for text in REFUSALS),
        *((text, Kind.DENY) for text in DENIALS),
        *((text, Kind.ASK) for text in QUESTIONS),
        *((text, Kind.ESCALATE) for text in TRANSFERS),
        *((text, Kind.REPLY) for text in REPLIES),
        (" \n", Kind.EMPTY),
    ],
)
def test_words_are_told_by_what_they_do(text: str, kind: Kind) -> None:
    """In six languages."""
    assert kind_of(Answer(text=text), DEFAULT_CHECKS) is kind


@pytest.mark.parametrize("text", [*REFUSALS, *DENIALS, *QUESTIONS, *TRANSFERS, *REPLIES])
def test_json_around_words_makes_them_no_others(text: str) -> None:
    """Assistants that answer in JSON say the same."""
    wrapped = Answer(text=json.dumps({"message": text}))

    assert kind_of(wrapped, DEFAULT_CHECKS) is kind_of(Answer(text=text), DEFAULT_CHECKS)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(Answer(refusal="I'm sorry, no."), Kind.REFUSE, id="set-apart"),
        pytest.param(Answer(finish_reason="content_filter"), Kind.REFUSE, id="filtered"),
        pytest.param(Answer(finish_reason="error"), Kind.ERROR, id="error"),
        pytest.param(Answer(), Kind.EMPTY, id="nothing"),
        pytest.param(
            Answer(text="I can't help with that.", tool_calls=(call("get_it"),)),
            Kind.TOOL_READ, id="calls-come-first",
        ),
        pytest.param(calls(call("get_it"), call("pay_it")), Kind.TOOL_WRITE, id="a-write-among"),
        pytest.param(
            calls(call("pay_it"), call("escalate_case")), Kind.ESCALATE, id="escalation-among"
        ),
    ],
)  # fmt: skip
def test_what_an_answer_does_decides(answer: Answer, kind: Kind) -> None:
    """The strongest of what it does."""
    assert kind_of(answer, DEFAULT_CHECKS) is kind


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ("get_order", Kind.TOOL_READ),
        ("getOrderDetails", Kind.TOOL_READ),
        ("crm.search_customers", Kind.TOOL_READ),
        ("mcp__shop__list_orders", Kind.TOOL_READ),
        ("order_lookup", Kind.TOOL_READ),
        ("calculate", Kind.TOOL_READ),
        ("cancel_order", Kind.TOOL_WRITE),
        ("check_in_passenger", Kind.TOOL_WRITE),
        ("get_or_create_user", Kind.TOOL_WRITE),
        ("frobnicate", Kind.TOOL_WRITE),
        ("", Kind.TOOL_WRITE),
        ("transfer_to_human_agents", Kind.ESCALATE),
        ("support.escalateTicket", Kind.ESCALATE),
        ("handoff", Kind.ESCALATE),
        ("notify_human_agent", Kind.ESCALATE),
    ],
)
def test_a_tool_is_told_by_its_name(tool: str, kind: Kind) -> None:
    """One that nobody knows writes."""
    assert kind_of(calls(call(tool)), DEFAULT_CHECKS) is kind


def test_what_a_user_says_of_a_tool_comes_first() -> None:
    """A house has its own names."""
    checks = Checks(tools=ToolPatterns(read=("check_in_status",), escalate=("get_help",)))

    assert kind_of(calls(call("check_in_status")), checks) is Kind.TOOL_READ
    assert kind_of(calls(call("get_help")), checks) is Kind.ESCALATE


def test_an_escalation_in_words_is_one_of_the_same_kind_as_another() -> None:
    """Whatever the words: far apart as texts, the same for the customer."""
    judgement = compared(
        "I'll transfer you to a human agent.", "Let me connect you with a colleague."
    )

    assert judgement.agreement is Agreement.SAME_CALLS
    assert judgement.text_similarity < 0.3


def test_an_escalation_in_words_is_of_the_kind_of_one_by_tool() -> None:
    """But one of them only says so."""
    judgement = compared("I'll transfer you to a human agent.", calls(call("escalate_case")))

    assert judgement.agreement is Agreement.SAME_KIND
    assert judgement.replayed_intent == "escalate:escalate_case"


def test_a_refusal_is_no_denial() -> None:
    """Both say "cannot": one is the model's own, one the house's rule."""
    judgement = compared("I cannot assist with that.", "This fare cannot be refunded.")

    assert judgement.agreement is Agreement.DIFFERENT
    assert judgement.newly_safe == ("refusal",)
