#!/usr/bin/env python3
"""A second verifier of the audit trail: Python 3 and its standard library, none of express-llm-gate's own code.

  python3 verify_audit.py gate.db [--checkpoints FILE] [--public-key FILE] [--json]
  python3 verify_audit.py --vectors audit-vectors.json

The format is in audit.md. Exits 0 clean, 1 tampered with, 2 called wrongly, 3 incomplete (calls without an end), 4 unreadable.
"""
import argparse
import base64
import datetime
import decimal
import hashlib
import json
import os
import re
import sqlite3
import struct
import sys
from urllib.parse import quote

CHAIN_DOMAIN = "express-llm-gate/audit/1"
CHECKPOINT_DOMAIN = "express-llm-gate/checkpoint/1"
PRUNE_DOMAIN = "express-llm-gate/prune/1"
CONTENT_DOMAIN = "express-llm-gate/content/1"
CONTENT_KEY_DOMAIN = "express-llm-gate/content-key/1"
MASTER_KEY_DOMAIN = b"express-llm-gate/content-master-key/1\n"
CODES = {"clean": 0, "tampered": 1, "incomplete": 3, "unreadable": 4}

# --- Ed25519 verification, RFC 8032 section 5.1.7 -----------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def add(a, b):
    """Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    e1 = (a[1] - a[0]) * (b[1] - b[0]) % P
    e2 = (a[1] + a[0]) * (b[1] + b[0]) % P
    e3 = 2 * a[3] * b[3] * D % P
    e4 = 2 * a[2] * b[2] % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decode_point(data):
    y = int.from_bytes(data, "little")
    x = recover_x(y & ((1 << 255) - 1), y >> 255)
    if x is None:
        return None
    y &= (1 << 255) - 1
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519_verify(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The format ---------------------------------------------------------------------------------------------------


def text(value):
    data = value.encode("utf-8")
    return struct.pack(">I", len(data)) + data


def link(previous, node, boot, seq, record):
    place = text(CHAIN_DOMAIN) + previous + text(node) + text(boot)
    return hashlib.sha256(place + struct.pack(">QQ", seq, len(record)) + record).digest()


def canonical(value):
    """As ECMAScript's JSON.stringify would write it, with members sorted by the UTF-16 code units of their names."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{quoted(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value)


def quoted(value):
    return LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def number(value):
    """Of a double, its shortest digits; what is none is null."""
    try:
        value = float(value)
    except OverflowError:
        return "null"
    if value == 0 or value != value or value in (float("inf"), float("-inf")):
        return "0" if value == 0 else "null"
    sign = "-" if value < 0 else ""
    digits, exponent = f"{decimal.Decimal(repr(abs(value))):e}".lower().split("e")
    digits, point = digits.replace(".", "").rstrip("0"), int(exponent) + 1
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


LONE = re.compile("[\ud800-\udfff]")


def refused(word):
    raise ValueError(f"{word} is no JSON")


def loads(said, **options):
    """As every reader of JSON has it; ValueError where it is none."""
    try:
        return json.loads(said, parse_constant=refused, **options)
    except RecursionError:
        raise ValueError("too deep") from None


def parsed(record):
    """The members of a record, and whether its bytes are in canonical form. ValueError when they are none."""
    said = loads(record.decode("utf-8"), parse_int=float)
    try:
        if not isinstance(said, dict):
            raise ValueError("not an object")
        form = canonical({**dict.fromkeys(RECORD_MEMBERS), **said, "v": 1})
    except RecursionError:
        raise ValueError("too deep") from None
    return said, set(said) == set(RECORD_MEMBERS) and form.encode("utf-8") == record


RECORD_MEMBERS = """at boot bothHeaders bytesIn bytesOut change checkpoint clientRequestId clientSessionId content count
  credential decision detail digestIn digestOut dlp durationMs epoch inputTokens keyId kind method model node operation
  organization outcome outputTokens path protocol reason requestId rule seq source staleAuth status stream upstream
  upstreamRequestId upstreamStatus user userAgent v""".split()


def signed_text(domain, said):
    signed = {name: value for name, value in said.items() if name != "signature"}
    return (domain + "\n" + canonical(signed)).encode("utf-8")


def checkpoint_text(checkpoint):
    return signed_text(CHECKPOINT_DOMAIN, checkpoint)


def prune_text(note):
    return signed_text(PRUNE_DOMAIN, note)


