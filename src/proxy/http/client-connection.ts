/**
 * The connection of a client to a proxy, and the one to the server on which its requests are passed on. Both are kept
 * alike: bytes pass as they arrive, and the end or the reset of one is passed on to the other.
 */
import type { Socket } from 'node:net'
import { MalformedResponse } from '../../parse/http/malformed.ts'
import type { Failure } from '../../shared/failure.ts'
import type { SeenHead } from '../../shared/traffic.ts'
import type { OpenSocket } from '../../transport/http/connect.ts'
import { cutByUser } from '../faults/failures.ts'
import type { Denial } from '../faults/proxy-faults.ts'
import { Guard } from '../guard.ts'
import { reset } from '../pass-bytes.ts'
import { Flow } from './flow.ts'
import { MessageReader } from './message-reader.ts'
import { passUpgraded } from './pass-upgraded.ts'
import { ProxiedExchange } from './proxied-exchange.ts'
import { Refusal, refusalFor, refusalResponse } from './refusal.ts'
import { type RequestHead, readRequestHead } from './request-head.ts'
import { ServerLeg } from './server-leg.ts'
import type { ProxyServices } from './services.ts'
import { WaitingBytes } from './waiting-bytes.ts'

/** Bytes that wait for the connection to the server. */
const MAX_WAITING = 64 * 1024

interface Chunk {
  readonly bytes: Uint8Array
  readonly time: number
}

