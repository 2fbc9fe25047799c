// A pool of connections: a request and its answer on each, at once or in turn; then all stay open and idle until a signal comes.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	count, _ := strconv.Atoi(os.Args[2])
	gap, _ := strconv.Atoi(os.Args[5])
	together, stop := os.Args[3] == "1", os.Args[4]
	signals := make(chan os.Signal, 1)
	if stop != "plain" {
		signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	}
	var pool []net.Conn
	ask := func(conn net.Conn) {
		_, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: server\r\n\r\n"))
		check(err)
	}
	answer := func(conn net.Conn) {
		_, err := conn.Read(make([]byte, 65536))
		check(err)
	}
	for n := 0; n < count; n++ {
		conn, err := net.Dial("tcp", os.Args[1])
		check(err)
		pool = append(pool, conn)
		if !together {
			ask(conn)
			answer(conn)
			time.Sleep(time.Duration(gap) * time.Millisecond)
		}
	}
	if together {
		for _, conn := range pool {
			ask(conn)
		}
		for _, conn := range pool {
			answer(conn)
		}
	}
	fmt.Println("ready")
	<-signals
	if stop == "close" {
		for _, conn := range pool {
			conn.Close()
		}
	}
}
