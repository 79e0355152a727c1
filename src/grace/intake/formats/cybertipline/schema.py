"""The elements of the reporting schema (November 2025) as data: order, number, type and attributes of each.

One model, three uses: the reader notes what differs from it, the reporting server checks by it (``validation``), and the
published schema is written from it (``xsd``). What stands elsewhere is newer, older or a sender's own: it is kept verbatim
and noted, never refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grace.sdk.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Shape:
    """An element: its children in their order, which of them are needed or may repeat, and its attributes.

    Without children it is a value, as attributes are: of an XML Schema type, of a list of values, up to ``longest``
    characters, or like a ``pattern``. ``flag`` is raised by being there. ``choice`` means exactly one of the children.
    """

    children: Mapping[str, Shape] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    attributes: Mapping[str, Shape] = field(default_factory=dict)
    ordered: bool = True
    choice: bool = False
    values: frozenset[str] = frozenset()
    type: str = "string"
    longest: int = 0
    pattern: str = ""

    @property
    def is_time(self) -> bool:
        """Whether it states a date and time."""
        return self.type == "dateTime"

    @property
    def is_flag(self) -> bool:
        """Whether it is raised by being there."""
        return self.type == "flag"


@dataclass(frozen=True, slots=True)
class _Child:
    name: str
    shape: Shape
    needed: bool = False
    many: bool = False


def _value(kind: str = "string", longest: int = 0, /, **attributes: Shape) -> Shape:
    return Shape(type=kind, longest=longest, attributes=attributes)


def _listed(*values: str, **attributes: Shape) -> Shape:
    return Shape(values=frozenset(values), attributes=attributes)


_TEXT = _value()
_TIME = _value("dateTime")
_DATE = _value("date")
_FLAG = _value("flag")
_TRUTH = _value("boolean")
_WHOLE = _value("int")
_LONG = _value("long")
_DEGREES = _value("double")


def _one(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape)


def _must(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape, needed=True)


def _many(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape, many=True)


def _seq(*children: _Child, **attributes: Shape) -> Shape:
    return Shape(
        {child.name: child.shape for child in children},
        frozenset(child.name for child in children if child.needed),
        frozenset(child.name for child in children if child.many),
        attributes,
    )


def _any_of(*names: str) -> Shape:
    return replace(_seq(*(_one(name, _FLAG) for name in names)), ordered=False)


def _one_of(*children: _Child) -> Shape:
    return replace(_seq(*children), ordered=False, choice=True)


INCIDENT_TYPES = frozenset(
    {
        "Child Pornography (possession, manufacture, and distribution)",
        "Child Sex Trafficking",
        "Child Sex Tourism",
        "Child Sexual Molestation",
        "Misleading Domain Name",
        "Misleading Words or Digital Images on the Internet",
        "Online Enticement of Children for Sexual Acts",
        "Unsolicited Obscene Material Sent to a Child",
    }
)
EVENT_NAMES = frozenset({"Login", "Registration", "Purchase", "Upload", "Other", "Unknown"})
RELEVANCES = frozenset({"Reported", "Supplemental Reported"})
CLASSIFICATIONS = frozenset({"A1", "A2", "B1", "B2"})

_EMAIL = _value(type=_listed("Home", "Work", "Business", "Recovery"), verified=_TRUTH, verificationDate=_TIME)
_PHONE = _value(
    type=_listed("Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery"),
    verified=_TRUTH,
    verificationDate=_TIME,
    countryCallingCode=Shape(pattern=r"\+[0-9]{1,3}"),
    extension=Shape(pattern="[0-9]+"),
)
_EVENT = Shape(values=EVENT_NAMES)
_ADDRESS = _seq(
    _one("address"),
    _one("city"),
    _one("zipCode"),
    _one("state"),
    _one("nonUsaState"),
    _one("country"),
    type=_listed("Home", "Business", "Billing", "Shipping", "Technical"),
)
_IP_CAPTURE = _seq(
    _must("ipAddress"), _one("eventName", _EVENT), _one("dateTime", _TIME), _one("possibleProxy", _TRUTH), _one("port", _WHOLE)
)
_DEVICE = _seq(_must("idType"), _must("idValue"), _one("eventName", _EVENT), _one("dateTime", _TIME))
_LOCATION = _seq(_one("city"), _one("region"), _one("countryCode"), verified=_TRUTH, timestamp=_TIME)
_ENDED = _value("boolean", disabledDate=_TIME, userNotified=_TRUTH, userNotifiedDate=_TIME)
_PAUSED = _value("boolean", **_ENDED.attributes, reenabledDate=_TIME)
_CONTACTS = (_many("phone", _PHONE), _many("email", _EMAIL), _many("address", _ADDRESS))
_CONTACT = _seq(_one("firstName"), _one("lastName"), *_CONTACTS)
_PERSON = _seq(_one("firstName"), _one("lastName"), *_CONTACTS, _one("age", _WHOLE), _one("dateOfBirth", _DATE))
_NAMES = (_one("screenName"), _many("displayName"), _many("profileUrl"), _one("profileBio"))
_ACCOUNT = (_one("espIdentifier"), _one("espService"), _one("compromisedAccount", _TRUTH))
_CAUGHT = (_many("ipCaptureEvent", _IP_CAPTURE), _many("deviceId", _DEVICE))
_STATES = (_one("accountTemporarilyDisabled", _PAUSED), _one("accountPermanentlyDisabled", _ENDED))

_ASSOCIATED = _seq(
    _one("platform", _value(thirdPartyUser=_TRUTH)),
    _one("firstName"),
    _one("middleName"),
    _one("lastName"),
    _one("approximateAge", _WHOLE),
    _one("dateOfBirth", _DATE),
    _many("phone", _PHONE),
    _many("email", _EMAIL),
    _one("allEmailsReported", _TRUTH),
    _many("address", _ADDRESS),
    _one("espService"),
    _one("espIdentifier"),
    _many("profileUrl"),
    _one("screenName"),
    _many("displayName"),
    _one("profileBio"),
    _one("groupIdentifier"),
    _one("compromisedAccount", _TRUTH),
    *_STATES,
    *_CAUGHT,
    _many("priorCTReport", _LONG),
    _one("additionalInfo"),
    type=_listed("Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"),
)
_REPORTED = _seq(
    _one("personOrUserReportedPerson", _PERSON),
    _one("vehicleDescription"),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _one("thirdPartyUserReported", _TRUTH),
    _many("priorCTReports", _LONG),
    _one("groupIdentifier"),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported", _TRUTH),
    _many("associatedAccount", _ASSOCIATED),
    _one("additionalInfo"),
)
_RECIPIENT = _seq(
    _one("intendedRecipientPerson", _PERSON),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _many("priorCTReports", _LONG),
    _one("groupIdentifier"),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported", _TRUTH),
    _many("additionalInfo"),
)
_VICTIM = _seq(
    _must("victimPerson", _PERSON),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _one("schoolName"),
    _many("priorCTReports", _LONG),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported", _TRUTH),
    _many("associatedAccount", _ASSOCIATED),
    _one("additionalInfo"),
)
_CONTENT = (_one("content"), _one("additionalInfo"))
_INTERNET = _one_of(
    _one("webPageIncident", _seq(_many("url"), _one("additionalInfo"), thirdPartyHostedContent=_TRUTH)),
    _one("emailIncident", _seq(_many("emailAddress", _EMAIL), *_CONTENT)),
    _one("newsgroupIncident", _seq(_one("name"), _many("emailAddress", _EMAIL), *_CONTENT)),
    _one("chatImIncident", _seq(_one("chatClient"), _one("chatRoomName"), *_CONTENT)),
    _one("onlineGamingIncident", _seq(_one("gameName"), _one("console"), *_CONTENT)),
    _one(
        "cellPhoneIncident",
        _seq(_one("phoneNumber", _PHONE), _one("latitude", _DEGREES), _one("longitude", _DEGREES), _one("additionalInfo")),
    ),
    _one("nonInternetIncident", _seq(_one("locationName"), _many("incidentAddress", _ADDRESS), _one("additionalInfo"))),
    _one(
        "peer2peerIncident",
        _seq(_one("client"), _many("ipCaptureEvent", _IP_CAPTURE), _one("fileNames"), _one("additionalInfo")),
    ),
)
_SUMMARY = _seq(
    _must("incidentType", Shape(values=INCIDENT_TYPES)),
    _one("platform", _value("string", 256)),
    _one("escalateToHighPriority", _value("string", 3000)),
    _one("reportAnnotations", _any_of("sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "sadisticOnlineExploitation")),
    _must("incidentDateTime", _TIME),
    _one("incidentDateTimeDescription", _value("string", 3000)),
)
_LAW_ENFORCEMENT = _seq(
    _must("agencyName"),
    _one("caseNumber"),
    _one("officerContact", _CONTACT),
    _one("reportedToLe", _TRUTH),
    _one("servedLegalProcessDomestic", _TRUTH),
    _one("servedLegalProcessInternational", _value("boolean", fleaCountry=_TEXT)),
)
_REPORTER = _seq(
    _must("reportingPerson", _PERSON),
    _one("contactPerson", _CONTACT),
    _one("companyTemplate"),
    _one("termsOfService"),
    _one("legalURL"),
)
_SCHEMA_LOCATION: Mapping[str, Shape] = {"xsi:noNamespaceSchemaLocation": _TEXT, "xsi:schemaLocation": _TEXT}

REPORT = _seq(
    _one("batchedReport", _value(reason=_listed("VIRAL_POTENTIAL_MEME"))),
    _must("incidentSummary", _SUMMARY),
    _many("internetDetails", _INTERNET),
    _one("lawEnforcement", _LAW_ENFORCEMENT),
    _must("reporter", _REPORTER),
    _many("personOrUserReported", _REPORTED),
    _many("intendedRecipient", _RECIPIENT),
    _many("victim", _VICTIM),
    _one("additionalInfo"),
    **_SCHEMA_LOCATION,
)
FILE_DETAILS = _seq(
    _must("reportId", _LONG),
    _must("fileId"),
    _one("fileName"),
    _one("originalFileName", _value("string", 2056)),
    _one("uploadedToEspTimestamp", _TIME),
    _one("locationOfFile", _value("string", 2083)),
    _one("fileViewedByEsp", _TRUTH),
    _one("exifViewedByEsp", _TRUTH),
    _one("publiclyAvailable", _TRUTH),
    _one("fileRelevance", Shape(values=RELEVANCES)),
    _one("potentialMeme", _TRUTH),
    _one(
        "fileAnnotations",
        _any_of(
            "animeDrawingVirtualHentai",
            "potentialMeme",
            "viral",
            "possibleSelfProduction",
            "physicalHarm",
            "violenceGore",
            "bestiality",
            "liveStreaming",
            "infant",
            "generativeAi",
        ),
    ),
    _one("industryClassification", Shape(values=CLASSIFICATIONS)),
    _many("originalFileHash", _value(hashType=_value("string", 64))),
    _one("ipCaptureEvent", _IP_CAPTURE),
    _many("deviceId", _DEVICE),
    _many("details", _seq(_many("nameValuePair", _seq(_must("name"), _must("value"))), type=_listed("EXIF", "HASH"))),
    _many("additionalInfo"),
    **_SCHEMA_LOCATION,
)
ROOTS: Mapping[str, Shape] = {"report": REPORT, "fileDetails": FILE_DETAILS}

CARRIES = frozenset(FIELDS) - {"report.service", "report.received", "person.middle_name", "payment"}
"""All but a service beside the platform, the moment of receipt, middle names (associated accounts alone have them) and payments."""
