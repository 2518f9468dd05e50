/**
 * The tunnels of a forward proxy. What passes in a tunnel is recorded if it is plain HTTP, or TLS for a host that the
 * user named; else its bytes are counted.
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { sentenceOf } from '../../shared/failure.ts'
import type { OpenSocket } from '../../transport/http/connect.ts'
import { networkFailure } from '../../transport/http/network-failures.ts'
import type { HostContexts } from '../authority/host-contexts.ts'
import { Refusal, refusalResponse } from '../http/refusal.ts'
import type { RequestHead } from '../http/request-head.ts'
import { passBytes, reset } from '../pass-bytes.ts'
import { type ConnectTarget, connectTarget, isNamed } from './connect-target.ts'

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n'
const MAX_TUNNELS = 1000
/** Hosts that were said not to trust the authority, at most. */
const MAX_SAID = 100
/** Events after which it may be known what a tunnel is for. */
const DECIDING = ['readable', 'end', 'close'] as const
/**
 * The beginning of a request of HTTP/1.1 with a path or a URL. Other protocols begin with upper-case letters, too: HTTP/2 with
 * `PRI *`, SSH with `SSH-2.0-`.
 */
const HTTP_REQUEST = /^[A-Z]{1,20} (?:\/|https?:)/

export interface TunnelHost {
  /** Opens a connection without TLS. Rejects with a `Failure`, or with an error for `networkFailure`. */
  open(origin: URL, signal: AbortSignal): Promise<OpenSocket>
  /** Speaks HTTP with a client for a server. `opened` is a connection to it, if there is one already. */
  speak(client: Socket, origin: URL, opened?: OpenSocket): void
  /** A tunnel was opened, or bytes have passed in one. */
  passed(requests: number, bytes: number): void
  /** Tells the user something, in a sentence. */
  note(sentence: string): void
}

export interface Decryption {
  /** Hosts whose TLS is recorded. */
  readonly names: readonly string[]
  readonly contexts: HostContexts
}

export class Tunnels {
  readonly #host: TunnelHost
  readonly #decryption: Decryption | undefined
  readonly #distrusted = new Set<string>()
  #open = 0

  constructor(host: TunnelHost, decryption?: Decryption) {
    this.#host = host
    this.#decryption = decryption
  }

  /** Takes over the socket of a `CONNECT` request, with the bytes after its head. Answers it in any case. */
  connect(request: RequestHead, client: Socket, rest: Uint8Array): void {
    this.#connect(request, client, rest).catch((error: unknown) => {
      if (client.destroyed) return
      const refusal = error instanceof Refusal ? error : new Refusal(502, sentenceOf(error))
      client.end(refusalResponse(refusal, request.method))
    })
  }

  async #connect(request: RequestHead, client: Socket, rest: Uint8Array): Promise<void> {
    const target = connectTarget(request)
    if (this.#open >= MAX_TUNNELS)
      throw new Refusal(
        503,
        `This proxy has ${MAX_TUNNELS} tunnels open, and opens no more; close some first.`,
      )
    this.#open++
    client.once('close', () => this.#open--)
    // A client may send more before it has the answer. It is read later.
    client.pause()
    if (rest.length > 0) client.unshift(Buffer.from(rest))
    const { contexts, names = [] } = this.#decryption ?? {}
    if (contexts !== undefined && isNamed(target.host, names)) await this.#decrypt(client, target, contexts)
    else await this.#pass(client, target)
  }

  /** Speaks TLS with the client in place of the server. */
  async #decrypt(client: Socket, target: ConnectTarget, contexts: HostContexts): Promise<void> {
    const secureContext = await contexts.of(target.host)
    client.write(ESTABLISHED)
    const secured = new TLSSocket(client, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
    secured.allowHalfOpen = true
    const failed = (error: Error) => this.#sayDistrusted(target.host, error)
    secured.once('error', failed)
    secured.once('secure', () => {
      secured.off('error', failed)
      this.#host.speak(secured, new URL(`https://${target.authority}`))
    })
  }

  /** Passes the bytes on, unless the client begins with plain HTTP. */
  async #pass(client: Socket, target: ConnectTarget): Promise<void> {
    const origin = new URL(`http://${target.authority}`)
    const gone = new AbortController()
    const abort = () => gone.abort()
    client.once('close', abort)
    const opened = await this.#host.open(origin, gone.signal).catch((error: unknown) => {
      throw new Refusal(502, networkFailure(error, origin.href).message)
    })
    client.off('close', abort)
    client.write(ESTABLISHED)
    const { socket: server } = opened
    // The `close` event follows.
    server.on('error', () => {})
    const decide = () => {
      const isOver = client.destroyed || server.destroyed
      // Emits `end` if nothing else is left.
      server.read(0)
      const first: Buffer | null = client.read()
      const hasEnded = client.readableEnded || server.readableEnded
      if (!isOver && !hasEnded && first === null && server.readableLength === 0) return
      for (const side of [client, server]) for (const event of DECIDING) side.off(event, decide)
      if (first !== null) client.unshift(first)
      if (isOver) for (const side of [client, server]) reset(side)
      else if (first !== null && isHttp(first)) this.#host.speak(client, origin, opened)
      else this.#tunnel(client, server)
    }
    for (const side of [client, server]) for (const event of DECIDING) side.on(event, decide)
    decide()
  }

  #tunnel(client: Socket, server: Socket): void {
    const data = ({ length }: Uint8Array) => this.#host.passed(0, length)
    this.#host.passed(1, 0)
    passBytes(client, server, { data })
    passBytes(server, client, { data })
  }

  /** Says once for each host that a client did not accept the certificate. */
  #sayDistrusted(host: string, error: Error): void {
    if (this.#distrusted.has(host) || this.#distrusted.size >= MAX_SAID) return
    this.#distrusted.add(host)
    this.#host.note(
      `A program ended TLS to ${host} (${sentenceOf(error).split('\n')[0]}); make it trust the local authority, or do not name ${host} for recording.`,
    )
  }
}

/** Whether bytes are the beginning of a request of HTTP/1.1. */
function isHttp(first: Buffer): boolean {
  return HTTP_REQUEST.test(first.toString('latin1', 0, 30))
}