def texts(said, *names):
    """Members that are texts. KeyError where one is not there, TypeError where it is none."""
    for name in names:
        if not isinstance(said[name], str):
            raise TypeError(f"{name} is no text")
    return {name: said[name] for name in names}


def position(value):
    if isinstance(value, bool) or not abs(value) <= 2**53 - 1 or value != int(value):
        raise TypeError("no whole number")
    return int(value)


def read_heads(said):
    if not isinstance(said, list):
        raise TypeError("no list")
    return [{**texts(head, "node", "boot", "hash"), "seq": position(head["seq"])} for head in said]


def read_checkpoint(said):
    """What is signed of a checkpoint, and its signature. KeyError or TypeError when it is none."""
    named = texts(said, "origin", "at", "node", "boot", "previous", "keyId", "signature")
    return {**named, "number": position(said["number"]), "heads": read_heads(said["heads"])}


def key_id(public_key):
    return hashlib.sha256(public_key).hexdigest()[:16]


def public_keys(pem):
    """Raw keys by id. An Ed25519 SubjectPublicKeyInfo ends with the 32 bytes of the key."""
    keys = {}
    for body in re.findall(r"-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----", pem):
        der = base64.b64decode("".join(body.split()))
        if len(der) != 44 or der[:12] != bytes.fromhex("302a300506032b6570032100"):
            raise ValueError("not an Ed25519 public key")
        keys[key_id(der[12:])] = der[12:]
    if not keys:
        raise ValueError("no public key in PEM")
    return keys


def signature_fault(said, keys, text_of=checkpoint_text):
    if not keys:
        return None
    if said["keyId"] not in keys:
        return "unknown_key"
    try:
        signature = base64.b64decode(said["signature"], validate=True)
    except ValueError:
        return "bad_signature"
    good = ed25519_verify(keys[said["keyId"]], text_of(said), signature)
    return None if good else "bad_signature"


# --- A trail in SQLite --------------------------------------------------------------------------------------------

COLUMNS = [
    ("at", "at"), ("kind", "kind"), ("organization", "organization"), ("user", "user"), ("key_id", "keyId"),
    ("request_id", "requestId"), ("protocol", "protocol"), ("model", "model"), ("decision", "decision"),
    ("reason", "reason"), ("status", "status"), ("outcome", "outcome"), ("node", "node"), ("boot", "boot"), ("seq", "seq"),
]  # fmt: skip
STRAY = """typeof(node) <> 'text' or node = '' or typeof(seq) <> 'integer' or seq < 1 or seq > 9007199254740991"""
ODD = re.compile("[\0\ud800-\udfff]")


