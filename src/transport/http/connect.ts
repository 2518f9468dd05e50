/** Opens the connection for HTTP, step by step and with the time of each: name lookup, TCP, proxy, TLS. */
import net from 'node:net'
import tls from 'node:tls'
import type { Clock } from '../../shared/clock.ts'
import type { Timing } from '../../shared/event.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import type { StopSignal } from '../deadline.ts'
import { proxyUnusable } from './failures.ts'
import { bareHost, hostAndPort, portOf } from './host-port.ts'
import { LentReads } from './lent-reads.ts'
import { connectLocal, localSocketFailure } from './local-socket.ts'
import { isNamedOrigin } from './named-origin.ts'
import { isCertificateError, networkFailure } from './network-failures.ts'
import { isSocks, openThroughSocks } from './socks.ts'
import { tlsOptions } from './tls.ts'
import { openTunnel } from './tunnel.ts'

export interface ConnectTarget {
  readonly origin: URL
  /** Undefined if the origin is reached directly. */
  readonly proxy: URL | undefined
  /** Whether the proxy opens a tunnel, by `CONNECT` or SOCKS. Otherwise it forwards requests. */
  readonly tunnel: boolean
  readonly proxyAuthorization: string | undefined
  /** The name that the server's certificate must have. Default: the origin's host. */
  readonly servername: string | undefined
}

export interface ConnectContext {
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
  /** Aborted with a `Failure` to stop; the half-open connection is destroyed. */
  readonly signal: StopSignal
  /** Called with the socket once the connection to the origin is open. */
  readonly connected?: ((socket: net.Socket) => void) | undefined
}

export interface OpenSocket {
  readonly socket: net.Socket
  /** What is read from the socket, which then has no `data` events. Undefined if it has. */
  readonly reads?: LentReads | undefined
  readonly timing: Timing
}

export interface OpenOptions {
  /** The connection has `reads` if it is neither encrypted nor through a proxy. */
  readonly lendsReads?: boolean
  /** The names of the protocols that are offered over TLS (RFC 7301). Default: HTTP/1.1. */
  readonly protocols?: readonly string[]
}

/** Milliseconds of silence after which the system probes whether the peer is still there. */
const KEEP_ALIVE_DELAY = 30_000

function ignore(): void {}

/** Resolves when the socket emits `event`. Otherwise destroys it and rejects with its error or the signal's reason. */
function once(socket: net.Socket, event: string, signal: StopSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown) => {
      signal.removeEventListener('abort', onAbort)
      socket.off(event, onEvent)
      socket.off('close', onClose)
      // A late error of a destroyed connection must not end the process.
      socket.on('error', ignore)
      socket.off('error', settle)
      if (error === undefined) return resolve()
      socket.destroy()
      reject(error)
    }
    const onEvent = () => settle()
    const onAbort = () => settle(signal.reason)
    const onClose = () => settle(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    socket.on(event, onEvent)
    socket.on('close', onClose)
    socket.on('error', settle)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}

/** The socket at which the origin is reached instead of by its name; undefined if there is none. */
function localPathOf(origin: URL, spec: ConnectionSpec): string | undefined {
  return spec.socketPath !== undefined && isNamedOrigin(origin, spec) ? spec.socketPath : undefined
}

async function openLocal(path: string, { signal }: ConnectContext, reads?: LentReads): Promise<OpenSocket> {
  const socket = connectLocal(path, reads && { onread: reads.options })
  try {
    await once(socket, 'connect', signal)
  } catch (error) {
    throw localSocketFailure(error, path)
  }
  return { socket, reads, timing: {} }
}

function openTcp(url: URL, { clock, signal }: ConnectContext, reads?: LentReads): Promise<OpenSocket> {
  const started = clock.now()
  let resolved: number | undefined
  const socket = net.connect({
    ...{ host: bareHost(url), port: portOf(url), noDelay: true },
    ...{ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY },
    ...(reads && { onread: reads.options }),
  })
  const onLookup = () => {
    resolved = clock.now()
  }
  socket.once('lookup', onLookup)
  return once(socket, 'connect', signal).then(() => {
    socket.off('lookup', onLookup)
    const tcp = clock.now() - (resolved ?? started)
    return { socket, reads, timing: resolved === undefined ? { tcp } : { dns: resolved - started, tcp } }
  })
}