export class ClientConnection {
  readonly #client: Socket
  readonly #services: ProxyServices
  readonly #flow: Flow<'server is slow' | 'server is not open' | 'next request' | 'host'>
  /** An error of the recording must not end the proxy: it ends this connection. */
  readonly #guard = new Guard((failure) => {
    const exchange = this.#exchange
    const { host } = this.#services
    this.#cut()
    exchange?.fail(host.clock.now(), 'network', failure)
    if (exchange?.isRecorded !== true) host.mark(failure.message)
  })
  #reader = this.#newReader()
  #exchange: ProxiedExchange | undefined
  #leg: ServerLeg | undefined
  /** Bytes for the server that is being connected to. */
  readonly #waiting = new WaitingBytes(MAX_WAITING)
  /** What arrived after the current request. */
  #pipelined: Chunk[] = []
  #connecting: AbortController | undefined
  #time = 0
  #clientHasEnded = false
  /** Nothing more is read as HTTP. */
  #isOver = false
  #takeOver: ((rest: Uint8Array) => void) | undefined

  /** `client` must have been accepted with `allowHalfOpen`. */
  constructor(client: Socket, services: ProxyServices) {
    this.#client = client
    this.#services = services
    this.#flow = new Flow(client)
    client.setNoDelay(true)
    // The `close` event follows.
    client.on('error', () => {})
    client.on('data', this.#onData)
    client.on('end', this.#onEnd)
    client.on('close', this.#onClose)
  }

  readonly #onData = (bytes: Buffer) => this.#guard.run(() => this.#arrived(bytes))
  readonly #onEnd = () => this.#guard.run(() => this.#clientEnded())
  readonly #onClose = () => this.#guard.run(() => this.#clientClosed())

  /** The proxy stops: ends both connections, unless they are a tunnel or of an unknown protocol. */
  stop(): void {
    this.#exchange?.webSocket?.stop()
    if (this.#isOver) return
    this.#exchange?.stop(this.#services.host.clock.now())
    this.#connecting?.abort()
    this.#leg?.socket.destroy()
    this.#client.destroy()
  }

  #arrived(bytes: Buffer): void {
    const time = this.#services.host.clock.now()
    if (this.#isOver) return
    if (this.#exchange?.isRequestOver === true) this.#keep({ bytes, time })
    else this.#read({ bytes, time })
  }

  #keep(chunk: Chunk): void {
    if (chunk.bytes.length === 0) return
    this.#pipelined.push(chunk)
    this.#flow.set('next request', true)
  }

  #read({ bytes, time }: Chunk): void {
    this.#time = time
    let at = 0
    while (at < bytes.length && !this.#isOver) {
      if (this.#exchange?.isRequestOver === true) {
        this.#keep({ bytes: bytes.subarray(at), time })
        return
      }
      try {
        at += this.#reader.push(bytes.subarray(at))
      } catch (thrown) {
        this.#refuse(refusalFor(thrown))
      }
      this.#takeOver?.(bytes.subarray(at))
    }
  }

  #newReader(): MessageReader {
    return new MessageReader({
      head: (section, size) => this.#begin(readRequestHead(section, size)),
      raw: (bytes) => this.#toServer(bytes),
      content: (bytes) => this.#exchange?.requestContent(bytes),
      end: () => this.#exchange?.requestEnd(),
    })
  }

  #begin(request: RequestHead) {
    const { connect, host, id, faults } = this.#services
    if (request.method === 'CONNECT' && connect !== undefined) {
      this.#takeOver = (rest) => connect(request, this.#release(), rest)
      return 'upgrade' as const
    }
    const route = this.#services.route(request, this.#client)
    const program = `${this.#client.remoteAddress ?? ''} ${String(request.headers['user-agent'] ?? '')}`
    const exchange = new ProxiedExchange(
      request,
      route,
      this.#time,
      { host, faults, program, through: id, control: this.#control() },
      {
        toClient: (bytes) => this.#toClient(bytes),
        pause: (isPaused) => this.#leg?.flow.set('faults', isPaused),
        passed: () => this.#guard.run(() => this.#passed(exchange)),
        cut: (failure) => this.#guard.run(() => this.#cutOff(exchange, failure)),
        switched: (head) => {
          this.#takeOver = (rest) => this.#switch(exchange, head, rest)
        },
      },
    )
    this.#exchange = exchange
    const denial = faults.deny(exchange)
    if (denial === undefined) this.#send(exchange)
    else this.#deny(exchange, denial)
    return request.framing
  }

  /** A fault acts in place of the server. */
  #deny(exchange: ProxiedExchange, { status, failure }: Denial): void {
    const { code, message } = failure
    exchange.fail(this.#time, 'network', { code, message })
    if (exchange.webSocket === undefined)
      this.#services.host.mark(`${message} ${exchange.request.method} ${exchange.shownUrl}`)
    if (status !== undefined) this.#refuse(new Refusal(status, message))
    else this.#cut()
  }

  /** Ends an exchange on purpose, and with it both connections. */
  #cutOff(exchange: ProxiedExchange, { code, message }: Failure): void {
    exchange.fail(this.#services.host.clock.now(), 'network', { code, message })
    this.#finish(exchange)
    this.#cut()
  }

  /** Ends both connections. */
  #cut(): void {
    this.#isOver = true
    this.#leg?.release().destroy()
    reset(this.#client)
  }

  #send(exchange: ProxiedExchange): void {
    if (this.#leg !== undefined && this.#leg.origin !== exchange.origin.origin) {
      this.#leg.release().destroy()
      this.#leg = undefined
    }
    if (this.#leg === undefined) void this.#connect(exchange)
    else exchange.sent(this.#leg, this.#services.host.clock.now())
    this.#toServer(exchange.sentHead)
  }

  async #connect(exchange: ProxiedExchange): Promise<void> {
    const control = new AbortController()
    this.#connecting = control
    const opened = await this.#services.open(exchange.origin, control.signal).catch((error: unknown) => {
      if (!control.signal.aborted)
        this.#guard.run(() => this.#unanswered(exchange, error, this.#services.host.clock.now()))
    })
    if (opened === undefined) return
    if (control.signal.aborted) opened.socket.destroy()
    else this.#guard.run(() => this.#connected(exchange, opened))
  }

  #connected(exchange: ProxiedExchange, opened: OpenSocket): void {
    this.#connecting = undefined
    const { clock } = this.#services.host
    const leg = new ServerLeg(opened, exchange.origin.origin, clock, {
      data: (bytes, time) => this.#guard.run(() => this.#answered(bytes, time)),
      ended: (time) => this.#guard.run(() => this.#serverEnded(time)),
      cut: (error, time) => this.#guard.run(() => this.#serverCut(error, time)),
    })
    this.#leg = leg
    exchange.sent(leg, clock.now())
    for (const bytes of this.#waiting.take()) this.#toServer(bytes)
    this.#flow.set('server is not open', false)
    this.#passEnd()
  }

  /** There is no response that could be passed on. */
  #unanswered(exchange: ProxiedExchange, error: unknown, time: number): void {
    const failure = exchange.failureFor(error)
    exchange.fail(time, 'network', failure)
    this.#refuse(new Refusal(502, failure.message))
  }

  #toServer(bytes: Uint8Array): void {
    const leg = this.#leg
    if (leg === undefined) {
      if (this.#waiting.add(bytes)) this.#flow.set('server is not open', true)
      return
    }
    if (leg.socket.writable && !leg.socket.write(bytes)) this.#flow.untilDrained('server is slow', leg.socket)
  }

  #toClient(bytes: Uint8Array): void {
    if (this.#client.writable && !this.#client.write(bytes))
      this.#leg?.flow.untilDrained('client is slow', this.#client)
  }

  #answered(bytes: Buffer, time: number): void {
    const exchange = this.#exchange
    // A server may say why it closes an idle connection. What follows cannot be told apart from the next response.
    if (exchange === undefined || exchange.isResponseOver) {
      this.#passUnread(bytes)
      return
    }
    let length = bytes.length
    try {
      length = exchange.arrived(bytes, time)
    } catch (thrown) {
      if (!(thrown instanceof MalformedResponse)) throw thrown
      this.#unanswered(exchange, thrown, time)
    }
    if (this.#takeOver !== undefined) this.#takeOver(bytes.subarray(length))
    else if (this.#isOver) return
    else if (length < bytes.length) this.#passUnread(bytes.subarray(length))
    else if (exchange.isOver) this.#next(exchange)
  }

  /** All of a response has been passed on, later than it arrived. */
  #passed(exchange: ProxiedExchange): void {
    if (this.#isOver || !exchange.isOver) return
    if (this.#leg?.hasEnded !== true) this.#next(exchange)
    else {
      this.#finish(exchange)
      this.#client.end()
    }
  }

  /** Passes bytes on that are no response, and closes both connections. */
  #passUnread(bytes: Uint8Array): void {
    this.#isOver = true
    this.#client.end(bytes)
    this.#leg?.socket.destroy()
  }

  /** The exchange is over: what the client has sent since is read. */
  #next(exchange: ProxiedExchange): void {
    this.#finish(exchange)
    if (exchange.endsByClose) {
      this.#isOver = true
      this.#leg?.release().destroy()
      this.#client.end()
      return
    }
    this.#reader = this.#newReader()
    const chunks = this.#pipelined
    this.#pipelined = []
    this.#flow.set('next request', false)
    for (const chunk of chunks) {
      if (this.#exchange?.isRequestOver === true) this.#keep(chunk)
      else this.#read(chunk)
    }
    this.#passEnd()
  }

  #finish(exchange: ProxiedExchange): void {
    this.#exchange = undefined
    this.#pauseForHost(false)
    this.#leg?.flow.set('faults', false)
    if (!exchange.isRecorded) this.#services.passed(1, exchange.passed)
  }

  #switch(exchange: ProxiedExchange, head: SeenHead, rest: Uint8Array): void {
    const server = this.#leg?.release()
    if (server === undefined) return
    const bytes = Buffer.concat(this.#pipelined.map((chunk) => chunk.bytes))
    const fromClient = { bytes, time: this.#pipelined[0]?.time ?? head.time }
    const legs = { client: this.#release(), server, fromClient, fromServer: { bytes: rest, time: head.time } }
    if (exchange.webSocket === undefined) {
      this.#services.passed(1, exchange.passed)
      passUpgraded(legs, (size) => this.#services.passed(0, size))
      return
    }
    exchange.webSocket.open({ ...legs, head })
    if (this.#clientHasEnded) server.end()
  }

  /** Leaves the socket to somebody else, with a listener for errors. */
  #release(): Socket {
    this.#isOver = true
    this.#client.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    this.#flow.clear()
    return this.#client
  }

  #clientEnded(): void {
    this.#clientHasEnded = true
    this.#passEnd()
  }

  /** Passes the end of what the client sends on, once all before it was passed on. */
  #passEnd(): void {
    if (!this.#clientHasEnded || this.#connecting !== undefined || this.#pipelined.length > 0) return
    if (this.#leg === undefined) this.#client.end()
    else this.#leg.socket.end()
  }

  #clientClosed(): void {
    this.#isOver = true
    this.#connecting?.abort()
    const exchange = this.#exchange
    exchange?.fail(this.#services.host.clock.now(), 'client')
    if (exchange !== undefined) this.#finish(exchange)
    const server = this.#leg?.release()
    if (server === undefined) return
    if (this.#clientHasEnded) server.destroySoon()
    else reset(server)
  }

  #serverEnded(time: number): void {
    const exchange = this.#exchange
    if (exchange !== undefined && !exchange.isResponseOver) this.#endResponse(exchange, time)
    if (!this.#isOver && exchange?.isResponseOver !== false) this.#client.end()
  }

  #endResponse(exchange: ProxiedExchange, time: number): void {
    try {
      exchange.finish(time)
    } catch (cut) {
      const by = this.#clientHasEnded ? 'client' : 'server'
      exchange.fail(time, by, by === 'client' ? undefined : exchange.failureFor(cut))
    }
    if (exchange.isOver) this.#finish(exchange)
  }

  #serverCut(error: Error, time: number): void {
    const exchange = this.#exchange
    if (exchange !== undefined) exchange.fail(time, 'network', exchange.failureFor(error))
    if (!this.#isOver) reset(this.#client)
  }

  /** Answers the client, closes its side, and ignores what the client still sends. */
  #refuse(refusal: Refusal): void {
    if (this.#isOver) return
    this.#isOver = true
    const exchange = this.#exchange
    exchange?.fail(this.#services.host.clock.now(), 'client')
    this.#exchange = undefined
    this.#connecting?.abort()
    this.#leg?.release().destroy()
    this.#leg = undefined
    this.#flow.clear()
    if (exchange?.isAnswered === true) reset(this.#client)
    else this.#client.end(refusalResponse(refusal, exchange?.request.method ?? 'GET'))
  }

  #control() {
    return {
      disconnect: () => {
        if (this.#exchange !== undefined && !this.#isOver) this.#cutOff(this.#exchange, cutByUser())
      },
      pause: () => this.#pauseForHost(true),
      resume: () => this.#pauseForHost(false),
    }
  }

  #pauseForHost(isPaused: boolean): void {
    this.#flow.set('host', isPaused)
    this.#leg?.flow.set('host', isPaused)
  }
}