class Trail:
    def __init__(self, path):
        self.path = path
        if not os.path.isfile(path) or os.path.getsize(path) == 0:
            raise OSError(f"there is no database at {path}")
        self.db = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
        self.db.row_factory = sqlite3.Row
        self.db.text_factory = lambda data: data.decode("utf-8", "replace")
        self.db.execute("begin")
        self.faults = []
        self.open = []
        self.unpruned = []
        self.note = None
        self.cuts = {}
        self.beginnings = {}
        self.boots = {}
        self.records = 0

    def fault(self, node, boot, seq, reason):
        self.faults.append({"node": node, "boot": boot, "seq": seq, "reason": reason})

    def nodes(self):
        return [row[0] for row in self.db.execute(f"select distinct node from audit where not ({STRAY}) order by node")]

    def find_strays(self):
        """Rows that are in no chain."""
        place = "cast(node as text), cast(boot as text), case typeof(seq) when 'integer' then seq else 0 end"
        for node, boot, seq in self.db.execute(f"select {place} from audit where {STRAY} order by node, seq"):
            self.fault(node, boot, seq, "stray")

    def is_running(self, node):
        lock = f"{self.path}.node-{quote(node, safe=UNESCAPED)}.lock"
        if not os.path.exists(lock):
            return False
        try:
            probe = sqlite3.connect(f"file:{quote(lock)}?mode=ro", uri=True, timeout=0)
            probe.execute("select count(*) from sqlite_master").fetchone()
            return False
        except sqlite3.OperationalError as error:
            return "locked" in str(error)

    def find_prune(self, keys):
        """The newest prune with a good signature, where a chain does not begin with its first record."""
        if all(row[0] == 1 for row in self.db.execute(f"select min(seq) from audit where not ({STRAY}) group by node")):
            return
        for row in self.db.execute("select record from audit where kind = 'admin'"):
            note = prune_note(row["record"])
            if note is None or signature_fault(note, keys, prune_text) is not None:
                continue
            if self.note is None or note["checkpoint"]["number"] > self.note["checkpoint"]["number"]:
                self.note = note
        if self.note is not None:
            self.cuts = {cut["node"]: cut for cut in self.note["cuts"]}

    def verify_chain(self, node):
        previous, last, open_calls = bytes(32), 0, {}
        head_boot = None
        first = self.db.execute(f"select min(seq) from audit where node = ? and not ({STRAY})", (node,)).fetchone()[0]
        cut = self.cuts.get(node)
        if cut is not None and first != 1:
            previous, last = bytes.fromhex(cut["hash"]), cut["seq"]
            if first <= last:
                self.unpruned.append({"node": node, "boot": cut["boot"], "seq": first, "reason": "unpruned"})
        rows = f"select * from audit where node = ? and seq > ? and not ({STRAY}) order by seq"
        for row in self.db.execute(rows, (node, last)):
            self.records += 1
            seq, boot = row["seq"], row["boot"] if isinstance(row["boot"], str) else ""
            reason = self.row_fault(node, boot, row, previous, last)
            if reason == "gap":
                self.fault(node, boot, last + 1, reason)
            elif reason is not None:
                self.fault(node, boot, seq, reason)
            stored = row["hash"]
            previous = stored if isinstance(stored, bytes) and len(stored) == 32 else bytes(32)
            last, head_boot = seq, boot
            if row["kind"] == "intent":
                if row["request_id"] is not None:
                    open_calls[row["request_id"]] = (boot, seq)
            elif row["kind"] in ("completion", "interrupted"):
                open_calls.pop(row["request_id"], None)
        row = self.db.execute("select boot, at from audit where node = ? and seq = 1", (node,)).fetchone()
        if row is not None:
            self.beginnings[node] = (row["boot"], str(row["at"]))
        self.boots[node] = head_boot
        running = self.is_running(node)
        self.open += [
            {"node": node, "boot": boot, "seq": seq}
            for boot, seq in open_calls.values()
            if not (running and boot == head_boot)
        ]
        return last

    def row_fault(self, node, boot, row, previous, last):
        seq, record = row["seq"], row["record"]
        if not isinstance(seq, int) or seq <= last:
            return "order"
        if seq > last + 1:
            return "gap"
        if not isinstance(record, bytes) or link(previous, node, boot, seq, record) != row["hash"]:
            return "bad_hash"
        try:
            said, is_canonical = parsed(record)
        except ValueError:
            return "unreadable"
        if not is_canonical:
            return "not_canonical"
        for column, member in COLUMNS:
            value = said.get(member)
            kept = ODD.sub("\ufffd", value) if isinstance(value, str) else value
            if isinstance(value, bool) or row[column] not in (value, kept):
                return "column_mismatch"
        return None

    def checkpoint_fault(self, checkpoint, keys, lasts):
        own = next((head["seq"] for head in checkpoint["heads"] if head["node"] == checkpoint["node"]), 0) + 1
        reason = signature_fault(checkpoint, keys)
        if reason is not None:
            return self.fault(checkpoint["node"], checkpoint["boot"], own, reason)
        for head in checkpoint["heads"]:
            query = "select boot, hash from audit where node = ? and seq = ?"
            row = self.db.execute(query, (head["node"], head["seq"])).fetchone()
            cut = self.cuts.get(head["node"])
            if cut is not None and head["seq"] < cut["seq"]:
                continue  # dropped: the prune vouches for what comes after
            if cut is not None and head["seq"] == cut["seq"]:
                row = {"boot": cut["boot"], "hash": bytes.fromhex(cut["hash"])}
            last = lasts.get(head["node"], 0)
            if row is None and head["seq"] > last:
                return self.fault(head["node"], head["boot"], last + 1, "cut_off")
            kept = (row["hash"], row["boot"]) if row is not None else None
            if kept is None or not isinstance(kept[0], bytes) or (kept[0].hex(), kept[1]) != (head["hash"], head["boot"]):
                return self.fault(head["node"], head["boot"], head["seq"], "checkpoint_mismatch")
        return None

    def compare_sinks(self, lasts):
        """With how far the sinks are that the database knows of; gives how many these are."""
        if self.db.execute("select 1 from sqlite_master where name = 'audit_sink_places'").fetchone() is None:
            return 0
        for (node,) in self.db.execute("select distinct node from audit_sink_places order by node").fetchall():
            got = self.db.execute("select max(seq) from audit_sink_places where node = ?", (node,)).fetchone()[0]
            if got > lasts.get(node, 0):
                self.fault(node, self.boots.get(node, ""), lasts.get(node, 0) + 1, "sink_ahead")
        return self.db.execute("select count(distinct sink) from audit_sink_places").fetchone()[0]

    def judge_checkpoint(self, checkpoint, keys, lasts):
        """Whether it holds."""
        before = len(self.faults)
        self.checkpoint_fault(checkpoint, keys, lasts)
        if len(self.faults) > before:
            return False
        known = {head["node"] for head in checkpoint["heads"]}
        for node, (boot, first) in sorted(self.beginnings.items()):
            if node not in known and is_backdated(first, checkpoint["at"]):
                del self.beginnings[node]
                self.fault(node, boot, 1, "backdated")
        return True

    def verify_checkpoints(self, copies, keys, lasts):
        kept = []
        for row in self.db.execute("select node, boot, seq, record from audit where kind = 'checkpoint'"):
            try:
                kept.append((row["node"], row["seq"], read_checkpoint(loads(row["record"])["checkpoint"])))
            except (ValueError, KeyError, TypeError):
                continue  # found where the chain was read
        previous = None
        for node, seq, checkpoint in sorted(kept, key=lambda item: item[2]["number"]):
            holds = self.judge_checkpoint(checkpoint, keys, lasts)
            if self.note is not None and checkpoint["number"] <= self.note["checkpoint"]["number"]:
                digest = hashlib.sha256(checkpoint_text(checkpoint)).hexdigest()
                if checkpoint["number"] == self.note["checkpoint"]["number"]:
                    if holds and digest != self.note["checkpoint"]["hash"]:
                        self.fault(node, checkpoint["boot"], seq, "checkpoint_order")
                    previous = checkpoint
                continue
            expected = (1, "0" * 64, checkpoint["origin"])
            if previous is not None:
                digest = hashlib.sha256(checkpoint_text(previous)).hexdigest()
                expected = (previous["number"] + 1, digest, previous["origin"])
            if holds and (checkpoint["number"], checkpoint["previous"], checkpoint["origin"]) != expected:
                self.fault(node, checkpoint["boot"], seq, "checkpoint_order")
            previous = checkpoint
        signatures = {checkpoint["signature"] for _, _, checkpoint in kept}
        for copy in copies:
            before = len(self.faults)
            self.judge_checkpoint(copy, keys, lasts)
            if self.note is not None and copy["number"] < self.note["checkpoint"]["number"]:
                continue
            if len(self.faults) == before and copy["signature"] not in signatures:
                self.fault(copy["node"], copy["boot"], None, "checkpoint_missing")
        return len(kept)


