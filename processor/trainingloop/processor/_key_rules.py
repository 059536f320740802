"""What the name of an attribute or of a JSON field says about its value."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from trainingloop.instrumentation import semconv
from trainingloop.processor._entities import TOKEN, Entity


class Action(StrEnum):
    """How the value under a key is treated."""

    KEEP = "keep"
    """It is structure; it goes only when the whole of it is an e-mail address or phone number."""
    IDENTIFIER = "identifier"
    """As ``keep``, and digits alone that are a phone number make it one."""
    SCAN = "scan"
    """Detectors look for personal data in it."""
    REPLACE = "replace"
    """The key says what it is: all of it goes."""
    CAPTURE = "capture"
    """The policy leaves it as it is: nobody looks at it."""
    DROP = "drop"
    """The policy wants none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to do with a value; for ``replace``, what it is called."""

    action: Action
    entity: Entity = Entity.ID
    digits_needed: int = 0
    """A value with fewer of them is not what its key says."""
    kind: str = ""
    """What the policy calls it, where that is no `Entity`."""
    stand_in: str = ""
    """Which action of the policy makes what stands in its place; by default that of its kind."""


_KEEP: Final = Rule(action=Action.KEEP)
_IDENTIFIER: Final = Rule(action=Action.IDENTIFIER)
_SCAN: Final = Rule(action=Action.SCAN)

_KEPT_KEYS: Final = frozenset(
    {
        semconv.OPERATION_NAME,
        semconv.PROVIDER_NAME,
        semconv.AGENT_NAME,
        semconv.REQUEST_MODEL,
        semconv.RESPONSE_MODEL,
        semconv.RESPONSE_ID,
        semconv.FINISH_REASONS,
        semconv.TOOL_NAME,
        semconv.TOOL_TYPE,
        semconv.TOOL_CALL_ID,
        semconv.PROMPT_NAME,
        semconv.PROMPT_VERSION,
        semconv.ENDUSER_PSEUDO_ID,
        semconv.SERVICE_NAME,
        semconv.SERVICE_VERSION,
        semconv.DEPLOYMENT_ENVIRONMENT,
        semconv.VCS_REVISION,
        semconv.VCS_BRANCH,
        semconv.TENANT_ID,
        semconv.CHANNEL,
        semconv.TURN_INDEX,
        semconv.EXPERIMENT_ID,
        semconv.EXPERIMENT_VARIANT,
        semconv.DECISION_KIND,
        semconv.TOOL_ARGUMENTS_HASH,
        semconv.TOOLS_NAMES,
        semconv.PLAYBOOK_ID,
        semconv.PLAYBOOK_NAME,
        semconv.PLAYBOOK_VERSION,
        semconv.PLAYBOOK_HASH,
        semconv.PLAYBOOK_RULES_FIRED,
        semconv.PROMPT_HASH,
        semconv.TOOLS_HASH,
        semconv.CODE_VERSION,
        semconv.CODE_DIRTY,
        semconv.LIBRARY_VERSION,
        semconv.COHORT,
        semconv.EVENT_KIND,
        semconv.SOURCE,
        semconv.DIALECT,
        semconv.ERROR_TYPE,
        "gen_ai.system",
        "gen_ai.output.type",
        "gen_ai.token.type",
        "openai.api.type",
        "openai.response.system_fingerprint",
        "llm.model_name",
        "llm.provider",
        "llm.system",
        "openinference.span.kind",
        "traceloop.span.kind",
        "exception.type",
        "exception.escaped",
        "http.request.method",
        "http.response.status_code",
        "server.address",
        "server.port",
        "url.scheme",
        "otel.status_code",
        "otel.scope.version",
        "host.arch",
        "os.type",
        "os.version",
    }
)
_KEPT_PREFIXES: Final = (
    "gen_ai.usage.",
    "llm.token_count.",
    "trainingloop.redaction.",
    "trainingloop.recorder.",
    "telemetry.",
    "process.runtime.",
)
_IDENTIFIERS: Final = frozenset(
    {
        semconv.CONVERSATION_ID,
        semconv.EVENT_ID,
        semconv.SERVICE_INSTANCE_ID,
        "session.id",
        "user.id",
        "enduser.id",
        "thread.id",
        "langfuse.session.id",
        "langfuse.user.id",
        "langfuse.trace.user_id",
    }
)
_REPLACED_KEYS: Final = {
    "client.address": Entity.IP,
    "source.address": Entity.IP,
    "network.peer.address": Entity.IP,
    "net.peer.ip": Entity.IP,
    "net.sock.peer.addr": Entity.IP,
    "http.client_ip": Entity.IP,
    "user.name": Entity.PERSON,
    "enduser.name": Entity.PERSON,
    "process.owner": Entity.PERSON,
}
_SECRET_HEADERS: Final = re.compile(
    r"http\.(?:request|response)\.header\.(?:.*(?:auth|cookie|token|secret|key|session|csrf).*)"
)

# Names of fields, without case, separators and accents. As a whole:
_FIELDS: Final[dict[Entity, str]] = {
    Entity.EMAIL: "mail correo courriel",
    Entity.PHONE: "phone phones mobile cell tel fax msisdn whatsapp waid wanumber movil celular "
    "telefono telefon telefone telephone handy handynummer phoneno gsm",
    Entity.CARD: "pan cardno ccnum creditcard debitcard cardnum",
    Entity.IBAN: "iban",
    Entity.ACCOUNT: "accountnumber accountno acctnumber kontonummer",
    Entity.SSN: "ssn",
    Entity.NATIONAL_ID: "dni nie nif nino cpf curp nir passport passportno taxid steuerid idnr "
    "aadhaar nationalid nhsnumber licensenumber pasaporte reisepass personnummer",
    Entity.IP: "ip ipaddr ipaddress clientip remoteip remoteaddr userip xforwardedfor xrealip",
    Entity.MAC: "macaddress macaddr",
    Entity.ADDRESS: "address address1 address2 addressline addressline1 addressline2 addr street "
    "street1 street2 streetname direccion adresse anschrift indirizzo endereco domicilio strasse",
    Entity.DOB: "dob birthday birthdate bday born bornon bornat birth birthyear geburtstag "
    "nacimiento nascimento naissance",
    Entity.PERSON: "firstname lastname middlename fullname givenname familyname surname forename "
    "nickname nombre nombres apellido apellidos vorname nachname prenom cognome sobrenome "
    "nomecompleto nombrecompleto nomdefamille username cardholder accountholder",
    Entity.SECRET: "pwd passwd pin pincode cvv cvv2 cvc cvc2 otp cookie setcookie authorization "
    "credentials secret apikey xapikey passcode senha passwort contrasena motdepasse kennwort",
    Entity.CRYPTO: "walletaddress",
}
# And as the end of a longer name: ``customerEmail``, ``billing_street_address``.
_FIELD_ENDINGS: Final = (
    ("email", Entity.EMAIL),
    ("emails", Entity.EMAIL),
    ("emailaddress", Entity.EMAIL),
    ("emailaddr", Entity.EMAIL),
    ("correoelectronico", Entity.EMAIL),
    ("phone", Entity.PHONE),
    ("phonenumber", Entity.PHONE),
    ("phonenumbers", Entity.PHONE),
    ("mobilenumber", Entity.PHONE),
    ("cellnumber", Entity.PHONE),
    ("faxnumber", Entity.PHONE),
    ("whatsappnumber", Entity.PHONE),
    ("telephone", Entity.PHONE),
    ("telefonnummer", Entity.PHONE),
    ("rufnummer", Entity.PHONE),
    ("cardnumber", Entity.CARD),
    ("ccnumber", Entity.CARD),
    ("creditcardnumber", Entity.CARD),
    ("ssnlast4", Entity.SSN),
    ("ssnlastfour", Entity.SSN),
    ("bankaccount", Entity.ACCOUNT),
    ("bankaccountnumber", Entity.ACCOUNT),
    ("socialsecuritynumber", Entity.SSN),
    ("socialsecurity", Entity.SSN),
    ("passportnumber", Entity.NATIONAL_ID),
    ("passportnum", Entity.NATIONAL_ID),
    ("nationalidnumber", Entity.NATIONAL_ID),
    ("taxidentifier", Entity.NATIONAL_ID),
    ("licencenumber", Entity.NATIONAL_ID),
    ("driverslicense", Entity.NATIONAL_ID),
    ("driverlicense", Entity.NATIONAL_ID),
    ("codicefiscale", Entity.NATIONAL_ID),
    ("streetaddress", Entity.ADDRESS),
    ("homeaddress", Entity.ADDRESS),
    ("postaladdress", Entity.ADDRESS),
    ("mailingaddress", Entity.ADDRESS),
    ("shippingaddress", Entity.ADDRESS),
    ("billingaddress", Entity.ADDRESS),
    ("deliveryaddress", Entity.ADDRESS),
    ("customeraddress", Entity.ADDRESS),
    ("pickupaddress", Entity.ADDRESS),
    ("dob", Entity.DOB),
    ("dateofbirth", Entity.DOB),
    ("yearofbirth", Entity.DOB),
    ("birthdate", Entity.DOB),
    ("birthday", Entity.DOB),
    ("fechanacimiento", Entity.DOB),
    ("fechadenacimiento", Entity.DOB),
    ("geburtsdatum", Entity.DOB),
    ("datedenaissance", Entity.DOB),
    ("datadinascita", Entity.DOB),
    ("datadenascimento", Entity.DOB),
    ("datanascimento", Entity.DOB),
    ("firstname", Entity.PERSON),
    ("lastname", Entity.PERSON),
    ("fullname", Entity.PERSON),
    ("familyname", Entity.PERSON),
    ("maidenname", Entity.PERSON),
    ("customername", Entity.PERSON),
    ("contactname", Entity.PERSON),
    ("passengername", Entity.PERSON),
    ("guestname", Entity.PERSON),
    ("patientname", Entity.PERSON),
    ("recipientname", Entity.PERSON),
    ("receivername", Entity.PERSON),
    ("cardholdername", Entity.PERSON),
    ("accountholdername", Entity.PERSON),
    ("password", Entity.SECRET),
    ("passphrase", Entity.SECRET),
    ("clientsecret", Entity.SECRET),
    ("secretkey", Entity.SECRET),
    ("apikey", Entity.SECRET),
    ("privatekey", Entity.SECRET),
    ("accesskey", Entity.SECRET),
    ("accesstoken", Entity.SECRET),
    ("refreshtoken", Entity.SECRET),
    ("authtoken", Entity.SECRET),
    ("bearertoken", Entity.SECRET),
    ("sessiontoken", Entity.SECRET),
    ("idtoken", Entity.SECRET),
    ("apitoken", Entity.SECRET),
    ("securitycode", Entity.SECRET),
    ("ipaddress", Entity.IP),
    ("macaddress", Entity.MAC),
)
_ENTITY_OF_FIELD: Final = {
    name: entity for entity, names in _FIELDS.items() for name in names.split()
}
_DIGITS_NEEDED: Final = {Entity.PHONE: 5, Entity.CARD: 12, Entity.ACCOUNT: 4, Entity.NATIONAL_ID: 4}
"""A key such as ``mobile`` or ``credit_card`` also names kinds and types: those have no number."""
# The end of a card's number is what callers are asked for to prove who they are.
_LAST_FOUR: Final = re.compile(
    r".*(?:last(?:4|four)(?:digits?)?|last(?:4|four)?digits?|card(?:number)?ending(?:in)?)"
)

_OF_PERSONS: Final = frozenset(
    (Entity.EMAIL, Entity.PHONE, Entity.DOB, Entity.SSN, Entity.NATIONAL_ID, Entity.PERSON)
)

# ``order_id``, ``orderId`` and ``ID``, but not ``paid`` or ``said``.
_ID_NAME: Final = re.compile(r"(?:\A|[^A-Za-z])(?:id|ID|Id)\Z|[a-z]I[dD]\Z")
_PERSON_IDS: Final = re.compile(
    r"(?:conversation|session|user|enduser|customer|contact|chat|sender|from|to|wa|recipient|thread"
    r"|client|caller|callee|visitor|participant|author|member|account)(?:id)?"
)


@lru_cache(maxsize=8192)
def attribute_rule(key: str) -> Rule:
    """What to do with the value of a span attribute of that name."""
    if key in _KEPT_KEYS or key.startswith(_KEPT_PREFIXES):
        return _KEEP
    if key in _IDENTIFIERS or key.endswith((".id", "_id")):
        return _IDENTIFIER
    if entity := _REPLACED_KEYS.get(key):
        return Rule(action=Action.REPLACE, entity=entity)
    if _SECRET_HEADERS.fullmatch(key.lower()):
        return Rule(action=Action.REPLACE, entity=Entity.SECRET)
    return field_rule(key.rpartition(".")[2])


@lru_cache(maxsize=8192)
def field_rule(name: str) -> Rule:
    """What to do with the value of a JSON field of that name."""
    if "<" in name and TOKEN.search(name):
        # What an earlier pass left of a name says nothing about the value.
        return _SCAN
    squashed = _squashed(name)
    if entity := _entity_of(squashed):
        needed = _DIGITS_NEEDED.get(entity, 0)
        return Rule(action=Action.REPLACE, entity=entity, digits_needed=needed)
    if _LAST_FOUR.fullmatch(squashed):
        return Rule(action=Action.REPLACE, entity=Entity.CARD, digits_needed=4)
    if _ID_NAME.search(name):
        return _IDENTIFIER if _PERSON_IDS.fullmatch(squashed) else _KEEP
    return _SCAN


@lru_cache(maxsize=4096)
def describes_person(names: tuple[str, ...]) -> bool:
    """Whether fields of these names belong to one person, whose ``name`` is then personal too."""
    return any(
        rule.action is Action.REPLACE and rule.entity in _OF_PERSONS
        for rule in map(field_rule, names)
    )


def is_worth_replacing(rule: Rule, value: str) -> bool:
    """Whether a value can be what its key says it is."""
    needed = rule.digits_needed
    return not needed or sum(map(str.isdigit, TOKEN.sub("", value))) >= needed


def _entity_of(squashed: str) -> Entity | None:
    if entity := _ENTITY_OF_FIELD.get(squashed):
        return entity
    endings = (entity for ending, entity in _FIELD_ENDINGS if squashed.endswith(ending))
    # The longest ending is the last that fits: ``email_address`` is no address.
    return next(endings, None)


def _squashed(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name[:64]).lower()
    return "".join(filter(str.isalnum, folded))
