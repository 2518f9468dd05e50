/**
 * The `Sec-WebSocket-Extensions` field of a response (RFC 6455 section 9.1) and its parameters (RFC 7692 section 7.1).
 */

/** The negotiated permessage-deflate. */
export interface DeflateParameters {
  readonly server_no_context_takeover: boolean
  readonly client_no_context_takeover: boolean
  /** Base-2 logarithms of the window sizes, 8 to 15; undefined if they are not limited. */
  readonly server_max_window_bits: number | undefined
  readonly client_max_window_bits: number | undefined
}

/** The field is not acceptable; the message says why. */
export class ExtensionError extends Error {
  constructor(why: string) {
    super(`Sec-WebSocket-Extensions: ${why}`)
  }
}

interface Extension {
  readonly name: string
  /** The value is undefined if the parameter has none. */
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[]
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const QUOTED = /"(?:[^"\\]|\\.)*"/y
const SPACES = /[ \t]*/y
const DEFLATE = 'permessage-deflate'
/** A decimal integer without leading zeros. */
const WINDOW_BITS = /^(?:[89]|1[0-5])$/
/** Longest part of a field or parameter that a message quotes. */
const MAX_QUOTED = 60

/** Parses the list of extensions, token by token. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Empty elements are ignored (RFC 9110 section 5.6.1). */
  list(): Extension[] {
    const extensions: Extension[] = []
    do {
      this.#match(SPACES)
      if (this.#at < this.#text.length && this.#text[this.#at] !== ',') extensions.push(this.#extension())
    } while (this.#takes(','))
    if (this.#at < this.#text.length || extensions.length === 0) throw this.#malformed()
    return extensions
  }

  #extension(): Extension {
    const name = this.#token()
    const parameters: [string, string | undefined][] = []
    while (this.#takes(';')) {
      const parameter = this.#token()
      parameters.push([parameter, this.#takes('=') ? this.#value() : undefined])
    }
    return { name, parameters }
  }

  /** A token, or a quoted string that contains a token. */
  #value(): string {
    if (this.#text[this.#at] !== '"') return this.#token()
    const quoted = this.#match(QUOTED).slice(1, -1).replaceAll(/\\(.)/g, '$1')
    TOKEN.lastIndex = 0
    if (TOKEN.exec(quoted)?.[0] !== quoted) throw this.#malformed()
    this.#match(SPACES)
    return quoted
  }

  #token(): string {
    const token = this.#match(TOKEN)
    if (token === '') throw this.#malformed()
    this.#match(SPACES)
    return token
  }

  /** If the character is next, consumes it and the spaces after it, and returns true. */
  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#match(SPACES)
    return true
  }

  /** Consumes and returns what matches here; empty if nothing does. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [match] = pattern.exec(this.#text) ?? ['']
    this.#at += match.length
    return match
  }

  #malformed(): ExtensionError {
    return new ExtensionError(`"${shortened(this.#text)}" is not a list of extensions`)
  }
}

function shortened(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}

/**
 * Parses the response to an offer of permessage-deflate alone. Throws an `ExtensionError` if a client must fail the
 * connection because of it (RFC 7692 section 7.1).
 */
export function parseDeflateResponse(value: string): DeflateParameters {
  const [extension, another] = new Reader(value).list()
  const foreign = [extension, another].find((each) => each !== undefined && each.name !== DEFLATE)
  if (foreign !== undefined)
    throw new ExtensionError(`the extension "${shortened(foreign.name)}" was not offered`)
  if (another !== undefined) throw new ExtensionError(`${DEFLATE} is named twice`)
  const parameters = new Map(extension?.parameters)
  if (parameters.size !== extension?.parameters.length)
    throw new ExtensionError(`a parameter of ${DEFLATE} is named twice`)
  const agreed: DeflateParameters = {
    server_no_context_takeover: takeFlag(parameters, 'server_no_context_takeover'),
    client_no_context_takeover: takeFlag(parameters, 'client_no_context_takeover'),
    server_max_window_bits: takeBits(parameters, 'server_max_window_bits'),
    client_max_window_bits: takeBits(parameters, 'client_max_window_bits'),
  }
  const [unknown] = parameters.keys()
  if (unknown !== undefined) throw new ExtensionError(`${DEFLATE} has no parameter "${shortened(unknown)}"`)
  return agreed
}

type Parameters = Map<string, string | undefined>

function takeFlag(parameters: Parameters, name: keyof DeflateParameters): boolean {
  const value = parameters.get(name)
  if (value !== undefined)
    throw new ExtensionError(`${name} must not have a value, but has "${shortened(value)}"`)
  return parameters.delete(name)
}

function takeBits(parameters: Parameters, name: keyof DeflateParameters): number | undefined {
  const value = parameters.get(name)
  if (!parameters.delete(name)) return undefined
  if (value === undefined || !WINDOW_BITS.test(value))
    throw new ExtensionError(
      `${name} is ${value === undefined ? 'without a value' : `"${shortened(value)}"`}, not a number from 8 to 15`,
    )
  return Number(value)
}

/** Formats the parameters as a field value. */
export function formatDeflate(agreed: DeflateParameters): string {
  const parameters = Object.entries(agreed)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`))
  return [DEFLATE, ...parameters].join('; ')
}