LATE = datetime.timedelta(minutes=20)
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


def is_backdated(first, taken):
    """Whether a chain that begins at the one time should have been in a checkpoint of the other."""
    try:
        bound = datetime.datetime.strptime(taken, "%Y-%m-%dT%H:%M:%S.%fZ") - LATE
    except ValueError:
        return False
    return TIME.fullmatch(first) is None or first < bound.isoformat(timespec="milliseconds") + "Z"


def prune_note(record):
    """The signed note of a prune's record; None for any other record."""
    try:
        said = loads(record)
        if said["operation"] != "audit.prune":
            return None
        after = said["change"]["after"]
        covering = after["checkpoint"]
        note = {**texts(after, "origin", "at", "keyId", "signature"), "cuts": read_heads(after["cuts"])}
        note["checkpoint"] = {**texts(covering, "hash"), "number": position(covering["number"])}
        for cut in note["cuts"]:
            bytes.fromhex(cut["hash"])
        return note
    except (ValueError, KeyError, TypeError):
        return None


# What JavaScript's encodeURIComponent leaves as it is, besides letters, digits and "_.-~".
UNESCAPED = "!*'()"


def read_copies(path, trail):
    copies = []
    with open(path, encoding="utf-8", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip()
            try:
                copies.append(read_checkpoint(loads(line)))
            except (ValueError, KeyError, TypeError):
                if line and (line.endswith("}") or not '{"origin":"trail-'.startswith(line[:17])):
                    trail.fault("", "", number, "unreadable_copy")
    return copies


def read_keys(path):
    with open(path, encoding="ascii") as file:
        return public_keys(file.read())


def verify(database, copies_file, keys):
    trail = Trail(database)
    trail.find_prune(keys)
    lasts = {node: trail.verify_chain(node) for node in trail.nodes()}
    copies = read_copies(copies_file, trail) if copies_file else []
    on_record = trail.verify_checkpoints(copies, keys, lasts)
    sinks = trail.compare_sinks(lasts)
    trail.find_strays()
    incomplete = trail.unpruned + [{**call, "reason": "open_intent"} for call in trail.open]
    status = "tampered" if trail.faults else "incomplete" if incomplete else "clean"
    first = (trail.faults + incomplete + [None])[0]
    return {
        "status": status,
        "records": trail.records,
        "firstBad": first,
        "faults": len(trail.faults),
        "checkpoints": {"onRecord": on_record, "copied": len(copies), "signaturesChecked": bool(keys)},
        "sinks": sinks,
        "pruned": pruned_report(trail.note),
        "openIntents": len(trail.open),
    }


def pruned_report(note):
    if note is None:
        return None
    chains = [{"node": cut["node"], "through": cut["seq"]} for cut in note["cuts"]]
    return {"at": note["at"], "checkpoint": note["checkpoint"]["number"], "chains": chains}


# --- AES-256-GCM, NIST SP 800-38D, as text of calls is sealed with it: slow, and for the test vectors only ---------


def sbox():
    table, p, q = [0x63] * 256, 1, 1
    while True:
        p = p ^ (p << 1) & 0xFF ^ (0x1B if p & 0x80 else 0)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        rotated = [(q << turn | q >> 8 - turn) & 0xFF for turn in range(5)]
        table[p] = rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4] ^ 0x63
        if p == 1:
            return bytes(table)


