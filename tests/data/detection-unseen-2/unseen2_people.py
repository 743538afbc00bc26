"""What every table draws from: numbers, dates, weighted words, gaps, and people who do not exist."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

Cell = str | int | float | date | None
Columns = dict[str, Sequence[Cell]]
T = TypeVar("T")
C = TypeVar("C", bound=Cell)


def pick(r: Random, weighted: Mapping[T, float]) -> T:
    return r.choices(list(weighted), list(weighted.values()))[0]


def picks(r: Random, n: int, weighted: Mapping[T, float]) -> list[T]:
    return r.choices(list(weighted), list(weighted.values()), k=n)


def zipf(r: Random, items: Sequence[T], flat: float = 3.0) -> T:
    """One of the items, the early ones more often."""
    return r.choices(items, [1 / (i + flat) for i in range(len(items))])[0]


def messy(
    r: Random, values: Sequence[C], null: float = 0.02, marks: Sequence[Cell] = (), mark: float = 0.01, pad: float = 0.0
) -> list[Cell]:
    """Some values missing, some replaced by a mark such as 'n/a', some with a stray blank."""
    out: list[Cell] = []
    for v in values:
        x = r.random()
        if v is None or x < null:
            out.append(None)
        elif marks and x < null + mark:
            out.append(r.choice(marks))
        elif null + mark <= x < null + mark + pad:
            out.append(f" {v}" if r.random() < 0.3 else f"{v} ")
        else:
            out.append(v)
    return out


def digits(r: Random, n: int, first_not_zero: bool = True) -> str:
    text = "".join(r.choice("0123456789") for _ in range(n))
    return r.choice("123456789") + text[1:] if first_not_zero else text


def letters(r: Random, n: int, alphabet: str = "ABCDEFGHJKLMNPQRSTUVWXYZ") -> str:
    return "".join(r.choice(alphabet) for _ in range(n))


def hexes(r: Random, n: int) -> str:
    return "".join(r.choice("0123456789abcdef") for _ in range(n))


def uuid(r: Random) -> str:
    h = hexes(r, 32)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def unique(r: Random, n: int, make: Callable[[], str]) -> list[str]:
    seen: dict[str, None] = {}
    while len(seen) < n:
        seen[make()] = None
    return list(seen)


def clamp(x: float, low: float, high: float) -> float:
    return max(low, min(high, x))


def within(r: Random, mean: float, sd: float, low: float, high: float) -> float:
    """A normal value inside the bounds, drawn anew rather than cut off: nothing piles up at a bound."""
    for _ in range(60):
        x = r.gauss(mean, sd)
        if low <= x <= high:
            return x
    return r.uniform(low, high)


def gauss(r: Random, mean: float, sd: float, low: float, high: float, places: int = 1) -> float:
    x = round(within(r, mean, sd, low, high), places)
    return int(x) if places == 0 else x


def lognorm(r: Random, median: float, sigma: float, places: int = 2) -> float:
    x = round(median * math.exp(r.gauss(0, sigma)), places)
    return int(x) if places == 0 else x


def day(r: Random, start: date, end: date) -> date:
    return start + timedelta(days=r.randrange((end - start).days + 1))


def born(r: Random, today: date, mean: float, sd: float, low: int, high: int) -> date:
    years = within(r, mean, sd, low + 0.01, high + 0.99)
    return today - timedelta(days=int(years * 365.25))


def age_on(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def moment(r: Random, on: date, low: int = 0, high: int = 23) -> datetime:
    return datetime(on.year, on.month, on.day, r.randint(low, high), r.randrange(60), r.randrange(60), tzinfo=UTC)


def comma(x: float) -> str:
    """12345.6 as 12.345,60."""
    return f"{x:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def plain(text: str) -> str:
    """Lower-case ASCII for mail addresses."""
    for a, b in (("ß", "ss"), ("ł", "l"), ("Ł", "L"), ("ø", "o")):
        text = text.replace(a, b)
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(c for c in flat if c.isalnum())


def iban(r: Random, country: str, length: int) -> str:
    bban = digits(r, length)
    number = int(bban + "".join(str(ord(c) - 55) for c in country) + "00")
    return f"{country}{98 - number % 97:02d}{bban}"


def luhn(text: str) -> str:
    """The digits with their check digit behind them."""
    total = 0
    for i, c in enumerate(reversed(text)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return text + str(-total % 10)


def listed(text: str) -> list[str]:
    """The items of a text that has commas between them, or else blanks."""
    return text.split("," if "," in text else " ")


class Locale:
    """Names, streets, towns with the first signs of their postcodes, and mail domains of one language.

    A surname is one of the common ones or is put together from a head and a tail.
    """

    def __init__(
        self, male: str, female: str, surnames: str, heads: str, tails: str, streets: str, towns: str, mail: str
    ) -> None:
        self.male, self.female, self.surnames = listed(male), listed(female), listed(surnames)
        self.heads, self.tails, self.streets, self.mail = listed(heads), listed(tails), listed(streets), listed(mail)
        self.towns = [(town, stem) for town, _, stem in (item.rpartition(" ") for item in listed(towns))]


LOCALES = {
    "en": Locale(
        "Oliver George Harry Jack Noah Thomas James Liam Daniel Samuel Adam Mohammed Callum Ethan Ryan Peter Martin Alan "
        "Keith Derek Graham Raj Kwame Owen Dylan",
        "Amelia Olivia Emily Grace Sophie Hannah Chloe Lucy Charlotte Megan Priya Fatima Joan Margaret Susan Karen Linda "
        "Rosie Ellie Abigail Niamh Zoe Beth Maureen Doreen",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White Edwards Green Hall Wood Harris "
        "Khan Lewis Martin Jackson Clarke Clark Turner Hill Scott Cooper Morris Moore Ward Watson Ali Begum Okafor",
        "Ash Brad Hart Win Pem Thorn Whit Lang Stan Harl Cran Mel Ber Ham Kirk Wex Tol Dray",
        "ley ton well ford field wood worth combe shaw borough by ridge",
        "High Street,Station Road,Church Lane,Victoria Road,Mill Lane,Green Lane,Manor Road,Kings Road,Park Avenue,Queensway,"
        "The Crescent,Albert Street,Orchard Close,Meadow View",
        "Leeds LS,Bristol BS,Norwich NR,Exeter EX,Cardiff CF,Hull HU,Preston PR,Reading RG,Derby DE,York YO,Bath BA,Truro TR",
        "example.com mail.example.org post.example.net inbox.example",
    ),
    "de": Locale(
        "Lukas Leon Felix Jonas Maximilian Paul Thomas Michael Andreas Stefan Jürgen Klaus Wolfgang Günther Uwe Tobias "
        "Florian Mehmet Sebastian Rainer Heinz Dieter Jan Emre",
        "Anna Lena Marie Sophie Laura Julia Sabine Petra Monika Ursula Renate Heike Claudia Birgit Katharina Ayşe Emma Mia "
        "Johanna Ingrid Gisela Jutta Nadine Franziska",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf "
        "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Yılmaz Krause Lehmann Köhler",  # noqa: RUF001 (Turkish)
        "Stein Eich Reh Wein Rosen Lind Alt Hohen Falken Birk Kirsch Sand Wies Grün Acker Brunn Tann",
        "bach berger mann feld hauer ner meier stein rich ler hoff scheid",
        "Hauptstraße,Bahnhofstr.,Gartenweg,Schillerstraße,Am Anger,Lindenallee,Goethestr.,Kirchgasse,Ringstraße,Feldweg,"
        "Mühlenweg,Bergstraße,Schulstr.,Rosenweg",
        "Göttingen 370,Kassel 341,Freiburg 791,Erfurt 990,Münster 481,Würzburg 970,Lübeck 235,Trier 542,Jena 077,Ulm 890,"
        "Bad Sülze 183,Oldenburg 261",
        "example.de mail.example.org post.example.net",
    ),
    "fr": Locale(
        "Louis Gabriel Arthur Jules Hugo Lucas Nathan Mathis Pierre Jean Michel Philippe Alain Karim Yanis Antoine Nicolas "
        "Julien Maxime Théo Rayan Benoît Thierry Amadou",
        "Emma Jade Louise Alice Chloé Léa Manon Camille Inès Sarah Marie Nathalie Isabelle Sylvie Monique Fatoumata Aurélie "
        "Céline Élodie Clémence Zoé Lina Margaux Nadia",
        "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David "
        "Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Benali Diallo Traoré Nguyen Chevalier Gauthier",
        "Mar Ber Gau Char Pel Dor Val Ren Tou Bou Cas Lan Per Vig Mon",
        "rault cier not teau lard vel ret din gnon net chard moulin",
        "rue de la République,avenue Jean Jaurès,rue Victor Hugo,rue des Lilas,boulevard Pasteur,impasse du Moulin,"
        "place de l'Église,rue du Stade,allée des Tilleuls,chemin Vert",
        "Rennes 350,Lille 590,Nîmes 300,Angers 490,Dijon 210,Amiens 800,Limoges 870,Brest 292,Pau 640,Le Mans 720,"
        "Saint-Étienne 420",
        "example.fr courriel.example mail.example.org",
    ),
    "es": Locale(
        "Hugo Martín Lucas Mateo Pablo Álvaro Adrián David Javier Antonio Manuel José Francisco Juan Sergio Iván Rubén Óscar "
        "Raúl Youssef Iker Diego",
        "Lucía Sofía Martina María Paula Daniela Carmen Ana Laura Marta Cristina Pilar Rosa Isabel Elena Nuria Sara Alba Noa "
        "Fátima Irene Rocío",
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno "
        "Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Serrano Blanco Molina",
        "Val Mon Cas Tor Riba Villa Peña Herr Alda Bel Cor Mar Ber",
        "verde tero dero nilla mar llares ejo ales osa uela ueño era",
        "Calle Mayor,Avda. de la Constitución,Calle del Sol,Plaza España,Calle Cervantes,Camino Real,Calle San José,"
        "Paseo del Río,Calle Nueva,Ronda Norte",
        "Zaragoza 500,Murcia 300,Gijón 332,Burgos 090,Córdoba 140,Lugo 270,Cádiz 110,Huesca 220,Soria 420,León 240,Alcañiz 446",
        "example.es correo.example mail.example.org",
    ),
    "it": Locale(
        "Leonardo Francesco Alessandro Lorenzo Mattia Andrea Marco Giuseppe Giovanni Luca Antonio Roberto Stefano Paolo "
        "Davide Riccardo Gabriele Salvatore Vincenzo Enzo",
        "Sofia Giulia Aurora Alice Ginevra Emma Martina Chiara Anna Maria Francesca Laura Elena Paola Silvia Rosa Giovanna "
        "Teresa Caterina Noemi",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti DeLuca Mancini Costa "
        "Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone",
        "Mont Cast Bell Fer Zan Pell Gar Bor Mal Tos Cal Vis Bert",
        "ella ari one etti oni ini acci otti enzi aldi uzzi ese",
        "Via Roma,Via Garibaldi,Corso Italia,Via Mazzini,Piazza Dante,Via Verdi,Viale dei Mille,Via Cavour,Via dei Tigli,"
        "Vicolo Stretto",
        "Parma 431,Ferrara 441,Lecce 731,Trento 381,Ancona 601,Siena 531,Cuneo 121,Forlì 471,Matera 751,Udine 331,"
        "Canicattì 920",
        "example.it posta.example mail.example.org",
    ),
    "pt": Locale(
        "João Rodrigo Francisco Martim Santiago Tomás Miguel Afonso Gonçalo António Manuel José Carlos Paulo Rui Luís "
        "Fernando Hélder Nuno Tiago",
        "Maria Leonor Matilde Beatriz Carolina Mariana Ana Inês Sofia Joana Teresa Fernanda Isabel Helena Lurdes Conceição "
        "Cátia Sónia Rita Margarida",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves Gomes Lopes Marques "
        "Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira",
        "Car Mon Val Sal Mou Quei Fon Bar Cas Fig Oli Rama",
        "valhal teiro gueira rosa doso seca lhães neiro rego veira miro",
        "Rua Direita,Avenida da Liberdade,Rua 25 de Abril,Travessa do Forno,Largo da Igreja,Rua das Flores,Rua do Comércio,"
        "Estrada Nacional,Rua Luís de Camões",
        "Braga 47,Coimbra 30,Évora 70,Faro 80,Viseu 35,Leiria 24,Aveiro 38,Guarda 63,Bragança 53,Setúbal 29",
        "example.pt correio.example mail.example.org",
    ),
    "nl": Locale(
        "Daan Sem Lucas Levi Bram Jan Pieter Kees Henk Wim Jeroen Maarten Thijs Ruben Mohamed Sander Bas Joost Gerrit Dirk",
        "Emma Julia Mila Tess Sophie Anna Sanne Lotte Femke Marieke Johanna Wilma Ingrid Anouk Fleur Iris Esther Fatima "
        "Greetje Hanneke",
        "De Jong,Jansen,De Vries,Van den Berg,Van Dijk,Bakker,Janssen,Visser,Smit,Meijer,De Boer,Mulder,De Groot,Bos,Vos,"
        "Peters,Hendriks,Van Leeuwen,Dekker,Brouwer,De Wit,Dijkstra,Kok,Yilmaz,Hoekstra,Koster",
        "Oos Zand Veld Wester Hof Broek Dam Kui Noord Haver Linde Sche",
        "kamp stra man ink sma veen huis laar pers horst dorp beek",
        "Dorpsstraat Kerkweg Molenlaan Stationsplein Prinsengracht Beukenlaan Schoolstraat Hoofdweg Eikenhof Wilhelminastraat",
        "Zwolle 80,Breda 48,Leiden 23,Arnhem 68,Assen 94,Delft 26,Venlo 59,Alkmaar 18,Goes 44,Emmen 78",
        "example.nl post.example mail.example.org",
    ),
    "sv": Locale(
        "Lars Erik Karl Anders Johan Per Nils Mikael Jan Olof Gustav Axel Elias William Hugo Åke Göran Björn Ali Henrik",
        "Anna Eva Maria Karin Kristina Lena Sara Emma Kerstin Ingrid Marie Malin Elsa Astrid Märta Åsa Birgitta Linnéa Ebba "
        "Amina",
        "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson "
        "Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Hassan",
        "Berg Lind Sjö Lund Sand Ek Hag Ny Söder Öst Wik Gran Hed",
        "ström gren kvist dahl man qvist blad holm wall mark feldt",
        "Storgatan Kyrkogatan Skolvägen Ängsvägen Parkgatan Björkvägen Strandvägen Nygatan",
        "Umeå 903,Växjö 352,Gävle 803,Örebro 702,Lund 222,Visby 621,Mora 792,Kalmar 392",
        "example.se post.example mail.example.org",
    ),
    "pl": Locale(
        "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Łukasz Grzegorz Wojciech Mateusz Rafał Zbigniew "
        "Dariusz Kamil",
        "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Elżbieta Joanna Krystyna Zofia Aleksandra Monika "
        "Julia Natalia Beata Oksana",
        "Nowak Wójcik Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień Pawlak Michalak Duda Adamczyk Dudek Sikora "
        "Baran Szewczyk Pietrzak Marciniak Bąk Kubiak Wilk Lis Kołodziej Gajda Szulc Cieślak",
        "Malin Wiśni Jabło Kowal Zieliń Brzoz Doma Górs Lipiń Makow Raj Sos Turo",
        "ewicz czyk ak owicz ek uk ecki",
        "ul. Polna,ul. Leśna,ul. Słoneczna,ul. Krótka,ul. Szkolna,ul. Ogrodowa,al. Jana Pawła II,ul. Kościuszki",
        "Lublin 20,Toruń 87,Opole 45,Rzeszów 35,Białystok 15,Kielce 25",
        "example.pl poczta.example mail.example.org",
    ),
}


@dataclass
class Person:
    """Somebody who does not exist; stem: the first signs of the postcode."""

    first: str
    last: str
    female: bool
    birth: date
    town: str
    stem: str
    street: str
    number: str
    mail: str

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"


def surname(r: Random, loc: Locale) -> str:
    return zipf(r, loc.surnames, 6) if r.random() < 0.6 else r.choice(loc.heads) + r.choice(loc.tails)


def person(r: Random, lang: str, today: date, mean: float, sd: float, low: int, high: int, women: float = 0.5) -> Person:
    loc = LOCALES[lang]
    female = r.random() < women
    first = zipf(r, loc.female if female else loc.male, 8)
    last = surname(r, loc)
    if lang == "es":
        last = f"{last} {surname(r, loc)}"
    birth = born(r, today, mean, sd, low, high)
    town, stem = zipf(r, loc.towns, 2)
    number = str(int(clamp(r.expovariate(1 / 30) + 1, 1, 240))) + (r.choice("abc") if r.random() < 0.07 else "")
    style = r.random()
    a, b = plain(first), plain(last.split()[0] if lang == "es" else last)
    short, numbered = f"{a[0]}{b}{birth.year % 100:02d}", f"{b}{r.randint(1, 999)}"
    local = f"{a}.{b}" if style < 0.45 else short if style < 0.75 else numbered
    mail = f"{local}@{r.choice(loc.mail)}"
    return Person(first, last, female, birth, town, stem, zipf(r, loc.streets, 6), number, mail)


def people(
    r: Random, lang: str, n: int, today: date, mean: float, sd: float, low: int, high: int, women: float = 0.5
) -> list[Person]:
    return [person(r, lang, today, mean, sd, low, high, women) for _ in range(n)]
