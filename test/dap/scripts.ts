/** Scripts that the tests of the adapter step through; the line numbers that they rely on stand at the ends of lines. */

/** A handshake: moments at lines 7 to 12. */
export const HANDSHAKE = `# A handshake.
scenario "Handshake"
host client at 10.0.0.1:49152 { isn 1000 }
host server at 10.0.0.2:80 { isn 5000 }
link { delay 10ms }

server listen
client send SYN
server send SYN-ACK
client send ACK

expect server is ESTABLISHED
# the end
`;

/** A server with two clients; line 9 is reached when both are connected. */
export const TWO_CLIENTS = `host server
host alice { isn 1000 }
host bob { isn 2000 }
server listen
alice connect to server
bob connect to server
wait until server:bob is ESTABLISHED

bob write 100 bytes
expect server:bob received 100 bytes
server:bob close
`;

/** The check of line 3 fails, the one of line 4 does not. */
export const FAILING = `server listen
client send SYN
expect client is ESTABLISHED
expect now client is SYN-SENT
`;

/** The handler of line 1 closes when the FIN comes (lines 2 and 3), while the script waits in line 9. */
export const HANDLER = `on server is CLOSE-WAIT {
  wait 5ms
  server close
}
server listen
client send SYN
server send SYN-ACK
client send ACK
client close
wait 100ms
expect server is CLOSED
`;

/** Two scenarios; only one of them runs. */
export const TWO = `scenario "One"
server listen
client send SYN

scenario "Two"
server listen
client connect
run
`;

/** A run of many moments, four for each byte: every segment carries one byte only. */
export function longScript(bytes: number): string {
  return `host client { mss 1 }
host server { mss 1 }
server listen
client send SYN
server send SYN-ACK
client send ACK
client write ${bytes} bytes
run
client close
`;
}