SBOX = sbox()


def round_keys(key):
    words, constant = [key[at : at + 4] for at in range(0, 32, 4)], 1
    for at in range(8, 60):
        word = words[-1]
        if at % 8 == 0:
            word = bytes([SBOX[word[1]] ^ constant, SBOX[word[2]], SBOX[word[3]], SBOX[word[0]]])
            constant <<= 1
        elif at % 8 == 4:
            word = bytes(SBOX[byte] for byte in word)
        words.append(bytes(a ^ b for a, b in zip(words[at - 8], word)))
    return [b"".join(words[at : at + 4]) for at in range(0, 60, 4)]


def doubled(byte):
    return byte << 1 & 0xFF ^ (0x1B if byte & 0x80 else 0)


def mixed(column):
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(column[at] ^ every ^ doubled(column[at] ^ column[(at + 1) % 4]) for at in range(4))


def aes_block(keys, block):
    state = bytes(a ^ b for a, b in zip(block, keys[0]))
    for number, key in enumerate(keys[1:], 1):
        state = bytes(SBOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16))
        if number < len(keys) - 1:
            state = b"".join(mixed(state[at : at + 4]) for at in range(0, 16, 4))
        state = bytes(a ^ b for a, b in zip(state, key))
    return state


def ghash(subkey, data):
    result = 0
    for at in range(0, len(data), 16):
        x, v, z = result ^ int.from_bytes(data[at : at + 16], "big"), subkey, 0
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                z ^= v
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
        result = z
    return result


def padded(data):
    return data + bytes(-len(data) % 16)


