// A pool of 100 connections: one request and its answer on each, then all stay open and idle.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

func main() {
	pool := make([]net.Conn, 100)
	for n := range pool {
		conn, err := net.Dial("tcp4", os.Args[1])
		if err != nil {
			panic(err)
		}
		pool[n] = conn
		conn.Write([]byte("?"))
		if _, err := io.ReadFull(conn, make([]byte, 2)); err != nil {
			panic(err)
		}
	}
	fmt.Println("idle")
	time.Sleep(time.Hour)
	fmt.Println(pool)
}
