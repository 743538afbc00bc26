"""Names, towns and streets of each language, and how a person is drawn from them."""

from __future__ import annotations

import unicodedata
from random import Random

from unseen3_core import Row, age_on, born, fill

FEMALE: dict[str, str] = {
    "us": "Ashley Brenda Carmen Denise Emily Grace Hannah Imani Jessica Kayla Latoya Maria Nicole Olivia Patricia Rosa"
    " Tamika Zoe",
    "gb": "Abigail Beryl Catherine Dawn Eleanor Fiona Gillian Heather Isla Joan Kirsty Lorraine Margaret Nasreen Pauline"
    " Shirley",
    "de": "Anja Birgit Claudia Dörte Elif Franziska Gisela Heike Ines Jana Katrin Lena Monika Nadine Petra Sabine Ulrike"
    " Yvonne",
    "fr": "Amandine Brigitte Chantal Delphine Élodie Fatima Gaëlle Hélène Inès Josiane Karima Laurence Manon Nadège Océane"
    " Sylvie",
    "es": "Alba Begoña Carmen Dolores Elena Fátima Gloria Inmaculada Lucía Montserrat Nuria Pilar Rocío Soledad Teresa Yolanda",
    "it": "Alessia Barbara Chiara Donatella Elisa Federica Giulia Ilaria Lucia Marta Nicoletta Paola Roberta Silvia Teresa"
    " Valentina",
    "pt": "Adriana Beatriz Cláudia Débora Eliane Fernanda Gabriela Joana Larissa Márcia Natália Patrícia Rosângela Simone"
    " Vanessa",
    "nl": "Anneke Bianca Carla Daphne Esther Femke Hanneke Ingrid Joke Karin Lieke Marloes Nienke Petra Sanne Wilma Yasmina",
    "sv": "Agnes Alva Ebba Elin Elsa Emma Freja Hanna Ida Julia Klara Linnea Maja Moa Nora Saga Tilda Wilma",
    "pl": "Oksana Natalia Iryna Olena Thi_Mai Svitlana Ketevan Daria Anastasiya Aigul Priya Yulia Maryna Hanna Viktoriya Nino",
    "da": "Alma Anna Clara Ella Emma Freja Ida Josefine Karla Laura Liva Maja Nora Olivia Sofia Vigga",
}
MALE: dict[str, str] = {
    "us": "Anthony Brandon Carlos Darnell Eric Frank Gregory Hector Isaac James Kevin Luis Marcus Nathan Omar Paul Raymond"
    " Tyrone",
    "gb": "Alan Barry Callum Derek Edward Frank Graham Harold Imran Jonathan Keith Liam Malcolm Nigel Oliver Patrick Roger"
    " Stuart",
    "de": "Andreas Bernd Christoph Dirk Emre Frank Günter Holger Ingo Jürgen Kai Lars Markus Norbert Olaf Peter Rainer"
    " Stefan Uwe",
    "fr": "Alain Bernard Cédric Damien Éric Fabrice Guillaume Hervé Ibrahim Julien Karim Loïc Mathieu Nicolas Olivier Pascal"
    " Thierry",
    "es": "Álvaro Bernardo Carlos Diego Enrique Fernando Gonzalo Héctor Iván Jaime Luis Mohamed Óscar Pablo Raúl Sergio"
    " Vicente",
    "it": "Alessandro Bruno Carlo Davide Emanuele Fabio Giovanni Lorenzo Marco Nicola Paolo Riccardo Stefano Tommaso Vincenzo",
    "pt": "Anderson Bruno Carlos Diego Eduardo Felipe Gustavo Henrique Igor José Leandro Marcelo Otávio Paulo Rafael Thiago"
    " Wesley",
    "nl": "Arjan Bas Cees Dirk Erik Frans Gerrit Hans Jeroen Kees Lars Mohammed Niels Peter Ruud Sander Theo Wouter",
    "sv": "Adam Albin Anton Axel Elias Emil Erik Gustav Hugo Isak Kevin Leo Liam Lucas Ludvig Noah Oscar Viktor William",
    "pl": "Andrii Oleksandr Dmytro Van_Hung Giorgi Siarhei Rajesh Mykola Bohdan Artem Pavel Nguyen Yaroslav Ivan Mehmet Taras",
    "da": "Albert Anton August Carl Elias Emil Frederik Karl Lauge Lucas Malthe Noah Oscar Valdemar Victor William",
}
LAST: dict[str, str] = {
    "us": "Adams Baker Carter Diaz Edwards Flores Garcia Hall Jackson Kim Lopez Martinez Nguyen Ortiz Patel Reed Robinson"
    " Sanchez Schmidt Thompson Turner Vasquez Walker Washington Young Zimmerman O'Neal McBride Kowalski Haddad",
    "gb": "Ahmed Barnes Chapman Davies Evans Fletcher Griffiths Hughes Iqbal Jenkins Knight Lloyd MacLeod Norris O'Brien"
    " Palmer Rowe Simpson Thomas Underwood Wilkinson Yates Whitehead Pritchard Holloway Begum",
    "de": "Albrecht Bauer Demir Ebert Fischer Groß Hoffmann Jansen Keller Lehmann Müller Neumann Otto Pohl Richter Schäfer"
    " Schmitz Schröder Thiele Voigt Wagner Weiß Yilmaz Ziegler Kowalczyk Brandt Hartmann Kühn",
    "fr": "Arnaud Bernard Chevalier Dubois Fontaine Garnier Hamidi Jacquet Lefebvre Moreau Nguyen Perrin Renaud Roux"
    " Bouchard Traoré Vasseur Benali Lemoine Gauthier Masson Diallo Carpentier Leclercq Picard Marchand",
    "es": "Álvarez Blanco Castro Domínguez Expósito Fernández Gil Herrera Iglesias Jiménez López Martín Navarro Ortega Pérez"
    " Ramos Sánchez Torres Vázquez Zapata Benítez Muñoz Serrano Rubio Molina",
    "it": "Amato Barbieri Colombo De_Luca Esposito Ferrari Gallo Leone Marini Neri Orlando Pellegrini Ricci Santoro Testa"
    " Villa Zanetti Moretti Bianchi Lombardi Rinaldi Greco Fontana Conti",
    "pt": "Almeida Barbosa Carvalho Dias Ferreira Gomes Lima Machado Nascimento Oliveira Pereira Ribeiro Santos Teixeira"
    " Vieira Araújo Cardoso Monteiro Rocha Souza da_Silva Nunes Moura Freitas",
    "nl": "Bakker van_den_Berg de_Boer Dekker Dijkstra van_Dijk Hendriks Jansen de_Jong Kuipers Meijer Mulder Peters Postma"
    " Smit Timmermans Visser de_Vries de_Wit Yildiz Bouali Vermeulen Scholten van_Leeuwen",
    "sv": "Andersson Bergström Carlsson Dahl Ekström Forsberg Gustafsson Hansson Isaksson Johansson Karlsson Lindqvist"
    " Nyström Olofsson Persson Sandberg Åkesson Öberg Haddad Wallin Sjögren Hedlund",
    "pl": "Kovalenko Shevchenko Bondar Tkachenko Tran_Van Le_Thi Beridze Kazlouskaya Sharma Melnyk Lysenko Ivanou Petrenko"
    " Hryhorenko Savchuk Nguyen_Thi Yilmaz Kapanadze Marchenko Sydorenko Novik",
    "da": "Andersen Bech Christensen Dam Eriksen Frandsen Gregersen Hansen Iversen Jensen Kjær Lund Møller Nielsen Olsen"
    " Petersen Rasmussen Skov Sørensen Thomsen Ali Vestergaard",
}
TOWNS: dict[str, str] = {  # town;postcode pattern;region;latitude;longitude
    "us": "Dayton;454##;OH;39.76;-84.19|Kettering;4542#;OH;39.69;-84.17|Springfield;4550#;OH;39.92;-83.81"
    "|Xenia;45385;OH;39.68;-83.93|Troy;45373;OH;40.04;-84.20|Fairborn;45324;OH;39.82;-84.02"
    "|Vandalia;45377;OH;39.89;-84.20",
    "gb": "Shrewsbury;SY# #??;Shropshire;52.7;-2.75|Telford;TF# #??;Shropshire;52.68;-2.45|Hereford;HR#"
    " #??;Herefordshire;52.06;-2.7|Leeds;LS## #??;West Yorkshire;53.8;-1.55|Exeter;EX# #??;Devon;50.7;-3.5|Norwich;NR#"
    " #??;Norfolk;52.6;1.3",
    "de": "Leipzig;0410#;Sachsen;51.3;12.4|Halle (Saale);0610#;Sachsen-Anhalt;51.5;12|Kassel;341##;Hessen;51.3;9.5"
    "|Bremen;281##;Bremen;53.1;8.8|Göttingen;3707#;Niedersachsen;51.5;9.9|Würzburg;970##;Bayern;49.8;9.9",
    "fr": "Villeurbanne;69266;69;45.77;4.88|Vénissieux;69259;69;45.7;4.88|Lyon 8e;69388;69;45.73;4.87"
    "|Givors;69091;69;45.59;4.77|Tarare;69243;69;45.9;4.43|Bron;69029;69;45.73;4.91"
    "|Décines-Charpieu;69275;69;45.77;4.96",
    "es": "Móstoles;289##;Madrid;40.3;-3.9|Alcobendas;2810#;Madrid;40.5;-3.6|Getafe;2890#;Madrid;40.3;-3.7"
    "|Cuenca;1600#;Cuenca;40;-2.1|Talavera de la Reina;45600;Toledo;39.9;-4.8|Albacete;0200#;Albacete;39;-1.9"
    "|Jerez;1140#;Cádiz;36.7;-6.1",
    "it": "Reggio Emilia;4212#;RE;44.7;10.6|Correggio;42015;RE;44.8;10.8|Scandiano;42019;RE;44.6;10.7"
    "|Modena;4112#;MO;44.6;10.9|Parma;4312#;PR;44.8;10.3|Carpi;41012;MO;44.8;10.9|Guastalla;42016;RE;44.9;10.7",
    "pt": "Recife;50###-###;PE;-8.05;-34.9|Olinda;53###-###;PE;-8;-34.85|Caruaru;550##-###;PE;-8.28;-35.97|Jaboatão dos"
    " Guararapes;54###-###;PE;-8.1;-35|Petrolina;563##-###;PE;-9.4;-40.5|João Pessoa;580##-###;PB;-7.1;-34.9",
    "nl": "Zwolle;80## ??;Overijssel;52.5;6.1|Deventer;74## ??;Overijssel;52.2;6.2|Kampen;826# ??;Overijssel;52.6;5.9"
    "|Apeldoorn;73## ??;Gelderland;52.2;6|Meppel;794# ??;Drenthe;52.7;6.2|Raalte;810# ??;Overijssel;52.4;6.3",
    "sv": "Sundsvall;85###;Västernorrland;62.4;17.3|Umeå;90###;Västerbotten;63.8;20.3|Gävle;80###;Gävleborg;60.7;17.1"
    "|Örebro;70###;Örebro;59.3;15.2|Växjö;35###;Kronoberg;56.9;14.8|Kiruna;981##;Norrbotten;67.9;20.2",
    "pl": "Wrocław;5#-###;dolnośląskie;51.1;17|Poznań;6#-###;wielkopolskie;52.4;16.9|Gdańsk;80-###;pomorskie;54.4;18.6"
    "|Łódź;9#-###;łódzkie;51.8;19.5|Legnica;59-2##;dolnośląskie;51.2;16.2|Kalisz;62-8##;wielkopolskie;51.8;18.1",
    "da": "Odense C;5000;Fyn;55.4;10.4|Odense NV;5210;Fyn;55.4;10.3|Odense SØ;5220;Fyn;55.4;10.4"
    "|Blommenslyst;5491;Fyn;55.4;10.2",
}
STREETS: dict[str, str] = {
    "us": "# Maple Ave|## Far Hills Ave|### N Main St|#1# Wayne Ave Apt #|### E Third St|2### Salem Ave|1## Oak St|4##"
    " Linden Ave",
    "gb": "# High Street|## Station Road|## Church Lane|The Old Forge, Mill Lane|1# Victoria Terrace|Flat #, ## Albert Road"
    "|## Oakfield Drive",
    "de": "Bahnhofstr. ##|Lindenweg #|Goethestraße 1#|Am Kirchberg #a|Karl-Liebknecht-Str. ##|Gartenstr. 2#|Schillerplatz #",
    "nl": "Dorpsstraat|Kerkstraat|Molenweg|Wilhelminalaan|Stationsweg",
    "da": "Nyborgvej 1#|Skovvej #, 1. tv.|Vesterbro 4#|Åløkkevej 2#, st.|Middelfartvej ##|Hjallesevej 3#|Sdr. Boulevard 5#,"
    " 2. th.",
}
MAIL = ["gmail.com", "gmail.com", "outlook.com", "yahoo.com", "icloud.com"]
LOCAL_MAIL: dict[str, list[str]] = {
    "de": ["web.de", "gmx.de", "t-online.de", "gmail.com"],
    "fr": ["orange.fr", "free.fr", "gmail.com"],
    "it": ["libero.it", "gmail.com", "virgilio.it"],
    "gb": ["btinternet.com", "gmail.com", "hotmail.co.uk"],
}
FOLD = str.maketrans({"ß": "ss", "ø": "oe", "æ": "ae", "ł": "l", "Ø": "Oe", "Å": "Aa"})


