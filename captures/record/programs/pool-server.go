// Serves 100 connections, answers each request with "ok" and says how each connection ended.
// On the connection of the 42nd client it also pushes a message that nobody asked for.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

func main() {
	listener, err := net.Listen("tcp4", os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	var all sync.WaitGroup
	for n := 0; n < 100; n++ {
		conn, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		all.Add(1)
		go func(n int) {
			defer all.Done()
			buffer := make([]byte, 100)
			for {
				_, err := conn.Read(buffer)
				if err != nil {
					result := "EOF"
					if errors.Is(err, syscall.ECONNRESET) {
						result = "ECONNRESET"
					} else if err != io.EOF {
						result = err.Error()
					}
					fmt.Printf("{\"op\":\"read\",\"result\":%q,\"text\":%q,\"peer\":%q}\n", result, err.Error(), conn.RemoteAddr())
					conn.Close()
					return
				}
				conn.Write([]byte("ok"))
				if n == 41 {
					conn.Write([]byte("pushed message"))
				}
			}
		}(n)
	}
	all.Wait()
}
