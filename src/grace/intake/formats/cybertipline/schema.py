"""The elements of the reporting schema (November 2025) as data: order, number and attributes of each.

What stands elsewhere is newer, older or a sender's own: it is kept verbatim and noted, never refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grace.sdk.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Shape:
    """An element: its children in their order, which of them are needed or may repeat, and its attributes."""

    children: Mapping[str, Shape] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    ordered: bool = True
    values: frozenset[str] = frozenset()
    is_time: bool = False
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class _Child:
    name: str
    shape: Shape
    needed: bool = False
    many: bool = False


def _text(*attributes: str) -> Shape:
    return Shape(attributes=frozenset(attributes))


_TEXT = _text()
_TIME = Shape(is_time=True)
_FLAG = Shape(is_flag=True)


def _one(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape)


def _must(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape, needed=True)


def _many(name: str, shape: Shape = _TEXT) -> _Child:
    return _Child(name, shape, many=True)


def _seq(*children: _Child, attributes: tuple[str, ...] = (), ordered: bool = True) -> Shape:
    return Shape(
        {child.name: child.shape for child in children},
        frozenset(child.name for child in children if child.needed),
        frozenset(child.name for child in children if child.many),
        frozenset(attributes),
        ordered,
    )


def _any_of(*names: str) -> Shape:
    return _seq(*(_one(name, _FLAG) for name in names), ordered=False)


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

_EMAIL = _text("type", "verified", "verificationDate")
_PHONE = _text("type", "verified", "verificationDate", "countryCallingCode", "extension")
_EVENT = Shape(values=EVENT_NAMES)
_ADDRESS = _seq(
    _one("address"),
    _one("city"),
    _one("zipCode"),
    _one("state"),
    _one("nonUsaState"),
    _one("country"),
    attributes=("type",),
)
_IP_CAPTURE = _seq(_must("ipAddress"), _one("eventName", _EVENT), _one("dateTime", _TIME), _one("possibleProxy"), _one("port"))
_DEVICE = _seq(_must("idType"), _must("idValue"), _one("eventName", _EVENT), _one("dateTime", _TIME))
_LOCATION = _seq(_one("city"), _one("region"), _one("countryCode"), attributes=("verified", "timestamp"))
_DISABLED = _text("disabledDate", "userNotified", "userNotifiedDate", "reenabledDate")
_CONTACTS = (_many("phone", _PHONE), _many("email", _EMAIL), _many("address", _ADDRESS))
_CONTACT = _seq(_one("firstName"), _one("lastName"), *_CONTACTS)
_PERSON = _seq(_one("firstName"), _one("lastName"), *_CONTACTS, _one("age"), _one("dateOfBirth"))
_NAMES = (_one("screenName"), _many("displayName"), _many("profileUrl"), _one("profileBio"))
_ACCOUNT = (_one("espIdentifier"), _one("espService"), _one("compromisedAccount"))
_CAUGHT = (_many("ipCaptureEvent", _IP_CAPTURE), _many("deviceId", _DEVICE))
_STATES = (_one("accountTemporarilyDisabled", _DISABLED), _one("accountPermanentlyDisabled", _DISABLED))

_ASSOCIATED = _seq(
    _one("platform", _text("thirdPartyUser")),
    _one("firstName"),
    _one("middleName"),
    _one("lastName"),
    _one("approximateAge"),
    _one("dateOfBirth"),
    _many("phone", _PHONE),
    _many("email", _EMAIL),
    _one("allEmailsReported"),
    _many("address", _ADDRESS),
    _one("espService"),
    _one("espIdentifier"),
    _many("profileUrl"),
    _one("screenName"),
    _many("displayName"),
    _one("profileBio"),
    _one("groupIdentifier"),
    _one("compromisedAccount"),
    *_STATES,
    *_CAUGHT,
    _many("priorCTReport"),
    _one("additionalInfo"),
    attributes=("type",),
)
_REPORTED = _seq(
    _one("personOrUserReportedPerson", _PERSON),
    _one("vehicleDescription"),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _one("thirdPartyUserReported"),
    _many("priorCTReports"),
    _one("groupIdentifier"),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported"),
    _many("associatedAccount", _ASSOCIATED),
    _one("additionalInfo"),
)
_RECIPIENT = _seq(
    _one("intendedRecipientPerson", _PERSON),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _many("priorCTReports"),
    _one("groupIdentifier"),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported"),
    _many("additionalInfo"),
)
_VICTIM = _seq(
    _must("victimPerson", _PERSON),
    *_ACCOUNT,
    *_NAMES,
    *_CAUGHT,
    _one("schoolName"),
    _many("priorCTReports"),
    *_STATES,
    _one("estimatedLocation", _LOCATION),
    _one("allEmailsReported"),
    _many("associatedAccount", _ASSOCIATED),
    _one("additionalInfo"),
)
_CONTENT = (_one("content"), _one("additionalInfo"))
_INTERNET = _seq(
    _one("webPageIncident", _seq(_many("url"), _one("additionalInfo"), attributes=("thirdPartyHostedContent",))),
    _one("emailIncident", _seq(_many("emailAddress", _EMAIL), *_CONTENT)),
    _one("newsgroupIncident", _seq(_one("name"), _many("emailAddress", _EMAIL), *_CONTENT)),
    _one("chatImIncident", _seq(_one("chatClient"), _one("chatRoomName"), *_CONTENT)),
    _one("onlineGamingIncident", _seq(_one("gameName"), _one("console"), *_CONTENT)),
    _one("cellPhoneIncident", _seq(_one("phoneNumber", _PHONE), _one("latitude"), _one("longitude"), _one("additionalInfo"))),
    _one("nonInternetIncident", _seq(_one("locationName"), _many("incidentAddress", _ADDRESS), _one("additionalInfo"))),
    _one(
        "peer2peerIncident",
        _seq(_one("client"), _many("ipCaptureEvent", _IP_CAPTURE), _one("fileNames"), _one("additionalInfo")),
    ),
    ordered=False,
)
_SUMMARY = _seq(
    _must("incidentType", Shape(values=INCIDENT_TYPES)),
    _one("platform"),
    _one("escalateToHighPriority"),
    _one("reportAnnotations", _any_of("sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "sadisticOnlineExploitation")),
    _must("incidentDateTime", _TIME),
    _one("incidentDateTimeDescription"),
)
_LAW_ENFORCEMENT = _seq(
    _must("agencyName"),
    _one("caseNumber"),
    _one("officerContact", _CONTACT),
    _one("reportedToLe"),
    _one("servedLegalProcessDomestic"),
    _one("servedLegalProcessInternational", _text("fleaCountry")),
)
_REPORTER = _seq(
    _must("reportingPerson", _PERSON),
    _one("contactPerson", _CONTACT),
    _one("companyTemplate"),
    _one("termsOfService"),
    _one("legalURL"),
)
_SCHEMA_LOCATION = ("xsi:noNamespaceSchemaLocation", "xsi:schemaLocation")

REPORT = _seq(
    _one("batchedReport", _text("reason")),
    _must("incidentSummary", _SUMMARY),
    _many("internetDetails", _INTERNET),
    _one("lawEnforcement", _LAW_ENFORCEMENT),
    _must("reporter", _REPORTER),
    _many("personOrUserReported", _REPORTED),
    _many("intendedRecipient", _RECIPIENT),
    _many("victim", _VICTIM),
    _one("additionalInfo"),
    attributes=_SCHEMA_LOCATION,
)
FILE_DETAILS = _seq(
    _must("reportId"),
    _must("fileId"),
    _one("fileName"),
    _one("originalFileName"),
    _one("uploadedToEspTimestamp", _TIME),
    _one("locationOfFile"),
    _one("fileViewedByEsp"),
    _one("exifViewedByEsp"),
    _one("publiclyAvailable"),
    _one("fileRelevance", Shape(values=RELEVANCES)),
    _one("potentialMeme"),
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
    _many("originalFileHash", _text("hashType")),
    _one("ipCaptureEvent", _IP_CAPTURE),
    _many("deviceId", _DEVICE),
    _many("details", _seq(_many("nameValuePair", _seq(_must("name"), _must("value"))), attributes=("type",))),
    _many("additionalInfo"),
    attributes=_SCHEMA_LOCATION,
)
ROOTS: Mapping[str, Shape] = {"report": REPORT, "fileDetails": FILE_DETAILS}

CARRIES = frozenset(FIELDS) - {"report.service", "report.received", "person.middle_name", "payment"}
"""All but a service beside the platform, the moment of receipt, middle names (associated accounts alone have them) and payments."""
