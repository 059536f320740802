"""Names of fields that say whose name is in them: ``stylist_name``, ``agents[].name``."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


CLEAR_ROLES: Final = _words(
    "customer guest passenger traveler traveller recipient receiver addressee attendee "
    "participant patient payee payer beneficiary sender contact stylist hairdresser barber "
    "therapist counselor counsellor doctor physician dentist nurse surgeon midwife caregiver "
    "carer courier chauffeur employee employer colleague coworker supervisor boss landlord "
    "landlady realtor lawyer attorney solicitor notary accountant teacher tutor instructor coach "
    "student pupil guardian mother father spouse husband wife son daughter brother sister friend "
    "invitee interviewer interviewee applicant cardholder accountholder policyholder insured "
    "claimant buyer purchaser shopper renter lessee lessor borrower lender donor volunteer "
    "caller callee requester requestor submitter assignee approver signer signatory technician "
    "mechanic plumber electrician gardener cleaner babysitter nanny housekeeper waiter waitress "
    "bartender masseur masseuse resident occupant inhabitant citizen victim witness salesperson "
    "teammate roommate concierge receptionist consultant advisor adviser engineer staffmember "
    "huesped pasajero destinatario remitente paciente conductor empleado empleada comprador "
    "beneficiario viajero invitado estilista terapeuta medico medica inquilino peluquero kunde "
    "kundin fahrgast passagier reisender empfanger absender fahrer mitarbeiter kaufer arzt "
    "arztin teilnehmer friseur friseurin mieter vermieter ansprechpartner passager voyageur "
    "destinataire expediteur medecin titulaire employe acheteur coiffeur coiffeuse therapeute "
    "locataire passeggero ospite mittente paziente autista intestatario dipendente acquirente "
    "partecipante parrucchiere passageiro hospede remetente motorista funcionario participante "
    "cabeleireiro klant gast ontvanger afzender medewerker"
)
"""Nobody but a person has one of these roles."""
MIXED_ROLES: Final = _words(
    "agent user trainer candidate subscriber owner author manager host representative member "
    "person individual client tenant driver rider editor creator assigned assignedto createdby "
    "bookedby reservedby orderedby requestedby approvedby reportedby servedby handledby "
    "bookedfor cliente titular agente gerente inhaber eigentumer proprietaire proprietario"
)
"""A person, or else a program, a machine or a company: what stands there has to be two words."""
_ALSO_SHOPS: Final = _words("stylist hairdresser barber dentist doctor masseur masseuse")
"""Beside a rating or opening hours their name may be that of a business."""
_NAMES: Final = _words("name names nombre nombres nome nomi nom noms naam fullname")
PARTS_OF_NAMES: Final = _words("first last middle given family")
"""In an object about a person, or one called ``name``."""
_WORD: Final = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")


class PersonsField(NamedTuple):
    """What the name of a field says about the person in it."""

    is_named: bool
    """Whether the field says that it holds a name, and not just who it is about."""
    is_clear: bool
    """Whether only persons have that role."""
    may_be_shop: bool = False


def persons_field(name: str) -> PersonsField | None:
    """Whether a field holds the name of a person in some role, or an object about one."""
    words = _words_of(name)
    is_named = len(words) > 1 and (words[-1] in _NAMES or words[0] in _NAMES)
    if is_named:
        words = words[:-1] if words[-1] in _NAMES else words[1:]
    # Their role is the last word, or the last two: ``assigned_to``.
    for role in (words[-1], "".join(words[-2:])) if words else ():
        for form in (role, role.removesuffix("s")):
            if form in CLEAR_ROLES:
                return PersonsField(is_named, True, form in _ALSO_SHOPS)
            if form in MIXED_ROLES:
                return PersonsField(is_named, False)
    return None


def _words_of(name: str) -> list[str]:
    """The words of a name in any way to write names of fields, in lower case without accents."""
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", name[:64]) if not unicodedata.combining(char)
    )
    return [word.lower() for word in _WORD.findall(bare)]
