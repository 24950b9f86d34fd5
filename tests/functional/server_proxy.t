A server behind a proxy that takes HTTPS for it:

  $ python3 "$NAEVUS_TESTS/server_proxy.py"
  who is not the proxy is turned away, whatever they say; who comes through it needs a key
  what was not asked over HTTPS is refused, and so is a proxy that does not say
  Host, or what the proxy says it was, is a name of ours, and Origin that name over HTTPS
  a session's cookie is for TLS alone
  a client is the last address that no proxy has; a forged one gets nobody further, or stopped
  the proxy may hold many connections; of one client's requests 256 are taken at once
  the proxy is known on a socket of both families

What is no proxy's address, or everybody's, is said before anything is served:

  $ naevus serve --address 0.0.0.0 --trusted-proxy proxy.example
  naevus: proxy.example: this is no address or network of a proxy
          give one as 10.0.0.7, 10.0.0.0/24 or fd00::/64
  [2]

  $ naevus serve --address 0.0.0.0 --trusted-proxy 0.0.0.0/0
  naevus: 0.0.0.0/0: every address would be a trusted proxy's, and could pass for any client
          name the proxy's own address or network
  [2]
