/** A proxy that passes everything on, and reports the realtime traffic among it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net'
import { Failure } from '../shared/failure.ts'
import type { FaultSpec } from '../shared/faults.ts'
import { isLoopback } from '../shared/loopback.ts'
import type { ProxyOptions, ProxyStatus } from '../shared/protocol/traffic.ts'
import { parseTarget } from '../shared/proxy-target.ts'
import { maskUrl } from '../shared/secrets.ts'
import type { TrafficHost } from '../shared/traffic.ts'
import type { OpenSocket } from '../transport/http/connect.ts'
import type { MessageTest } from './faults/active-fault.ts'
import { ProxyFaults } from './faults/proxy-faults.ts'
import { ClientConnection } from './http/client-connection.ts'
import type { ProxyServices } from './http/services.ts'
import { reverseRoute } from './reverse-route.ts'
import { openTarget } from './target.ts'

const LOCALHOST = '127.0.0.1'

export interface RecordingProxy {
  status(): ProxyStatus
  /** Replaces the faults of all connections, or of one. */
  setFaults(faults: readonly FaultSpec[], connection?: number): void
  /** Passes a held message on, or all, with other bytes if they are given; null drops it. Throws `NO_MESSAGE`. */
  release(message: number | undefined, payload?: Uint8Array | null): void
  /** Ends every connection and stops listening. */
  stop(): Promise<void>
}

export interface ProxyHost extends TrafficHost {
  /** Called if the status may have changed. */
  changed(): void
  /** Tests the messages of a connection against the filter of a fault. Throws a `Failure` `BAD_FAULT`. */
  test(connection: number, filter: string): MessageTest
}

/** Listens. Rejects with a `Failure` if that is not possible. */
export async function startRecordingProxy(
  id: number,
  options: ProxyOptions,
  host: ProxyHost,
): Promise<RecordingProxy> {
  const proxy = new ListeningProxy(id, options, host)
  await proxy.listen()
  return proxy
}

class ListeningProxy implements RecordingProxy {
  readonly #id: number
  readonly #options: ProxyOptions
  readonly #host: ProxyHost
  readonly #server: Server
  /** Of clients and of servers. */
  readonly #sockets = new Set<Socket>()
  readonly #clients = new Set<ClientConnection>()
  readonly #target: URL | undefined
  readonly #faults: ProxyFaults
  #address: AddressInfo | undefined
  #requests = 0
  #bytes = 0

  constructor(id: number, options: ProxyOptions, host: ProxyHost) {
    this.#id = id
    this.#options = options
    this.#host = host
    this.#target = options.target === undefined ? undefined : parseTarget(options.target)
    this.#server = createServer({ allowHalfOpen: true })
    this.#faults = new ProxyFaults(options.faults ?? [], {
      now: () => host.clock.now(),
      mark: (text) => host.mark(text),
      changed: () => host.changed(),
      test: (connection, filter) => host.test(connection, filter),
    })
  }

  async listen(): Promise<void> {
    const { port = 0, host = LOCALHOST } = this.#options
    const services = await this.#services()
    this.#server.on('connection', (client) => {
      this.#track(client)
      services.serve(client, services)
    })
    this.#server.listen({ port, host })
    try {
      await once(this.#server, 'listening')
    } catch (error) {
      throw listenFailure(error, host, port)
    }
    this.#address = this.#server.address() as AddressInfo
    // Such as too many open files: the connection is not accepted, and the others go on.
    this.#server.on('error', (error) =>
      this.#host.mark(`The proxy could not accept a connection: ${error.message}`),
    )
  }

  status(): ProxyStatus {
    const { address = LOCALHOST, port = 0 } = this.#address ?? {}
    const { target, insecure } = this.#options
    return {
      id: this.#id,
      listening: `http://${isIPv6(address) ? `[${address}]` : address}:${port}`,
      ...(target !== undefined && { target: maskUrl(target) }),
      ...(insecure === true && { insecure }),
      passed: { requests: this.#requests, bytes: this.#bytes },
      ...this.#faults.status(),
    }
  }

  setFaults(faults: readonly FaultSpec[], connection?: number): void {
    this.#faults.set(faults, connection)
  }

  release(message: number | undefined, payload?: Uint8Array | null): void {
    this.#faults.release(message, payload)
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#faults.stop()
    for (const client of this.#clients) client.stop()
    const sockets = [...this.#sockets].map((socket) => {
      socket.destroy()
      return new Promise((resolve) => socket.once('close', resolve))
    })
    // The server closes before its sockets do, which report the ends of their connections.
    await Promise.all([closed, ...sockets])
  }

  async #services(): Promise<ProxyServices> {
    const shared: Omit<ProxyServices, 'route'> = {
      host: this.#host,
      id: this.#id,
      faults: this.#faults,
      open: (origin, signal) => this.#open(origin, signal),
      serve: (client, services) => this.#serve(client, services),
      passed: (requests, bytes) => {
        this.#requests += requests
        this.#bytes += bytes
        this.#host.changed()
      },
    }
    const { host = LOCALHOST, decrypt } = this.#options
    if (this.#target !== undefined) return { ...shared, route: reverseRoute(this.#target, !isLoopback(host)) }
    const { forwardServices } = await import('./forward/forward-services.ts')
    return await forwardServices(shared, decrypt)
  }

  #serve(client: Socket, services: ProxyServices): void {
    const connection = new ClientConnection(client, services)
    this.#clients.add(connection)
    client.once('close', () => this.#clients.delete(connection))
  }

  async #open(origin: URL, signal: AbortSignal): Promise<OpenSocket> {
    const { insecure, ca } = this.#options
    const tls = { ...(insecure !== undefined && { insecure }), ...(ca !== undefined && { ca }) }
    const opened = await openTarget({ origin, tls, signal, clock: this.#host.clock })
    if (this.#isOwn(opened.socket)) {
      opened.socket.destroy()
      throw new Failure(
        'LOOP',
        `${origin.origin} is this proxy itself, so it cannot pass the request on; start it with the address of a server.`,
      )
    }
    this.#track(opened.socket)
    return opened
  }

  /** Whether a connection leads to this proxy. */
  #isOwn({ remoteAddress, remotePort, localAddress }: Socket): boolean {
    const { address, port } = this.#address ?? {}
    if (remotePort !== port || remoteAddress !== localAddress) return false
    return address === remoteAddress || address === '::' || address === '0.0.0.0'
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

function listenFailure(error: unknown, host: string, port: number): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'LISTEN'
  if (code === 'EADDRINUSE')
    return new Failure(code, `Port ${port} of ${host} is in use; choose another one, or 0 for a free one.`)
  if (code === 'EACCES')
    return new Failure(
      code,
      `The system does not let this program listen on port ${port} of ${host}; choose a port from 1024 on.`,
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Failure(code, `This machine has no address ${host} to listen on; choose 127.0.0.1.`)
  return new Failure(
    code,
    `Listening on port ${port} of ${host} failed (${code}); choose another address or port.`,
  )
}