def ascii_only(text: str) -> str:
    """Text without accents, as in mail addresses."""
    return unicodedata.normalize("NFKD", text.translate(FOLD)).encode("ascii", "ignore").decode()


def town(rng: Random, locale: str) -> list[str]:
    """Town, postcode, region, latitude, longitude."""
    options = TOWNS[locale].split("|")
    parts = rng.choices(options, [len(options) - i for i in range(len(options))])[0].split(";")
    parts[1] = fill(rng, parts[1])
    return parts


def person(rng: Random, locale: str, low: int = 18, high: int = 85, female: float = 0.5) -> Row:
    """One made-up person with the things most tables need."""
    is_f = rng.random() < female
    first = rng.choice((FEMALE if is_f else MALE)[locale].split()).replace("_", " ")
    last = rng.choice(LAST[locale].split()).replace("_", " ")
    dob = born(rng, low, high)
    place = town(rng, locale)
    plain = ascii_only(f"{first}.{last}".lower()).replace(" ", "").replace("'", "")
    user = rng.choice([plain, plain.replace(".", ""), plain[0] + plain.split(".")[1], f"{plain}{dob:%y}"])
    mail = f"{user}@{rng.choice(LOCAL_MAIL.get(locale, MAIL))}"
    return {
        "f": is_f,
        "first": first,
        "last": last,
        "dob": dob,
        "age": age_on(dob),
        "mail": mail,
        "user": user,
        "town": place[0],
        "zip": place[1],
        "region": place[2],
        "lat": float(place[3]),
        "lon": float(place[4]),
        "street": fill(rng, rng.choice(STREETS[locale].split("|"))) if locale in STREETS else "",
    }


def people(rng: Random, n: int, locale: str, low: int = 18, high: int = 85, female: float = 0.5) -> list[Row]:
    """One person a row."""
    return [dict(person(rng, locale, low, high, female), i=i) for i in range(n)]


def repeated(rng: Random, n: int, locale: str, share: float, low: int = 18, high: int = 85) -> list[Row]:
    """Rows drawn from fewer persons than rows, so that persons come back."""
    pool = people(rng, max(2, int(n * share)), locale, low, high)
    for p in pool:
        p["who"] = p["i"]
        p["secret"] = fill(rng, "%" * 32)
    return [dict(rng.choice(pool), i=i) for i in range(n)]