def unseal(key, nonce, sealed, additional):
    """The plain bytes; None when the tag does not fit."""
    keys, text, tag = round_keys(key), sealed[:-16], sealed[-16:]

    def counter(number):
        return aes_block(keys, nonce + struct.pack(">I", number))

    lengths = struct.pack(">QQ", 8 * len(additional), 8 * len(text))
    subkey = int.from_bytes(aes_block(keys, bytes(16)), "big")
    found = ghash(subkey, padded(additional) + padded(text) + lengths) ^ int.from_bytes(counter(1), "big")
    if found != int.from_bytes(tag, "big"):
        return None
    stream = b"".join(counter(number) for number in range(2, 2 + (len(text) + 15) // 16))
    return bytes(a ^ b for a, b in zip(text, stream))


def data_key(case):
    wrapped = base64.b64decode(case["wrapped"])
    additional = canonical([CONTENT_KEY_DOMAIN, case["id"], case["organization"], case["user"]])
    key = unseal(base64.b64decode(case["masterKey"]), wrapped[:12], wrapped[12:], additional.encode("utf-8"))
    return additional, key


def texts_of(case):
    content = case["content"]
    place = [case["organization"], case["user"], case["requestId"], case["direction"]]
    additional = canonical([CONTENT_DOMAIN, content["key"], *place])
    nonce, sealed = base64.b64decode(content["nonce"]), base64.b64decode(content["sealed"])
    plain = unseal(bytes.fromhex(case["dataKey"]), nonce, sealed, additional.encode("utf-8"))
    return additional, None if plain is None else json.loads(plain)


def check_contents(vectors):
    for case in vectors["contentKeys"]:
        additional, key = data_key(case)
        if additional != case["additional"] or (key == bytes.fromhex(case["dataKey"])) != case["good"]:
            yield f"content key: {case['name']}"
        digest = hashlib.sha256(MASTER_KEY_DOMAIN + base64.b64decode(case["masterKey"])).hexdigest()
        if digest[:16] != case["wrappedBy"]:
            yield f"master key: {case['name']}"
    for case in vectors["contents"]:
        if texts_of(case) != (case["additional"], case["texts"]) or (case["texts"] is not None) != case["good"]:
            yield f"content: {case['name']}"


# --- The published test vectors -----------------------------------------------------------------------------------


def check_vectors(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    wrong = []
    for case in vectors["links"]:
        found = link(bytes.fromhex(case["previous"]), case["node"], case["boot"], case["seq"], case["record"].encode("utf-8"))
        if found.hex() != case["hash"]:
            wrong.append(f"link: {case['name']}")
    for case in vectors["forms"]:
        if parsed(case["record"].encode("utf-8"))[1] != case["good"]:
            wrong.append(f"form: {case['name']}")
    keys = public_keys(vectors["publicKey"])
    if list(keys) != [vectors["keyId"]]:
        wrong.append("keyId")
    for case in vectors["checkpoints"]:
        checkpoint = case["checkpoint"]
        if checkpoint_text(checkpoint).decode("utf-8") != case["text"] and case["good"]:
            wrong.append(f"checkpoint text: {case['name']}")
        if hashlib.sha256(checkpoint_text(checkpoint)).hexdigest() != case["hash"]:
            wrong.append(f"checkpoint hash: {case['name']}")
        if (signature_fault(checkpoint, keys) is None) != case["good"]:
            wrong.append(f"checkpoint signature: {case['name']}")
    for case in vectors["beginnings"]:
        if is_backdated(case["first"], case["checkpoint"]) == case["good"]:
            wrong.append(f"beginning: {case['name']}")
    for case in vectors["prunes"]:
        if prune_text(case["note"]).decode("utf-8") != case["text"]:
            wrong.append(f"prune text: {case['name']}")
        if (signature_fault(case["note"], keys, prune_text) is None) != case["good"]:
            wrong.append(f"prune signature: {case['name']}")
    wrong += check_contents(vectors)
    kinds = ("links", "forms", "checkpoints", "beginnings", "prunes", "contentKeys", "contents")
    count = sum(len(vectors[kind]) for kind in kinds)
    return {"status": "tampered" if wrong else "clean", "vectors": count, "wrong": wrong}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="?")
    parser.add_argument("--checkpoints", metavar="FILE")
    parser.add_argument("--public-key", metavar="FILE")
    parser.add_argument("--vectors", metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if (options.database is None) == (options.vectors is None):
        parser.error("name a database, or --vectors and a file")
    try:
        keys = read_keys(options.public_key) if options.public_key else {}
    except (OSError, ValueError) as error:
        parser.error(f"--public-key {options.public_key}: {error}; give what `llm-gate audit public-key` prints")
    try:
        if options.vectors:
            answer = check_vectors(options.vectors)
        else:
            answer = verify(options.database, options.checkpoints, keys)
    except (OSError, ValueError, sqlite3.Error) as error:
        answer = {"status": "unreadable", "records": 0, "firstBad": None, "error": str(error)}
    print(json.dumps(answer, indent=None if options.json else 2))
    return CODES[answer["status"]]


if __name__ == "__main__":
    sys.exit(main())
