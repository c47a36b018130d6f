package streamcheck

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/net/idna"
)

// refusedPrefixes are the addresses that are not public: private, local and
// reserved ones, multicast, and IPv6 ranges that embed an IPv4 address.
// 168.63.129.16 is a host of Azure that every virtual machine there reaches.
const refusedPrefixes = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16
	172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4
	::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`

// isPrivate reports whether address is not on the public internet.
func isPrivate(address netip.Addr) bool {
	address = address.WithZone("").Unmap()
	return slices.ContainsFunc(strings.Fields(refusedPrefixes), func(prefix string) bool {
		return netip.MustParsePrefix(prefix).Contains(address)
	})
}

// isUnreachable reports whether the name or address of a host shows that the
// service cannot reach the host.
func isUnreachable(host string) bool {
	// net/http turns full-width digits into an address in the same way.
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		return isPrivate(address)
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	// Some resolvers take names such as 127.1 and 0x7f.1 as addresses. A public
	// top-level domain is never a number.
	_, notNumber := strconv.ParseUint(last, 0, 64)
	return len(labels) == 1 || notNumber == nil || slices.Contains([]string{"", "localhost", "local", "internal"}, last)
}

// privateError is a connection that was refused because it leads into a private
// network. Address is invalid if the host of the URL shows that.
type privateError struct{ address netip.Addr }

// Error names the address.
func (e *privateError) Error() string { return fmt.Sprintf("private address %v", e.address) }

// refusePrivate is the Control function of a net.Dialer. It runs when the
// address is known and nothing has been sent, so no name leads past it.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if isPrivate(target.Addr()) {
		return &privateError{address: target.Addr()}
	}
	return nil
}

// guardedDialer returns a dialer that connects to public addresses only.
func guardedDialer() *net.Dialer { return &net.Dialer{Control: refusePrivate} }
