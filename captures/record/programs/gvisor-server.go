// A server on gVisor's netstack (Debian's golang-gvisor-gvisor-dev) behind a tun device: the TCP of GKE Sandbox, Cloud Run, Tailscale and
// others. Arguments: the device, its address. What is done with each connection is by port: see closed-port.lwip.py.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

func must(err interface{}, what string) {
	if err != nil {
		fmt.Println(what, err)
		os.Exit(1)
	}
}

func main() {
	fd, err := tun.Open(os.Args[1])
	must(err, "tun")
	link, err := fdbased.New(&fdbased.Options{FDs: []int{fd}, MTU: 1500, EthernetHeader: false})
	must(err, "link")
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	if err := s.CreateNIC(1, link); err != nil {
		must(err, "nic")
	}
	address := tcpip.Address(net.ParseIP(os.Args[2]).To4())
	if err := s.AddProtocolAddress(1, tcpip.ProtocolAddress{Protocol: header.IPv4ProtocolNumber, AddressWithPrefix: address.WithPrefix()}, stack.AddressProperties{}); err != nil {
		must(err, "address")
	}
	s.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: 1}})
	serve(s, 5001, func(c net.Conn, e tcpip.Endpoint) {
		time.Sleep(100 * time.Millisecond)
		e.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true, Timeout: 0})
		c.Close()
	})
	serve(s, 5002, func(c net.Conn, _ tcpip.Endpoint) {
		time.Sleep(300 * time.Millisecond)
		c.Close()
	})
	serve(s, 5003, func(c net.Conn, _ tcpip.Endpoint) { c.Close() })
	serve(s, 5004, func(c net.Conn, _ tcpip.Endpoint) {
		exchange(c)
		io.CopyN(io.Discard, c, 1)
		c.Close()
	})
	fmt.Println("ready")
	time.Sleep(time.Minute)
}

func exchange(c net.Conn) {
	if _, err := io.CopyN(io.Discard, c, 32); err == nil {
		c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	}
}

// serve takes the connections of a port; the endpoint is handed on for options that net.Conn does not have.
func serve(s *stack.Stack, port uint16, then func(net.Conn, tcpip.Endpoint)) {
	var queue waiter.Queue
	listener, err := s.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, &queue)
	if err != nil {
		must(err, "endpoint")
	}
	if err := listener.Bind(tcpip.FullAddress{Port: port}); err != nil {
		must(err, "bind")
	}
	if err := listener.Listen(4); err != nil {
		must(err, "listen")
	}
	entry, ready := waiter.NewChannelEntry(waiter.ReadableEvents)
	queue.EventRegister(&entry)
	go func() {
		for {
			endpoint, own, err := listener.Accept(nil)
			if _, blocks := err.(*tcpip.ErrWouldBlock); blocks {
				<-ready
				continue
			}
			if err != nil {
				return
			}
			go func() {
				c := gonet.NewTCPConn(own, endpoint)
				exchange(c)
				then(c, endpoint)
			}()
		}
	}()
}
