"""Sentences of agency copy with the names in them, from the templates of agency.txt.

Names come from the tables of data/actors (persons, states, cities) and from agency.txt (clubs, bodies,
companies). By the guideline of news corpora a club named by its city is an organisation, and a state's
team the state. Only names are known of these sentences, no trees.

usage: agency.py ACTORS [N]     prints some, to be looked at
"""
import os
import random
import re
import sys

import data

KIND = {"club": "ORG", "body": "ORG", "agency": "ORG", "paper": "ORG", "company": "ORG", "org": "ORG", "country": "LOC", "city": "LOC",
        "caps": "LOC", "place": "LOC", "per": "PER", "surname": "PER"}


def table(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf8") if line.strip() and line[0] != "#"]
    return [dict(zip(rows[0], r)) for r in rows[1:]]


class Agency:
    def __init__(self, actors, seed):
        self.rnd = random.Random(seed)
        self.slots, self.templates = {}, []
        for line in open(os.path.join(os.path.dirname(__file__), "agency.txt"), encoding="utf8"):
            line = line.strip()
            if not line or line[0] == "#":
                continue
            slot = re.match(r"([a-z.]+): ", line)
            if slot:
                self.slots[slot.group(1)] = line[slot.end():].split(" | ")
                continue
            capitals, weight, text = re.match(r"(\^?)(?:\*(\d+) )?(.*)", line).groups()
            self.templates += [(bool(capitals), text.split())] * int(weight or 1)
        states = table(os.path.join(actors, "countries.tsv"))
        self.slots["country"] = [s["name"] for s in states] + ["Britain", "U.S.", "USA", "United States", "Germany", "France", "Russia", "Italy", "Spain", "Australia", "England", "Scotland", "Wales", "Northern Ireland", "West Indies", "Yugoslavia", "Zaire", "Czech Republic"] * 6
        self.slots["city"] = [c for s in states for k in ("capitals", "seats", "places") for c in (s.get(k) or "").split("; ") if c and c[0].isupper()]
        people = [p["person"].split() for t in ("people.tsv", "officials.tsv") for p in table(os.path.join(actors, t))]
        people = [p for p in people if 2 <= len(p) <= 3 and all(w[0].isupper() and w.replace("-", "").isalpha() for w in p)]
        self.first, self.last = [p[0] for p in people], [p[-1] for p in people]
        self.extra = {
            "verbs": ["beats", "edge", "crush", "hold", "down", "rout", "upsets", "wins", "leads", "fit", "out"], "says": ["says", "sees", "denies", "hails", "rejects"],
            "close": ["near", "stall", "to resume", "in doubt"], "moves": ["up", "down", "rise", "fall", "slip", "surge"], "moved": ["rose", "fell", "slipped", "steadied"],
            "act": ["act", "wait", "talk", "vote", "pay"], "official": ["minister", "envoy", "aide", "police", "army", "leader", "opposition"],
        }

    def pick(self, items):
        return items[self.rnd.randrange(len(items))]

    def number(self, digits):
        return str(self.rnd.randrange(10 ** (digits - 1), 10 ** digits)) if digits > 1 else str(self.rnd.randrange(10))

    def person(self):
        r = self.rnd.random()
        last = self.pick(self.last)
        if r < 0.08:
            return f"{self.pick(self.first)[0]}. {last}"
        if r < 0.14:
            return f"{self.pick(self.first)} {self.pick(self.first)} {last}"
        if r < 0.18:
            return f"{self.pick(self.first)} {self.pick(['van', 'de', 'al', 'bin', 'von', 'di', 'la'])} {last}"
        return f"{self.pick(self.first)} {last}"

    def company(self):
        r = self.rnd.random()
        head = self.pick(self.slots["company.head"])
        if r < 0.35:
            return head
        if r < 0.5:
            return f"{head} {self.pick(self.slots['company.end'])}"
        if r < 0.75:
            return f"{self.pick(self.last)} {self.pick(self.slots['company.end'])}"
        if r < 0.9:
            return f"{self.pick(self.slots['firm.word'])} {self.pick(self.last + self.slots['firm.word'])} {self.pick(self.slots['company.end'])}"
        return f"{self.pick(self.last)} & {self.pick(self.last)}"

    def fill(self, slot):
        if slot in ("club.upper", "paper.upper"):
            return self.pick(self.slots["club.city" if slot == "club.upper" else "paper"]).upper()
        if slot == "club":
            return self.pick(self.slots[self.pick(["club.city", "club.city", "club.name"])])
        if slot in self.slots:
            return self.pick(self.slots[slot])
        if slot in self.extra:
            return self.pick(self.extra[slot])
        if slot == "org":
            return self.fill(self.pick(["company", "body"]))
        return {"per": self.person, "company": self.company, "surname": lambda: self.pick(self.last), "caps": lambda: self.pick(self.slots["city"]).upper(),
                "initial": lambda: self.pick("ABCDEFGHIJKLMNOPRSTVW") + self.pick(["", "."]), "score": lambda: f"{self.number(1)}-{self.number(1)}",
                "set": lambda: f"{self.pick('67')}-{self.number(1)}", "year": lambda: str(self.rnd.randrange(1985, 2024)), "month3": lambda: self.pick(self.slots["month"])[:3],
                "mm": lambda: f"{self.rnd.randrange(1, 13):02}", "dd": lambda: f"{self.rnd.randrange(1, 29):02}", "n": lambda: str(self.rnd.randrange(1, 31)), "d": lambda: self.number(1)}.get(
                    slot, lambda: self.number(len(slot)))()

    def sentence(self):
        """One Sentence: forms and names."""
        capitals, words = self.pick(self.templates)
        forms, found = [], []
        for w in words:
            slots = re.findall(r"\{([^}]*)\}", w)
            if len(slots) == 1 and w == "{" + slots[0] + "}":
                value = self.fill(slots[0]).split()
                kind = KIND.get(slots[0].partition(".")[0])
                if kind:
                    found.append((len(forms), len(forms) + len(value), kind))
                forms += value
            else:
                for s in slots:
                    w = w.replace("{" + s + "}", self.fill(s), 1)
                forms.append(w)
        if capitals:
            forms = [f.upper() for f in forms]
        return data.Sentence(forms, names=data.mark(len(forms), found))


def sentences(actors, n, seed=1):
    agency = Agency(actors, seed)
    return [agency.sentence() for _ in range(n)]


if __name__ == "__main__":
    for s in sentences(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40):
        print(" ".join(f if n == "O" else f + "/" + n for f, n in zip(s.forms, s.names)))
