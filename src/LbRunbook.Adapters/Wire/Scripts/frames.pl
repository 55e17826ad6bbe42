# Raw ARP and neighbour discovery with nothing but perl-base.
#   announce IF HEX          gratuitous ARP (request and reply form) or unsolicited NA for an address of ours
#   ask      IF HEX MILLIS   prints the MAC of everybody who answers for the address
# HEX is the address in network order: 8 digits are IPv4, 32 are IPv6.
use strict; use warnings;
my ($mode, $if, $hex, $millis) = @ARGV;
my $target = pack('H*', $hex);
my $v6 = length($target) == 16;
sub first_line { open(my $f, '<', $_[0]) or die "$_[0]: $!\n"; my $line = <$f>; chomp($line //= ''); return $line }
my $index = first_line("/sys/class/net/$if/ifindex");
my $mac = pack('H*', join('', split(/:/, first_line("/sys/class/net/$if/address"))));
length($mac) == 6 or die "$if is no Ethernet interface\n";
my $type = $v6 ? 0x86dd : 0x0806;
socket(my $socket, 17, 3, unpack('S', pack('n', $type))) or die "raw socket: $!\n";
my $at = pack('SnlSCCa8', 17, $type, $index, 1, 0, 6, '');
bind($socket, $at) or die "raw socket on $if: $!\n";

sub arp {
    my ($operation, $sender, $target_mac) = @_;
    return "\xff" x 6 . $mac . pack('nnnCCn', $type, 1, 0x0800, 6, 4, $operation) . $mac . $sender . $target_mac . $target;
}
sub icmp6 {
    my ($to_mac, $from, $to, $body) = @_;
    my $sum = 0;
    $sum += $_ for unpack('n*', $from . $to . pack('NN', length $body, 58) . $body);
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    substr($body, 2, 2) = pack('n', ~$sum & 0xffff);
    return $to_mac . $mac . pack('nNnCC', $type, 0x60000000, length $body, 58, 255) . $from . $to . $body;
}
sub announcements {
    return (arp(1, $target, "\0" x 6), arp(2, $target, $mac)) x 2 unless $v6;
    # The router flag is said as it is: clearing it makes neighbours drop a default route through us.
    my $router = first_line("/proc/sys/net/ipv6/conf/$if/forwarding") ? 0x80000000 : 0;
    my $na = pack('CCnN', 136, 0, 0, 0x20000000 | $router) . $target . pack('CC', 2, 1) . $mac;
    return (icmp6("\x33\x33\0\0\0\1", $target, "\xff\2" . "\0" x 13 . "\1", $na)) x 3;
}
# Source 0.0.0.0 (RFC 5227): the question teaches nobody a mapping.
# The IPv6 one comes from the link-local address: answers to :: are multicast and would move other hosts' caches.
sub question {
    return arp(1, "\0" x 4, "\0" x 6) unless $v6;
    my $from = "\0" x 16;
    open(my $f, '<', '/proc/net/if_inet6') or die "IPv6: $!\n";
    while (<$f>) {
        my ($address, undef, undef, $scope, $flags, $name) = split;
        $from = pack('H*', $address) if $name eq $if && $scope eq '20' && !(hex($flags) & 0x48);
    }
    my $ns = pack('CCnN', 135, 0, 0, 0) . $target . ($from =~ /[^\0]/ ? pack('CC', 1, 1) . $mac : '');
    my $low = substr($target, 13);
    return icmp6("\x33\x33\xff" . $low, $from, "\xff\2" . "\0" x 9 . "\1\xff" . $low, $ns);
}
sub answerer {
    my ($frame) = @_;
    return length($frame) >= 42 && substr($frame, 28, 4) eq $target ? substr($frame, 22, 6) : undef unless $v6;
    return undef unless length($frame) >= 78 && ord(substr($frame, 20, 1)) == 58
        && ord(substr($frame, 54, 1)) == 136 && substr($frame, 62, 16) eq $target;
    return length($frame) >= 86 && ord(substr($frame, 78, 1)) == 2 ? substr($frame, 80, 6) : substr($frame, 6, 6);
}
sub put { my ($frame) = @_; defined send($socket, $frame, 0, $at) or die "send on $if: $!\n" }

if ($mode eq 'announce') {
    put($_) for announcements();
    exit 0;
}
require Time::HiRes;
my ($frame, %seen) = (question());
my ($start, $sent) = (Time::HiRes::time(), 0);
my $end = $start + $millis / 1000;
while ((my $now = Time::HiRes::time()) < $end) {
    # Three questions: one lost frame must not read as silence.
    if ($sent < 3 && $now >= $start + $sent * $millis / 4000) { put($frame); $sent++; }
    my $bits = ''; vec($bits, fileno($socket), 1) = 1;
    next unless select($bits, undef, undef, 0.01) > 0;
    defined recv($socket, my $got, 2048, 0) or next;
    my $who = answerer($got);
    next if !defined $who || $who eq $mac || $seen{$who}++;
    print join(':', unpack('(H2)6', $who)), "\n";
    # A second holder answers as fast as the first: no need to wait the whole window for it.
    my $soon = Time::HiRes::time() + 0.06;
    $end = $soon if $soon < $end;
}
