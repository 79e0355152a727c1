"""The usual endings of names for each type, so that a name that claims another type can be noticed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_TABLE = """
image/jpeg: jpg jpeg jpe jfif mpo
image/png: png apng
image/gif: gif
image/webp: webp
image/bmp: bmp dib
image/tiff: tif tiff
image/vnd.microsoft.icon: ico cur
image/vnd.adobe.photoshop: psd psb
image/avif: avif avifs
image/heic: heic heif hif heics
image/heif: heif heic hif
image/jp2: jp2 jpg2
image/jpx: jpx jpf
image/jxl: jxl
image/svg+xml: svg
image/x-adobe-dng: dng
image/x-canon-cr2: cr2
image/x-canon-cr3: cr3
image/x-nikon-nef: nef
image/x-sony-arw: arw
image/x-portable-anymap: pbm pgm ppm pnm
video/mp4: mp4 m4v mp4v
video/quicktime: mov qt
video/3gpp: 3gp 3gpp
video/3gpp2: 3g2
video/webm: webm
audio/webm: webm weba
video/x-matroska: mkv
audio/x-matroska: mka
video/x-msvideo: avi divx
video/x-flv: flv f4v
video/x-ms-asf: asf wmv wma
video/x-ms-wmv: wmv asf
audio/x-ms-wma: wma asf
video/mpeg: mpg mpeg vob m1v m2v
video/mp2t: ts m2ts mts m2t
video/ogg: ogv ogg ogx
audio/ogg: ogg oga opus spx
application/ogg: ogg oga ogv ogx opus
audio/mp4: m4a m4b mp4
audio/mpeg: mp3 mp2 mpga
audio/aac: aac
audio/wav: wav wave
audio/flac: flac
audio/amr: amr
audio/amr-wb: awb amr
audio/midi: mid midi rmi
audio/aiff: aif aiff aifc
application/pdf: pdf ai
application/zip: zip cbz
application/java-archive: jar war ear
application/vnd.android.package-archive: apk
application/epub+zip: epub
application/vnd.rar: rar cbr
application/x-7z-compressed: 7z
application/gzip: gz tgz
application/x-bzip2: bz2 tbz2
application/x-xz: xz txz
application/x-tar: tar
application/vnd.sqlite3: sqlite sqlite3 db db3
application/msword: doc dot
application/vnd.ms-excel: xls xlt
application/vnd.ms-powerpoint: ppt pps
application/vnd.ms-outlook: msg
application/rtf: rtf
application/json: json geojson har ndjson jsonl
application/xml: xml xsd xsl
application/xhtml+xml: xhtml html htm
text/html: html htm
text/csv: csv tsv txt
text/plain: txt log md text ini cfg conf csv
message/rfc822: eml mht mhtml
application/vnd.microsoft.portable-executable: exe dll sys scr ocx cpl
"""
ENDINGS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{kind: frozenset(endings.split()) for kind, _, endings in (line.partition(": ") for line in _TABLE.strip().splitlines())},
        f"{_OFFICE}wordprocessingml.document": frozenset({"docx", "docm", "dotx"}),
        f"{_OFFICE}spreadsheetml.sheet": frozenset({"xlsx", "xlsm", "xltx"}),
        f"{_OFFICE}presentationml.presentation": frozenset({"pptx", "pptm", "ppsx"}),
        f"{_OPEN}text": frozenset({"odt"}),
        f"{_OPEN}spreadsheet": frozenset({"ods"}),
        f"{_OPEN}presentation": frozenset({"odp"}),
        f"{_OPEN}graphics": frozenset({"odg"}),
    }
)
"""Endings without the dot, in small letters, by media type; types that are not here may have any."""
_CLAIMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        ending: frozenset(kind for kind, endings in ENDINGS.items() if ending in endings)
        for endings in ENDINGS.values()
        for ending in endings
    }
)


def claims_another(media_type: str, name: str) -> bool:
    """Whether a name ends as files of other types do, and files of this type do not. A name without a known ending claims nothing."""
    claimed = _CLAIMED.get(name.rpartition(".")[2].lower(), frozenset()) if "." in name else frozenset()
    return bool(claimed) and media_type in ENDINGS and media_type not in claimed
