# Raw ARP and neighbour discovery with nothing but python3; the same as frames.pl, for hosts without perl.
#   announce IF HEX | ask IF HEX MILLIS
import select, socket, struct, sys, time

mode, interface, target = sys.argv[1], sys.argv[2], bytes.fromhex(sys.argv[3])
v6 = len(target) == 16
kind = 0x86DD if v6 else 0x0806


def first_line(path):
    with open(path) as f:
        return f.readline().strip()


def arp(operation, sender, target_mac):
    return b"\xff" * 6 + mac + struct.pack("!HHHBBH", kind, 1, 0x0800, 6, 4, operation) + mac + sender + target_mac + target


def icmp6(to_mac, source, to, body):
    total = sum(struct.unpack("!%dH" % ((40 + len(body)) // 2), source + to + struct.pack("!II", len(body), 58) + body))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    body = body[:2] + struct.pack("!H", ~total & 0xFFFF) + body[4:]
    return to_mac + mac + struct.pack("!HIHBB", kind, 0x60000000, len(body), 58, 255) + source + to + body


def announcements():
    if not v6:
        return [arp(1, target, bytes(6)), arp(2, target, mac)] * 2
    # The router flag is said as it is: clearing it makes neighbours drop a default route through us.
    router = 0x80000000 if first_line("/proc/sys/net/ipv6/conf/%s/forwarding" % interface) != "0" else 0
    na = struct.pack("!BBHI", 136, 0, 0, 0x20000000 | router) + target + b"\2\1" + mac
    return [icmp6(b"\x33\x33\0\0\0\1", target, b"\xff\2" + bytes(13) + b"\1", na)] * 3


def question():
    # Source 0.0.0.0, or the link-local address: the question teaches nobody a mapping.
    if not v6:
        return arp(1, bytes(4), bytes(6))
    source = bytes(16)
    with open("/proc/net/if_inet6") as f:
        for address, _, _, scope, flags, name in map(str.split, f):
            if name == interface and scope == "20" and not int(flags, 16) & 0x48:
                source = bytes.fromhex(address)
    ns = struct.pack("!BBHI", 135, 0, 0, 0) + target + (b"\1\1" + mac if any(source) else b"")
    return icmp6(b"\x33\x33\xff" + target[13:], source, b"\xff\2" + bytes(9) + b"\1\xff" + target[13:], ns)


def answerer(frame):
    if not v6:
        return frame[22:28] if len(frame) >= 42 and frame[28:32] == target else None
    if len(frame) < 78 or frame[20] != 58 or frame[54] != 136 or frame[62:78] != target:
        return None
    return frame[80:86] if len(frame) >= 86 and frame[78] == 2 else frame[6:12]


try:
    mac = bytes.fromhex(first_line("/sys/class/net/%s/address" % interface).replace(":", ""))
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(kind))
    wire.bind((interface, kind))
    if mode == "announce":
        for frame in announcements():
            wire.send(frame)
        sys.exit(0)
    frame, seen, sent, start, millis = question(), set(), 0, time.monotonic(), int(sys.argv[4])
    end = start + millis / 1000
    while time.monotonic() < end:
        # Three questions: one lost frame must not read as silence.
        if sent < 3 and time.monotonic() >= start + sent * millis / 4000:
            wire.send(frame)
            sent += 1
        if not select.select([wire], [], [], 0.01)[0]:
            continue
        who = answerer(wire.recv(2048))
        if who is None or who == mac or who in seen:
            continue
        seen.add(who)
        print(":".join("%02x" % b for b in who), flush=True)
        end = min(end, time.monotonic() + 0.06)
except OSError as error:
    sys.exit("raw socket on %s: %s" % (interface, error))
