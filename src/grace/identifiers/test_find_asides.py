"""Names at services that are said in passing: guessed, uploaded by somebody, at the end of a sentence, in pairs, with letters beyond ASCII."""

import pytest

from grace.identifiers.find import find
from grace.sdk.intake import Kind

TOLD = {
    "jag heter SurströmmingSven på steam o sursven på discord": "surströmmingsven sursven",
    "I'm KiteFlyer on Steam and kitefly on Discord": "kiteflyer kitefly",
    "ich bin Drachenfreund88 auf Steam und drachenfreund auf Discord": "drachenfreund88 drachenfreund",
    "je suis CerfVolant12 sur Steam et cerfvolant sur Discord": "cerfvolant12 cerfvolant",
    "soy CometaAzul en Twitch y cometaazul_ en TikTok": "cometaazul cometaazul_",
    "mam LatawiecLeci na Steamie i latawiec na Discordzie": "latawiecleci latawiec",
    "I'm kite_77 on Snap and waiting on Discord": "kite_77",
    "ich bin kite_77 auf Snap und warte auf Discord": "kite_77",
    "Na Reddicie pisze jako zegarmistrz_spod_rynku, wkleja wszędzie to samo": "zegarmistrz_spod_rynku",
    "Na Pintereście występuje jako latawiec_77": "latawiec_77",
    "The video was uploaded by kite_and_harbour to TikTok and I want it gone.": "kite_and_harbour",
    "El vídeo que ha subido los_lunes_de_mercado a TikTok no es mío": "los_lunes_de_mercado",
    "El vídeo lo publicó cometa_azul a Instagram": "cometa_azul",
    "la vidéo qu'a postée cerf_volant_12 à TikTok": "cerf_volant_12",
    "il video che ha caricato aquilone_blu su TikTok": "aquilone_blu",
    "de video die drakenvlieger_12 naar TikTok heeft gezet": "drakenvlieger_12",
    "wideo które wrzuciła latawiec_77 do TikToka": "latawiec_77",
    "What's the Twitch name of your brother? I think it's kite_harbour, he streams chess": "kite_harbour",
    "¿Cómo se llama en Twitch? Creo que es cometa_azul, juega al ajedrez": "cometa_azul",
    "Wie heißt er auf Twitch? Ich glaube drachen_freund, oder?": "drachen_freund",
    "C'est quoi le pseudo de Tom sur Twitch ? Je crois que c'est cerf_volant, il joue": "cerf_volant",
    "Qual è il nome di Tino su Twitch? Credo che sia aquilone_blu": "aquilone_blu",
    "Jaki on ma nick na Twitchu? Chyba latawiec_77": "latawiec_77",
    "Wat is zijn naam op Twitch? Ik denk drakenvlieger_12": "drakenvlieger_12",
    "Vad heter han på Twitch? Tror det är drak_flygare": "drak_flygare",
    "Cum îl cheamă pe Twitch? Cred că e zmeu_albastru": "zmeu_albastru",
    "auf Snap auch, da aber drachen.03": "drachen.03",
    "on Snap too, but there kite.harbour": "kite.harbour",
    "sur Snap aussi, mais là cerf.volant.12": "cerf.volant.12",
    "en Snap también, pero ahí cometa.azul.7": "cometa.azul.7",
    "su Snap anche, ma lì aquilone.blu9": "aquilone.blu9",
    "op Snap ook, maar daar draken.vlieger": "draken.vlieger",
    "I like Snapchat but Mario_Kart is better there": "",
    "Dacă pică, mai e varianta pe Twitch, zmeu_dej.": "zmeu_dej",
    "If it fails there is another one on Twitch, kite_harbour.": "kite_harbour",
    "Sonst gibt es noch einen Kanal auf Twitch, drachen_freund.": "drachen_freund",
    "Si no, hay otra en Twitch, cometa_azul": "cometa_azul",
    "Muuten se on Twitchissä, leija_77.": "leija_77",
    "he said it on Twitch, build_77 is out": "",
    "the export was posted to Discord, see user_table.": "",
    "he posted build_77 to Slack": "",
    "- steam: UnineMäger": "uninemäger",
    "Steam: ДобрыйЛис": "добрыйлис",
    "Insta: @żółw_wodny": "żółw_wodny",
    "my steam is MøllerJakob": "møllerjakob",
    "mein Insta ist bäcker.köln": "bäcker.köln",
    "Discord: ŽlutáŽába22": "žlutážába22",
    "Telegram: ул.Ленина": "",
    "Discord: т.\u0435.потом": "",
    "Discord: č.účtu": "",
    "моя инста: змей.воздушный": "змей.воздушный",
    "på insta heter hon drak_flygare men på snap drakflygare.9": "drak_flygare drakflygare.9",
    "Twitchen szél_sárkány néven játszik": "szél_sárkány",
    "Discord: Ändert sich": "",
}


@pytest.mark.parametrize(("text", "expected"), TOLD.items())
def test_names_said_in_passing(text: str, expected: str) -> None:
    assert " ".join(found.normal for found in find(text) if found.kind is Kind.SCREEN_NAME) == expected
