/** Finds the DevTools connections of the program at an endpoint. */
import * as v from 'valibot'
import { parseEndpoint, withoutUserinfo } from '../shared/devtools-endpoint.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import type { AttachOptions } from '../shared/protocol/traffic.ts'
import { kindOf } from './program-limits.ts'

/** Bytes of the longest answer of an endpoint that is read. */
const MAX_ANSWER = 4 * 1024 * 1024
/** Milliseconds. */
const TIMEOUT = 10_000
/** A program has few targets of its own, such as Node.js with one. */
const MAX_ROOTS = 16

const VERSION = v.object({ Browser: v.string(), webSocketDebuggerUrl: v.optional(v.string()) })
const LIST = v.array(
  v.object({
    type: v.optional(v.string(), 'node'),
    title: v.optional(v.string(), ''),
    url: v.optional(v.string(), ''),
    webSocketDebuggerUrl: v.optional(v.string()),
  }),
)

/** A target that a connection leads to. */
export interface Root {
  /** A `ws:` URL. */
  readonly socket: string
  readonly type: string
  readonly title: string
  readonly url: string
}

export interface Program {
  /** What it says it is; undefined if it does not say. */
  readonly name: string | undefined
  readonly roots: readonly Root[]
}

/** Rejects with a `Failure` if there is no program. */
export async function findProgram(options: AttachOptions): Promise<Program> {
  const { endpoint, isDebugSession, program, title = '' } = options
  const url = parseEndpoint(endpoint)
  if (isDebugSession === true) {
    const type = kindOf(program) === 'browser' ? 'page' : 'node'
    return { name: program, roots: [{ ...rootAt(url, type), title }] }
  }
  if (url.protocol === 'ws:' || url.protocol === 'wss:') {
    const name = await versionOf(url).catch(() => undefined)
    return { name: name?.Browser, roots: [rootAt(url, typeIn(url.pathname))] }
  }
  const { Browser: name, webSocketDebuggerUrl: browser } = await versionOf(url)
  if (browser !== undefined) return { name, roots: [rootAt(atSameHost(browser, url), 'browser')] }
  const listUrl = new URL('/json/list', url)
  const roots = checked(LIST, await answerOf(listUrl), listUrl).flatMap(
    ({ webSocketDebuggerUrl: socket, ...root }) =>
      socket === undefined ? [] : [{ ...root, socket: atSameHost(socket, url).href }],
  )
  if (roots.length === 0)
    throw new Failure(
      'NO_DEVTOOLS',
      `${name} at ${url.host} has nothing to attach to; close its other debuggers.`,
    )
  return { name, roots: roots.slice(0, MAX_ROOTS) }
}

function rootAt(socket: URL, type: string): Root {
  return { socket: socket.href, type, title: '', url: '' }
}

/** Chromium names the type of a target in its path: `/devtools/page/…`. */
function typeIn(path: string): string {
  return /^\/devtools\/([a-z]+)\//.exec(path)?.[1] ?? 'node'
}

/** The URL that an endpoint names, at the host and port under which it was reached: never elsewhere. */
function atSameHost(named: string, endpoint: URL): URL {
  const { pathname, search } = URL.canParse(named) ? new URL(named) : endpoint
  const url = new URL(pathname + search, endpoint)
  url.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}

async function versionOf(endpoint: URL): Promise<v.InferOutput<typeof VERSION>> {
  const url = new URL('/json/version', endpoint)
  url.protocol = /^(?:https|wss):$/.test(url.protocol) ? 'https:' : 'http:'
  return checked(VERSION, await answerOf(url), url)
}

function checked<S extends typeof VERSION | typeof LIST>(
  schema: S,
  answer: unknown,
  url: URL,
): v.InferOutput<S> {
  const result = v.safeParse(schema, answer)
  if (!result.success) throw new Failure('NO_DEVTOOLS', notDevTools(url))
  return result.output
}

/** The JSON at a URL. Rejects with a `Failure`. */
async function answerOf(given: URL): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT)
  const { url, headers } = withoutUserinfo(given)
  let text = ''
  try {
    const response = await fetch(url, { signal, headers, redirect: 'error' })
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > MAX_ANSWER) throw new Failure('TOO_LARGE', notDevTools(url))
    }
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : unreachable(url, thrown)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('NO_DEVTOOLS', notDevTools(url))
  }
}

function notDevTools({ host }: URL): string {
  return `What answers at ${host} is no DevTools endpoint; check the port.`
}

function unreachable({ host }: URL, thrown: unknown): Failure {
  const { name, cause } = thrown as { readonly name?: string; readonly cause?: { readonly code?: string } }
  if (name === 'TimeoutError')
    return new Failure('NO_ANSWER', `The endpoint at ${host} does not answer; check the port.`)
  const code = cause?.code ?? 'NO_DEVTOOLS'
  if (code !== 'ECONNREFUSED')
    return new Failure(
      code,
      `Reaching the endpoint at ${host} failed: ${sentenceOf(cause ?? thrown)}; check the URL.`,
    )
  return new Failure(
    code,
    `Nothing listens at ${host}; start Chrome or Edge with --remote-debugging-port=PORT and a --user-data-dir of its own, Node.js with --inspect --experimental-network-inspection, or Deno with --inspect.`,
  )
}
