"""The names of fields that say what is in them, in seven languages."""

from __future__ import annotations

from typing import Final

from trainingloop.processor._entities import Entity


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


# Names of fields, without case, separators and accents. As a whole:
FIELDS: Final[dict[Entity, str]] = {
    Entity.EMAIL: (
        "mail correo courriel emailadresse emailadres postaelettronica emailto emailfrom"
    ),
    Entity.PHONE: (
        "phone phones mobile cell tel fax msisdn whatsapp waid wanumber movil celular "
        "telefono telefon telefone telephone handy handynummer phoneno gsm telefonnummer "
        "telefoon telefoonnummer cellulare portable telemovel mobiel numerotelefono "
        "numerodetelefono numerocellulare numerodetelephone numerocelular telno phonenum "
        "rufnr"
    ),
    Entity.CARD: (
        "pan cardno ccnum creditcard debitcard cardnum kartennummer kreditkartennummer "
        "numerotarjeta numerodetarjeta numerocarte numerodecarte numerocarta numerocartao"
    ),
    Entity.IBAN: "iban",
    Entity.ACCOUNT: (
        "accountnumber accountno acctnumber acctno kontonummer numerodecuenta "
        "numerocuenta numerodecompte numerocompte numeroconto numeroconta numerodaconta "
        "rekeningnummer clabe routingnumber sortcode blz"
    ),
    Entity.SSN: "ssn socialsecurityno socialsecuritynum",
    Entity.NATIONAL_ID: (
        "dni nie nif nino cpf curp nir passport passportno taxid steuerid idnr aadhaar "
        "nationalid nhsnumber licensenumber pasaporte reisepass personnummer bsn pesel "
        "ahv ahvnummer svnr sozialversicherungsnummer steuernummer itin rfc nss cuit cuil "
        "cedula personalausweis ausweisnummer nationalinsurancenumber identitynumber "
        "idcardnumber numerosecuritesociale numerodepasaporte numeropasaporte"
    ),
    Entity.IP: "ip ipaddr ipaddress clientip remoteip remoteaddr userip xforwardedfor xrealip",
    Entity.MAC: "macaddress macaddr",
    Entity.ADDRESS: (
        "address address1 address2 addressline addressline1 addressline2 addr street "
        "street1 street2 streetname direccion adresse anschrift indirizzo endereco "
        "domicilio strasse morada adres straat calle rua logradouro housenumber "
        "hausnummer huisnummer streetnumber lieferadresse rechnungsadresse direccionenvio "
        "direcciondeenvio adresselivraison adressedelivraison adressefacturation "
        "indirizzospedizione enderecoentrega"
    ),
    Entity.DOB: (
        "dob birthday birthdate bday born bornon bornat birth birthyear geburtstag "
        "nacimiento nascimento naissance dateborn fechanac datenaissance geboortedatum"
    ),
    Entity.PERSON: (
        "firstname lastname middlename fullname givenname familyname surname forename "
        "nickname apellido apellidos primerapellido segundoapellido vorname nachname "
        "prenom cognome sobrenome nomecompleto nombrecompleto nomdefamille primeironome "
        "ultimonome voornaam achternaam nombredepila ansprechpartner username cardholder "
        "accountholder"
    ),
    Entity.SECRET: (
        "pwd passwd pin pincode cvv cvv2 cvc cvc2 otp cookie setcookie authorization "
        "credentials secret apikey xapikey passcode senha passwort contrasena motdepasse "
        "kennwort"
    ),
    Entity.CRYPTO: "walletaddress",
}
# And as the end of a longer name: ``customerEmail``, ``billing_street_address``.
FIELD_ENDINGS: Final = (
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
    ("accountnumber", Entity.ACCOUNT),
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
    ("workaddress", Entity.ADDRESS),
    ("currentaddress", Entity.ADDRESS),
    ("residentialaddress", Entity.ADDRESS),
    ("addressline", Entity.ADDRESS),
    ("streetline", Entity.ADDRESS),
    ("addressline1", Entity.ADDRESS),
    ("addressline2", Entity.ADDRESS),
    ("streetname", Entity.ADDRESS),
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
    ("datanascita", Entity.DOB),
    ("datadenascimento", Entity.DOB),
    ("datanascimento", Entity.DOB),
    ("firstname", Entity.PERSON),
    ("lastname", Entity.PERSON),
    ("fullname", Entity.PERSON),
    ("familyname", Entity.PERSON),
    ("maidenname", Entity.PERSON),
    ("customername", Entity.PERSON),
    ("travelername", Entity.PERSON),
    ("travellername", Entity.PERSON),
    ("attendeename", Entity.PERSON),
    ("clientname", Entity.PERSON),
    ("employeename", Entity.PERSON),
    ("drivername", Entity.PERSON),
    ("sendername", Entity.PERSON),
    ("billingname", Entity.PERSON),
    ("shippingname", Entity.PERSON),
    ("payeename", Entity.PERSON),
    ("beneficiaryname", Entity.PERSON),
    ("emergencycontactname", Entity.PERSON),
    ("buyername", Entity.PERSON),
    ("bookername", Entity.PERSON),
    ("holdername", Entity.PERSON),
    ("nombrecliente", Entity.PERSON),
    ("nombredelcliente", Entity.PERSON),
    ("nombretitular", Entity.PERSON),
    ("nomecliente", Entity.PERSON),
    ("nomedocliente", Entity.PERSON),
    ("nomcliente", Entity.PERSON),
    ("nomduclient", Entity.PERSON),
    ("nomeintestatario", Entity.PERSON),
    ("nomepassageiro", Entity.PERSON),
    ("nombrepasajero", Entity.PERSON),
    ("kundenname", Entity.PERSON),
    ("naamklant", Entity.PERSON),
    ("preferredname", Entity.PERSON),
    ("legalname", Entity.PERSON),
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
PEOPLE: Final = _words(
    "customer client guest passenger traveler traveller recipient receiver attendee patient "
    "payee beneficiary sender contact cliente kunde klant pasajero passageiro passager "
    "passeggero huesped hospede ospite destinatario destinataire empfanger empfaenger "
    "titular titulaire intestatario passengers guests attendees travelers travellers "
    "recipients invitees bookedby bookedfor reservedby orderedby soldto shipto billto "
    "invitee doctor therapist nombre nombres nombreapellidos nomeesobrenome nomprenom naam"
)
"""They hold a person's name, or else an object, an id or a role: the value has to look like one."""
SOLO: Final = frozenset({"guest", "passenger", "recipient", "receiver", "attendee", "patient"})
"""Of these, the ones where a first name alone is enough."""
ROLES: Final = _words(
    "user agent customer assistant system bot support all me self guest adult child none "
    "unknown true false new regular premium gold silver platinum basic standard vip null "
    "yes no tool function human model service any both other default group party family "
    "everyone unassigned assigned tbd tba pending available anyone someone nobody team department "
    "desk queue billing sales triage ai specialist expert router planner gpt llm hotel restaurant "
    "salon clinic hospital inc ltd llc gmbh company office agency academy studio spa"
)
"""What stands there that is nobody's name."""
NAMES: Final = frozenset({"name", "nombre", "nome", "nom", "naam", "displayname"})
"""They name anything: a person only beside other fields of a person."""
BUSINESS: Final = _words(
    "rating ratings stars cuisine cuisines pricerange website openinghours hours category "
    "categories menu sku brand price reviews reviewcount amenities rooms checkintime "
    "capacity businesshours latitude longitude lat lng placeid servicetype averagerating "
    "isunisex offerscosmeticservices haslivemusic servesalcohol hasvegetarianoptions"
)
"""Fields of shops, hotels and restaurants, which have a name, a number and an address as well."""
POSTCODES: Final = _words(
    "zip zipcode postcode postalcode plz postleitzahl cp codigopostal codepostal cap cep "
    "postnumber postnummer pincode zip4 zipcode4"
)
UNITS: Final = _words(
    "apt apartment unit suite flat apto complemento piso puerta interior aptnumber"
)
"""With `POSTCODES`: a part of an address beside a street."""
