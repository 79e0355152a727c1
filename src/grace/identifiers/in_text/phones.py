"""Telephone numbers in text: precise before complete. Without a region only numbers that carry their country are read.

A national number must fit the region's numbering plan and be written as people write numbers there; a word beside it
("tel", "order") decides where its shape does not. Dates, times, prices and IP addresses are never numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, ValidationResult

from grace.identifiers.in_text.forms import is_in_form
from grace.identifiers.in_text.hits import Hit, words_before, words_behind
from grace.identifiers.in_text.payments import LENGTHS
from grace.identifiers.in_text.runs import DATE, is_timetable, number_end
from grace.identifiers.in_text.tables import heading
from grace.identifiers.in_text.words import words
from grace.identifiers.phones import e164, normal_phone

_BLANK = r"[^\S\n]"
_GAP = r"[ \u00a0\u2002\u2009\u202f.\-\u2010-\u2013/()]"
_EXTENSION = rf"(?P<extension>(?:{_BLANK}?[,;]?{_BLANK}?(?:{words('numbers', 'extension').pattern()})\.?|{_BLANK}?x|{_BLANK}#)[ .:]?{_BLANK}?[0-9]{{1,6}})?(?![\w@])"
_ABROAD = re.compile(rf"(?<![\w+#&])\(?[+\uff0b]{{1,2}}\s?\(?[1-9](?:{_GAP}{{0,3}}[0-9]){{6,22}}{_EXTENSION}", re.IGNORECASE)
_ABROAD_BY_00 = re.compile(rf"(?<![\w+,.:/-])00[ -]?[1-9](?:{_GAP}{{0,3}}[0-9]){{7,22}}{_EXTENSION}", re.IGNORECASE)
_NATIONAL = re.compile(
    rf"(?<![\w+#&@-])(?<![\W\d_][,:](?!0[0-9]{{1,3}}[- ][0-9]{{2,3}}[- ]))(?<!\w/)(?<![0-9]\.)(?<!\W\.)\(?[0-9](?:{_GAP}{{0,3}}[0-9]){{5,22}}{_EXTENSION}",
    re.IGNORECASE,
)
_CIVIL = re.compile(
    r"(?:[0-9]{6}[-+][0-9]{3,4}|[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{1,6}/(?:19|20)[0-9]{2}|97[89][- ]?[0-9].*)"
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<gap>[ \u00a0\u2009\u202f.])[0-9]{3})(?:(?P=gap)[0-9]{3})+")
_LONGEST_SUM = 11
"""Characters in E.164 of what may be a sum with a plus: ``+1 000 000 000``."""
_HOUR = re.compile(r"[\s,]{1,2}[0-2]?[0-9]:[0-5][0-9](?![0-9])")
_DAY_BEHIND_PLUS = re.compile(r"\+[^\S\n]?(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])")
_YEAR_BEFORE = re.compile(r"(?:19|20)[0-9]{2}[^\S\n](?=\(?0[1-9])")
"""Since when somebody has had a number: "2009 040-628 04 77"."""
_COORDINATE = re.compile(r"[+(]{1,2}[0-9]{1,3}\.[0-9]{3,}")
_FIELD = re.compile(r"(?:^|[\s;,|<(\"'])[^\W\d](?:[\w.-]{0,31})=[\"']?$")
"""A key of a record right before its value; that of an address's query is none."""
_SERIAL = re.compile(r"(?<!\w)[snp]\s?/\s?[sn][\s.:#]*$", re.IGNORECASE)
_BEARER = re.compile(rf"([^\W\d_]+(?:-[^\W\d_]+)?)(?:[^\S\n](?:{words('numbers', 'number').pattern()})\.?)?:?[^\S\n]$", re.IGNORECASE)
"""A word and perhaps one for a number, right before a number: ``Hundemarke Nr. 0171…``."""
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_MONEY = rf"{words('numbers', 'money').pattern()}|(?-i:{words('numbers', 'money_in_capitals').pattern().upper()})"
_UNIT = re.compile(
    rf"[^\S\n]?(?:[%\u2030\u00b0]|(?:{_MONEY}|{words('numbers', 'units').pattern()})(?!\w))|,[0-9]{{1,2}}(?![0-9-])|\.?[\u2022\u2588]",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(rf"(?<!\w)(?:{_MONEY})\s?$", re.IGNORECASE)
_TRUNK = re.compile(r"\(?0 ?\(?[1-9]")
_DECIMALS = re.compile(r"[\W\d_][,:]$")
_ALONE = re.compile(r"0[0-9]{8,11}")
_ALIKE = 2
_JOINT = re.compile(r"[-.]")
_OR_A_MAIL = re.compile(
    r"[\w.+-]@[\w-]{1,40}(?:\.[\w-]{2,40}){1,4}[>)\"'\]]?(?:,|[^\S\n]?[/|\u00b7]|[^\S\n][^\W\d_]{1,5})(?:[^\S\n][^\W\d_]{1,5}){0,2}[^\S\n]\(?$"
)
"""Before a number that stands beside an address of a mail: ``write to a@b.example or to 799 000 605``."""
_TIMES = re.compile(r"\sx[0-9]{1,2}")
"""How often somebody called, where missed calls are listed: "077… x3"."""
_DIGITS = re.compile(r"[0-9]+")
_YES, _NO, _NUMBER, _WHOSE, _TEXTED, _ANSWERED, _ORIGINS = (
    words("numbers", table) for table in ("yes", "no", "number", "whose", "texted", "answered", "origins")
)
_CONTACTS, _NEW = words("numbers", "contacts"), words("numbers", "renewed")
_LINKS, _HELPS = words("names", "links"), words("numbers", "helps")
_WRITTEN, _TO, _COUNTS, _BEARERS = (words("numbers", table) for table in ("written", "to", "counts", "bearers"))
_CALLED = ("telefon", "handy", "mobil", "rufnummer", "phone")
_COUNTED = ("nummer", "nummern", "nummeret", "numret", "nr", "numero", "number")
_NO_END = " ,-/.(\u00a0\u2002\u2009\u202f\u2010\u2011\u2012\u2013"
_ACCOUNT_BEFORE = re.compile(r"(?<![A-Za-z0-9])(?P<country>[A-Z]{2})[0-9]{2}(?:[ \u00a0]?[A-Z0-9]{4}){0,6}[ \u00a0]$")
_LONGEST_ACCOUNT, _LAST_GROUP = 40, 3
_NEXT_OF_A_CHAIN = re.compile(
    rf"[^\S\n]?(?:[,;/>\u2192\n]|->|{words('names', 'also').pattern()})[^\S\n]{{0,2}}(?:[^\W\d_]{{1,6}}[^\S\n]){{0,2}}[^\W\d_]\.?[\w'\u2019-]{{0,20}}:?[^\S\n]\(?"
)
"""Between two numbers of a chain of telephones: "Ana 799 000 731, *then Bo* 799 000 732"."""
_OR_ANOTHER = re.compile(r"[^\S\n]?[/|][^\S\n]?\(?")
"""Between two numbers of which one or the other is called."""
_OF_A_LIST = re.compile(r"[0-9]{3}")
_REACH, _FAR, _FEW = 48, 240, 3
_LEAST_UNTOLD = 9
_BLOCK, _OTHER = 6, 123_456
_LONG_TRUNKS = frozenset({"06", "8", "80"})
"""Prefixes besides the 0: Hungary, Russia and its neighbours; in Lithuania the 8 stands beside the 0."""
_TWO_TRUNKS = frozenset({"LT"})
_HOME_ZERO = re.compile(r"\(0\)")


def phones(text: str, region: str | None = None) -> Iterator[Hit]:
    """Numbers with ``+`` or ``00``, and, with a region, national ones."""
    if "+" in text or "\uff0b" in text:
        for found in _ABROAD.finditer(text):
            if _is_no_value(text, found.start()) or _DAY_BEHIND_PLUS.match(text, found.start()):
                continue
            yield from _abroad(text, found, found[0].replace("\uff0b", "+"))
    if "00" in text:
        for found in _ABROAD_BY_00.finditer(text):
            yield from _abroad(text, found, "+" + found[0][2:].lstrip(" -"))
    if region:
        yield from _at_home(text, region.upper())


def _at_home(text: str, region: str) -> Iterator[Hit]:
    """National numbers, one after another: what stands behind a number or a date may be the next."""
    place, hits, others = 0, list[Hit](), list[re.Match[str]]()
    while (found := _NATIONAL.search(text, place)) is not None:
        if _DECIMALS.search(text, max(0, found.start() - 2), found.start()) and _headed(text, found.start()) != "yes":
            place = found.start() + 1
            continue
        year = _YEAR_BEFORE.match(text, found.start())
        if year and _trunk_prefix(region) == "0":
            place = year.end()
            continue
        date = DATE.match(text, found.start())
        if date and date[0].isdigit() and _said(text, found.start()) == "yes":
            date = None  # 20000211 is a number in Latvia
        is_none = date is not None or _is_no_value(text, found.start()) or _is_of_an_account(text, found)
        chain = "yes" if hits and _is_next(text, hits[-1], found) else ""
        hit = None if is_none else next(_national(text, found, region, chain), None)
        place = date.end() if date else hit.end if hit else found.end()
        if hit:
            hits.append(hit)
        elif not date and _ALONE.fullmatch(found[0]):
            others.append(found)
    yield from hits
    yield from _of_a_list(text, hits, others, region)


def _is_next(text: str, last: Hit, found: re.Match[str]) -> bool:
    """Whether nothing but whom to call stands between a number and another of as many digits, or a slash, or the same number stands again."""
    if _OR_ANOTHER.fullmatch(text, last.end, found.start()):
        return True
    digits = ["".join(_DIGITS.findall(each)) for each in (text[last.start : last.end], found[0])]
    return digits[0] == digits[1] or (
        len(digits[0]) == len(digits[1]) and _NEXT_OF_A_CHAIN.fullmatch(text, last.end, found.start()) is not None
    )


def _of_a_list(text: str, hits: Sequence[Hit], others: Sequence[re.Match[str]], region: str) -> Iterator[Hit]:
    """Numbers that no word tells and no plan assigns, yet begin as another of the text and are as long: those of a list of contacts."""
    told = {(len(plain), plain[:_ALIKE]) for hit in hits if (plain := "".join(_DIGITS.findall(text[hit.start : hit.end])))}
    for found in others:
        number = _parsed(found[0], region) if (len(found[0]), found[0][:_ALIKE]) in told else None
        if number and not _is_no_value(text, found.start()) and not _said(text, found.start()):
            yield Hit(*found.span(), phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_no_value(text: str, start: int) -> bool:
    """Whether an equals sign stands before a number and no key of a record that tells of a telephone: ``x=+48…``, ``?tel=0341…``."""
    if text[start - 1 : start] != "=":
        return False
    return not (_FIELD.search(text, max(0, start - _REACH), start) and _said(text, start) == "yes")


def _is_of_an_account(text: str, found: re.Match[str]) -> bool:
    """Whether a number is the end of what is written as an IBAN, whatever its check digits say."""
    before = _ACCOUNT_BEFORE.search(text, max(0, found.start() - _LONGEST_ACCOUNT), found.start())
    length = LENGTHS.get(before["country"]) if before else None
    written = sum(map(str.isalnum, text[before.start() : found.end()])) if before else 0
    return length is not None and written >= length - _LAST_GROUP


def _abroad(text: str, found: re.Match[str], written: str) -> Iterator[Hit]:
    """The longest run of groups from the beginning that is a number; a date behind it stays behind."""
    by_zeros = "+" not in found[0] and "\uff0b" not in found[0]
    for end, plain, extension in _shorter(text, found, written):
        if _UNIT.match(text, end) or _COORDINATE.fullmatch(plain):
            return
        digits = _digits_abroad(plain)
        number = (e164(digits) or _with_a_zero(digits)) if digits else None
        if number is None:
            continue
        if by_zeros or (len(number) <= _LONGEST_SUM and _THOUSANDS.fullmatch(plain.lstrip("(+ "))):
            told = _told(text, end, _said(text, found.start()))
            if told == "no" or not (told or _is_valid(number) or (by_zeros and _is_in_groups(text, found.start(), end, number))):
                return
        yield _hit(text, found.start(), end, number, extension)
        return


def _with_a_zero(digits: str) -> str | None:
    """A number whose national part begins with a zero: part of it in Italy, the prefix of calls at home elsewhere."""
    return normal_phone(f"+{digits}") if "0" in digits[1:4] and digits[0] != "1" else None


def _digits_abroad(plain: str) -> str:
    """The digits behind the ``+``, without the zero in brackets that is dialled at home only."""
    return "".join(_DIGITS.findall(_HOME_ZERO.sub("", plain, count=1)))


def _is_in_groups(text: str, start: int, end: int, number: str) -> bool:
    """Whether the country stands apart and blanks alone part the groups, as in ``0034 990 00 00 77``, and nothing goes on behind.

    Serial numbers have hyphens, and account numbers have more groups before.
    """
    country = phonenumbers.parse(number).country_code
    groups = re.fullmatch(rf"00[\s-]?{country}(?:(?:\s\(?[0-9]{{1,8}}\)?){{2,6}}|(?:[-/]\(?[0-9]{{1,5}}\)?){{3,6}})", text[start:end])
    is_whole = not text[end : end + 2].lstrip(_NO_END.replace("(", ""))[:1].isdigit() or _HOUR.match(text, end) is not None
    return groups is not None and is_whole and not text[max(0, start - 3) : start].rstrip()[-1:].isdigit()


def _is_valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def _shorter(text: str, found: re.Match[str], written: str) -> Iterator[tuple[int, str, str]]:
    """The text as found, and then without its last groups: where it ends, without the extension, and the extension."""
    lost = found.start() + len(found[0]) - len(written)
    behind = found["extension"] or ""
    if _TIMES.fullmatch(behind) and sum(word in _COUNTS for word in words_before(text, found.start(), reach=_FAR)) > 1:
        behind, written = "", written[: -len(behind)]
    written = written[: len(written) - len(behind)]
    kept = number_end(text, lost, written)
    if behind and kept == len(written):
        yield found.end(), written, "".join(_DIGITS.findall(behind))
    written = written[:kept].rstrip(_NO_END)
    yield lost + len(written), written, ""
    groups = [each.end() for each in _DIGITS.finditer(written)]
    for end in reversed(groups[:-1]):
        yield lost + end, written[:end], ""


def _national(text: str, found: re.Match[str], region: str, chain: str) -> Iterator[Hit]:
    """The number at a place; ``chain`` is "yes" where it follows another of a chain of telephones."""
    start = found.start()
    if _MONEY_BEFORE.search(text[max(0, start - 5) : start]):
        return
    said = None
    for end, plain, extension in _shorter(text, found, found[0]):
        if sum(map(str.isdigit, plain)) not in _lengths(region) or not _may_be_dialled(plain, region):
            continue
        said = (_said(text, start) or chain) if said is None else said
        if said == "no":
            return
        number = _parsed(plain, region)
        if number is None:
            continue
        told = _told(text, end, said)
        if _UNIT.match(text, end) or (not told and is_timetable(text, start)):
            return
        is_told = told == "yes"
        if not is_told and not is_in_form(text, start, end, plain, has_trunk=_trunk_prefix(region) == "0"):
            continue
        if _is_written_so(plain, number, region, is_told=is_told):
            plain_number = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield _hit(text, start, end, plain_number, extension)
            return


def _may_be_dialled(plain: str, region: str) -> bool:
    """Whether a number begins as one does that is dialled within the region; brackets may hold an area without the 0."""
    prefix = _trunk_prefix(region)
    return prefix != "0" or plain.startswith("(") or plain[0] == "0" or (region in _TWO_TRUNKS and plain[0] in _LONG_TRUNKS)


def _is_written_so(plain: str, number: PhoneNumber, region: str, *, is_told: bool) -> bool:
    """Whether a possible number stands there as numbers do; where words say that it is one, being possible is enough."""
    if is_told:
        return _may_be_dialled(plain.lstrip("( "), region) and (not _CIVIL.fullmatch(plain) or phonenumbers.is_valid_number(number))
    groups = len(_DIGITS.findall(plain))
    if _CIVIL.fullmatch(plain) or (groups == 1 and not _is_of_a_valid_block(number)):
        return False
    if groups > 2 and _is_behind_trunk("".join(_DIGITS.findall(plain)), number, region):
        return True
    if _trunk_prefix(region) == "0":
        is_long = sum(map(str.isdigit, plain)) >= _LEAST_UNTOLD or phonenumbers.is_valid_number(number)
        return (bool(_TRUNK.match(plain)) and is_long) or (plain.startswith("(") and ")" in plain and phonenumbers.is_valid_number(number))
    return phonenumbers.is_valid_number(number) and groups > 1 and not _THOUSANDS.fullmatch(plain) and not _DECIMAL.fullmatch(plain)


def _is_of_a_valid_block(number: PhoneNumber) -> bool:
    """Whether the plan knows the number, or others that begin as it does: blocks kept for fiction are holes in those of subscribers."""
    if phonenumbers.is_valid_number(number):
        return True
    block = number.national_number // 10**_BLOCK * 10**_BLOCK
    other = PhoneNumber(country_code=number.country_code, national_number=block + _OTHER)
    return len(str(number.national_number)) > _BLOCK + 2 and phonenumbers.is_valid_number(other)


def _is_behind_trunk(digits: str, number: PhoneNumber, region: str) -> bool:
    """Whether nothing but the prefix of calls within a country stands before the number: ``06 20 …`` in Hungary, ``8 5 …`` in Lithuania."""
    national = phonenumbers.national_significant_number(number)
    before = digits[: -len(national)] if digits.endswith(national) else ""
    return before in _LONG_TRUNKS and before == ("8" if region in _TWO_TRUNKS else _trunk_prefix(region))


def _told(text: str, end: int, said: str) -> str:
    """What the telling words say: "yes", "no" or nothing."""
    if said:
        return said
    behind = words_behind(text, end)
    return "yes" if _YES.any(behind[:1]) or _TEXTED.any(behind[:4]) or _ANSWERED.any(behind[:2]) else ""


def _said(text: str, start: int) -> str:
    """What the nearest telling word before says: "my number" yes, "order number" no, "locker number" nothing."""
    if _SERIAL.search(text, max(0, start - 10), start) or _is_borne(text, start):
        return "no"
    if _OR_A_MAIL.search(text, max(0, start - _REACH), start):
        return "yes"
    is_number, is_near, before = False, True, words_before(text, start, reach=_REACH)[:6]
    for place, word in enumerate(before):
        parts = (word, *_JOINT.split(word)) if "-" in word or "." in word else (word,)
        is_written_to = place > 0 and before[0] in _TO and word in _WRITTEN
        if is_written_to or _YES.any(parts) or word.startswith(_CALLED) or word.endswith("hotline"):
            return "yes"
        if word in _NUMBER:
            if _ORIGINS.any(before[max(0, place - 1) : place + 2]):
                return "yes"
            is_new = _NEW.any(before[max(0, place - 1) : place + 2])  # "ciao a tutti, numero nuovo: …"
            is_number = is_number or (is_near and (is_new or _is_whose(text, start, before, place)))
        elif _NO.any(parts) or (not place and word.startswith(("\u2116", "#"))) or word.endswith(_COUNTED):
            return "yes" if _is_help(text, start, word, before, place) else "no"
        elif word not in _LINKS and word not in _WHOSE:
            is_near = False
    return "yes" if is_number else _headed(text, start)


def _is_borne(text: str, start: int) -> bool:
    """Whether nothing but a word for a number stands between a number and a thing that bears one."""
    bearer = _BEARER.search(text, max(0, start - _REACH), start)
    return bearer is not None and bearer[1].lower() in _BEARERS


def _is_whose(text: str, start: int, before: list[str], place: int) -> bool:
    """Whether nothing but whose it is stands before a word for a number; one that begins a sentence behind another is of anything."""
    is_first = len(before) > place + 1 and len(words_before(text, start, reach=_REACH, sentence=True)) <= place + 1
    return not is_first and all(each in _WHOSE for each in before[place + 1 : place + 2])


def _headed(text: str, start: int) -> str:
    """What the heading of the column says in which a number stands, or that of the list."""
    for head in (heading(text, start), _above(text, start)):
        told = re.findall(r"[^\W\d_]+", head)
        if _NO.any(told):
            return "no"
        is_asked = "?" in head and _NUMBER.any(told)
        if is_asked or _YES.any(told) or _CONTACTS.any(told) or any(each.startswith(_CALLED) for each in told):
            return "yes"
    return ""


def _above(text: str, start: int) -> str:
    """The line above a list of numbers, each behind a word or two: "List of duties by telephone"."""
    *lines, own = text[max(0, start - _FAR) : start].split("\n")
    if len(own.split()) > _FEW:
        return ""
    return next((line.lower() for line in reversed(lines) if not _OF_A_LIST.search(line)), "")


def _is_help(text: str, start: int, word: str, before: list[str], place: int) -> bool:
    """Whether a word stands in a phrase for help: ``service client``, ``служба за клиенти``."""
    said = text[max(0, start - _REACH) : start].lower()
    phrase = re.split(r"[0-9,;:.!?]", said[: said.rfind(word)])[-1] + re.split(r"[0-9,;:.!?]", said[said.rfind(word) :])[0]
    return any(each in _HELPS and each in phrase for each in before[max(0, place - 2) : place + 4])


def _hit(text: str, start: int, end: int, number: str, extension: str) -> Hit:
    if text[start] == "(" and ")" not in text[start:end]:
        start += 1
    return Hit(start, end, f"{number};ext={extension}" if extension else number)


def _parsed(plain: str, region: str) -> PhoneNumber | None:
    """A number of this region that is possible, or None."""
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != _code_of(region):
        return None
    return number if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE else None


@cache
def _lengths(region: str) -> range:
    """How many digits a number may have as written in a region, its prefix included; none for no region."""
    metadata = PhoneMetadata.metadata_for_region(region)
    possible = metadata.general_desc.possible_length if metadata and metadata.general_desc else ()
    return range(min(possible), max(possible) + 3) if possible else range(0)


@cache
def _code_of(region: str) -> int:
    code: int = phonenumbers.country_code_for_region(region)
    return code


@cache
def _trunk_prefix(region: str) -> str | None:
    metadata = PhoneMetadata.metadata_for_region(region)
    prefix: str | None = metadata.national_prefix if metadata else None
    return prefix