/** Advice if a certificate is rejected although the user accepts any certificate. */
const REDIRECT_ADVICE =
  'turning the certificate check off does not apply to the target of a redirect, so connect to it directly'
const PROXY_ADVICE =
  'turning the certificate check off does not apply to a proxy, so have this machine trust the authority that signed it (in the terminal: --ca)'

/** The names of the protocols that are offered by default (RFC 7301). */
const HTTP_1_1: readonly string[] = ['http/1.1']

interface SecureOptions {
  readonly servername: string | undefined
  readonly isProxy: boolean
  readonly protocols?: readonly string[] | undefined
}

async function secure(
  under: net.Socket,
  url: URL,
  { servername, isProxy, protocols = HTTP_1_1 }: SecureOptions,
  { spec, network, signal }: ConnectContext,
): Promise<tls.TLSSocket> {
  const host = bareHost(url)
  const isNamed = !isProxy && isNamedOrigin(url, spec)
  const name = servername || (net.isIP(host) === 0 ? host : undefined)
  const socket = tls.connect({
    ...tlsOptions({ spec, network, url, isNamed }),
    socket: under,
    host,
    ALPNProtocols: [...protocols],
    ...(name === undefined ? {} : { servername: name }),
  })
  try {
    await once(socket, 'secureConnect', signal)
  } catch (error) {
    if (isNamed || spec.tls?.insecure !== true || !isCertificateError(error)) throw error
    throw networkFailure(error, url.href, 'head', isProxy ? PROXY_ADVICE : REDIRECT_ADVICE)
  }
  return socket
}

async function openProxy(proxy: URL, target: ConnectTarget, context: ConnectContext): Promise<OpenSocket> {
  try {
    const opened = await openTcp(proxy, context)
    if (proxy.protocol !== 'https:') return opened
    return {
      ...opened,
      socket: await secure(opened.socket, proxy, { servername: undefined, isProxy: true }, context),
    }
  } catch (error) {
    throw proxyUnusable(error, proxy, hostAndPort(target.origin.href))
  }
}

/** Has the proxy at the other end of `socket` open a connection to the origin. */
async function throughProxy(
  socket: net.Socket,
  proxy: URL,
  { origin, proxyAuthorization }: ConnectTarget,
  { signal }: ConnectContext,
): Promise<net.Socket> {
  if (isSocks(proxy)) return await openThroughSocks(socket, proxy, origin, signal)
  return await openTunnel(socket, proxy, origin, proxyAuthorization, signal)
}

/**
 * Opens a connection for requests to the target's origin. Rejects with a `Failure`, or with an error for
 * `networkFailure`.
 */
export function openSocket(
  target: ConnectTarget,
  context: ConnectContext,
  options: OpenOptions = {},
): Promise<OpenSocket> {
  const { origin, proxy } = target
  const lends = options.lendsReads === true && origin.protocol === 'http:'
  const reads = lends && proxy === undefined ? new LentReads() : undefined
  const path = localPathOf(origin, context.spec)
  if (path !== undefined || proxy !== undefined || origin.protocol !== 'http:')
    return openInSteps(target, context, options, { reads, path })
  // Keeps little while it waits: a thousand connections may open at once.
  const { connected } = context
  const opening = openTcp(origin, context, reads)
  if (connected === undefined) return opening
  return opening.then((opened) => {
    connected(opened.socket)
    return opened
  })
}

/** What is known before the first step. */
interface Beginning {
  readonly reads: LentReads | undefined
  readonly path: string | undefined
}

async function openInSteps(
  target: ConnectTarget,
  context: ConnectContext,
  { protocols }: OpenOptions,
  { reads, path }: Beginning,
): Promise<OpenSocket> {
  const { origin, proxy, tunnel } = target
  const opened =
    path !== undefined
      ? await openLocal(path, context, reads)
      : proxy === undefined
        ? await openTcp(origin, context, reads)
        : await openProxy(proxy, target, context)
  const through =
    proxy !== undefined && tunnel ? await throughProxy(opened.socket, proxy, target, context) : opened.socket
  if (origin.protocol !== 'https:') {
    context.connected?.(through)
    return { socket: through, reads: opened.reads, timing: opened.timing }
  }
  const started = context.clock.now()
  const { servername } = target
  const socket = await secure(through, origin, { servername, isProxy: false, protocols }, context)
  context.connected?.(socket)
  return { socket, timing: { ...opened.timing, tls: context.clock.now() - started } }
}
