/** What a curl command line requests. */
import * as v from 'valibot'
import type { Credentials } from '../../../shared/credentials.ts'
import { isProxyUrl } from '../../../shared/outgoing-proxy-url.ts'
import type { HttpVersion } from '../../../shared/spec.ts'
import { latin1 } from '../../../shared/text/decode.ts'
import { addToQuery } from '../../../shared/url-params.ts'
import { type HeaderField, headerField } from '../../headers.ts'
import { SPEC_FIELDS } from '../../spec-fields.ts'
import { hasVariables, withoutVariables } from './commands.ts'
import { type CurlPart, curlParts, isWithoutEffect } from './options.ts'

/** A request as curl makes it, before it is a connection. */
export interface CurlRequest {
  readonly urls: readonly string[]
  readonly method: string | undefined
  readonly headers: readonly HeaderField[]
  readonly credentials: Credentials | undefined
  /** Undefined for none. */
  readonly body: string | undefined
  readonly bodyFile: string | undefined
  readonly insecure: boolean
  readonly proxy: string | undefined
  readonly socketPath: string | undefined
  readonly http: HttpVersion | undefined
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly duration: number | undefined
  readonly tlsFiles: readonly { readonly name: 'ca' | 'cert' | 'key'; readonly value: string }[]
  readonly notTaken: readonly string[]
}

/** The requests of one command: `--next` begins another one. */
export function curlRequests(words: readonly string[], input: string | undefined): CurlRequest[] {
  const groups: CurlPart[][] = [[]]
  for (const part of curlParts(words))
    if (part.kind === 'option' && (part.name === 'next' || part.name === '-:')) groups.push([])
    else groups.at(-1)?.push(part)
  return groups.map((parts) => new CommandReader(input).read(parts))
}

/** Why options are not imported. */
const REASONS: Readonly<Record<string, string>> = {
  form: 'Multipart forms (-F) are not imported; write the body with the type multipart/form-data.',
  'upload-file': 'The upload (-T) was not imported; write < FILE as the body.',
  netrc: 'The password of .netrc was not imported.',
  http3: 'HTTP/3 was not imported.',
  config: 'The options of the file of -K were not imported.',
}
const SAME_REASON: Readonly<Record<string, string>> = {
  'form-string': 'form',
  'http3-only': 'http3',
  'netrc-optional': 'netrc',
  'netrc-file': 'netrc',
}

class CommandReader {
  readonly #input: string | undefined
  readonly #urls: string[] = []
  readonly #headers: HeaderField[] = []
  /** Names in lower case that `-H 'Name:'` removes. */
  readonly #removed = new Set<string>()
  readonly #data: string[] = []
  readonly #query: string[] = []
  readonly #tlsFiles: CurlRequest['tlsFiles'][number][] = []
  readonly #notTaken = new Set<string>()
  readonly #cookies: string[] = []
  #bodyFile: string | undefined
  #method: string | undefined
  #isJson = false
  #hasData = false
  #isGet = false
  #isHead = false
  #insecure = false
  #http: HttpVersion | undefined
  #user: string | undefined
  #scheme: 'basic' | 'digest' | 'aws' = 'basic'
  /** Of `--aws-sigv4`: providers, region and service. */
  #signature = ''
  #proxy: string | undefined
  #proxyUser: string | undefined
  #socketPath: string | undefined
  #timeout: number | undefined
  #duration: number | undefined

  constructor(input: string | undefined) {
    this.#input = input
  }

  read(parts: readonly CurlPart[]): CurlRequest {
    for (const part of parts) {
      if (part.kind === 'url') this.#urls.push(part.value)
      else if (!this.#take(part.name, part.value)) this.#leaveOut(part)
    }
    const query = [...(this.#isGet ? this.#data : []), ...this.#query].join('&')
    const body = this.#hasData && !this.#isGet ? this.#data.join('&') : undefined
    const bodyFile = this.#isGet ? undefined : this.#bodyFile
    if (bodyFile !== undefined && body !== '' && body !== undefined)
      this.#note('The data of the file is not imported, because the body has other data too.')
    const isFile = bodyFile !== undefined && (body === undefined || body === '')
    return {
      urls: this.#urls.map((url) => addToQuery(url, query)),
      method: this.#method ?? (this.#isHead ? 'HEAD' : undefined),
      headers: this.#allHeaders(body !== undefined || isFile),
      credentials: this.#credentials(),
      body: isFile ? undefined : body,
      bodyFile: isFile ? bodyFile : undefined,
      insecure: this.#insecure,
      proxy: this.#proxyUrl(),
      socketPath: this.#localSocket(),
      http: this.#http,
      timeout: this.#timeout,
      duration: this.#duration,
      tlsFiles: this.#tlsFiles,
      notTaken: [...this.#notTaken],
    }
  }

  #note(sentence: string): void {
    this.#notTaken.add(sentence)
  }

  #leaveOut({ name, isKnown }: CurlPart & { readonly kind: 'option' }): void {
    if (isWithoutEffect(name)) return
    const option = name.startsWith('-') ? name : `--${name}`
    const reason = REASONS[SAME_REASON[name] ?? name]
    this.#note(
      reason ?? `${isKnown ? 'The option' : 'The unknown option'} ${option.slice(0, 80)} was not imported.`,
    )
  }

  /** Returns false for an option that is not imported. */
  #take(name: string, value: string): boolean {
    switch (name) {
      case 'url':
        this.#urls.push(value)
        return true
      case 'url-query':
        this.#query.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value))
        return true
      case 'request':
        if (v.is(SPEC_FIELDS.method, value)) this.#method = value
        else this.#note('The method of -X is not an HTTP method, and was not imported.')
        return true
      case 'header':
        this.#header(value)
        return true
      case 'data':
      case 'data-ascii':
      case 'data-binary':
      case 'json':
        this.#isJson ||= name === 'json'
        this.#dataOf(value, name)
        return true
      case 'data-raw':
        this.#addData(value)
        return true
      case 'data-urlencode':
        if (/^[^=]*@/.test(value)) this.#note('The data of a file of --data-urlencode was not imported.')
        else this.#addData(urlEncoded(value))
        return true
      case 'get':
        this.#isGet = true
        return true
      case 'head':
        this.#isHead = true
        return true
      case 'cookie':
        if (value.includes('=')) this.#cookies.push(value)
        else if (value !== '') this.#note('The cookies of a file (-b FILE) were not imported.')
        return true
      case 'user':
        this.#user = value
        if (!value.includes(':')) this.#note('curl asks for the password of -u; add it to the request.')
        return true
      case 'digest':
        this.#scheme = 'digest'
        return true
      case 'aws-sigv4':
        this.#scheme = 'aws'
        this.#signature = value
        return true
      case 'oauth2-bearer':
        this.#headers.push(['Authorization', `Bearer ${value}`])
        return true
      case 'user-agent':
        this.#headers.push(['User-Agent', value])
        return true
      case 'referer':
        this.#headers.push(['Referer', value.replace(/;auto$/, '')])
        return true
      case 'range':
        this.#headers.push(['Range', `bytes=${value}`])
        return true
      default:
        return this.#takeNetwork(name, value)
    }
  }

  #takeNetwork(name: string, value: string): boolean {
    switch (name) {
      case 'insecure':
        this.#insecure = true
        return true
      case 'http2':
        this.#http = 'auto'
        return true
      case 'http2-prior-knowledge':
        this.#http = '2'
        return true
      case 'proxy':
        this.#proxy = value
        return true
      case 'socks5':
        this.#proxy = `socks5://${value}`
        return true
      case 'socks5-hostname':
        this.#proxy = `socks5h://${value}`
        return true
      case 'unix-socket':
        this.#socketPath = value
        return true
      case 'proxy-user':
        this.#proxyUser = value
        return true
      case 'cacert':
        this.#tlsFiles.push({ name: 'ca', value })
        return true
      case 'cert':
        // A colon after a drive letter belongs to the path.
        if (/^.{2,}:/.test(value)) this.#note('The password of the certificate was not imported.')
        this.#tlsFiles.push({ name: 'cert', value: value.replace(/(?<=^.{2,}):.*$/s, '') })
        return true
      case 'key':
        this.#tlsFiles.push({ name: 'key', value })
        return true
      case 'max-time':
        this.#duration = milliseconds(value)
        return this.#duration !== undefined
      case 'connect-timeout':
        this.#timeout = milliseconds(value)
        return this.#timeout !== undefined
      default:
        return false
    }
  }

  #header(line: string): void {
    if (line.startsWith('@')) {
      this.#note('The headers of a file (-H @FILE) were not imported.')
      return
    }
    const [, name = '', mark, value = ''] = /^([^:;]*)([:;])(.*)$/s.exec(line) ?? []
    if (mark === undefined || name.trim() === '') {
      this.#note(`The header ${JSON.stringify(line.slice(0, 40))} has no value and was not imported.`)
      return
    }
    const trimmed = value.trim()
    if (!v.is(headerField, [name.trim(), withoutVariables(trimmed)])) {
      this.#note(`The header ${JSON.stringify(name.trim().slice(0, 40))} cannot be sent over HTTP.`)
      return
    }
    if (trimmed !== '') this.#headers.push([name.trim(), trimmed])
    // Without a value, `Name;` sends an empty one, and `Name:` none.
    else if (mark === ';') this.#headers.push([name.trim(), ''])
    else this.#removed.add(name.trim().toLowerCase())
  }

  #dataOf(value: string, option: string): void {
    if (!value.startsWith('@')) {
      this.#addData(value, option === 'json')
      return
    }
    const file = value.slice(1)
    const isStripped = option === 'data' || option === 'data-ascii'
    if (file !== '-') {
      this.#hasData = true
      if (this.#bodyFile !== undefined) this.#note('Only one file of data was imported.')
      this.#bodyFile ??= file
      if (isStripped) this.#note(`Line ends in ${file.slice(0, 80)} are sent; curl -d removes them.`)
    } else if (this.#input === undefined) this.#note('The data of the standard input was not imported.')
    else this.#addData(isStripped ? this.#input.replaceAll(/[\r\n\0]/g, '') : this.#input, option === 'json')
  }

  #addData(data: string, isAppended = false): void {
    this.#hasData = true
    // Texts of --json are joined without a separator.
    if (isAppended && this.#data.length > 0) this.#data.push(`${this.#data.pop() ?? ''}${data}`)
    else this.#data.push(data)
  }

  #allHeaders(hasBody: boolean): HeaderField[] {
    const has = (name: string) => this.#headers.some(([other]) => other.toLowerCase() === name)
    const added: HeaderField[] = []
    const add = (name: string, value: string) => {
      if (!has(name.toLowerCase()) && !this.#removed.has(name.toLowerCase())) added.push([name, value])
    }
    if (this.#user !== undefined && this.#credentials() === undefined) {
      if (this.#scheme !== 'basic') this.#note('The credentials of -u were not imported.')
      else
        add(
          'Authorization',
          `Basic ${hasVariables(this.#user) ? this.#user : encodedCredentials(this.#user)}`,
        )
    }
    if (this.#cookies.length > 0) add('Cookie', this.#cookies.join('; '))
    if (this.#isJson) {
      add('Content-Type', 'application/json')
      add('Accept', 'application/json')
    } else if (hasBody) add('Content-Type', 'application/x-www-form-urlencoded')
    return [...this.#headers, ...added]
  }

  /** Those of `-u`, if a file of requests can name their parts. A header takes precedence. */
  #credentials(): Credentials | undefined {
    const [, user = '', password = ''] = /^([^\s:]+):(.*)$/s.exec(this.#user ?? '') ?? []
    if (user === '' || (hasVariables(user) && withoutVariables(user) !== '')) return undefined
    switch (this.#scheme) {
      case 'aws': {
        const [, , region, service] = this.#signature.split(':')
        return {
          ...{ kind: 'aws', accessKeyId: user, secretAccessKey: password, in: 'header' },
          ...(region && { region }),
          ...(service && { service }),
        }
      }
      default:
        return { kind: this.#scheme, user, password }
    }
  }

  #localSocket(): string | undefined {
    if (this.#socketPath === undefined || this.#socketPath.startsWith('/')) return this.#socketPath
    this.#note('The Unix socket was not imported; its path must be absolute.')
    return undefined
  }

  #proxyUrl(): string | undefined {
    if (this.#proxy === undefined || this.#proxy === '') return undefined
    const url = /^[a-z\d]+:\/\//i.test(this.#proxy) ? this.#proxy : `http://${this.#proxy}`
    if (!isProxyUrl(url)) {
      this.#note('The proxy was not imported; only proxies of HTTP and SOCKS 5 are used.')
      return undefined
    }
    const [user = '', ...password] = this.#proxyUser?.split(':') ?? []
    const credentials = [user, ...(password.length > 0 ? [password.join(':')] : [])].map(encodeURIComponent)
    return user === '' ? url : url.replace('://', `://${credentials.join(':')}@`)
  }
}

/** RFC 7617. Those with variables are encoded by the file of requests. */
function encodedCredentials(user: string): string {
  return btoa(latin1(new TextEncoder().encode(user)))
}

/** Seconds as milliseconds; undefined for another text. */
function milliseconds(seconds: string): number | undefined {
  const value = /^\d{1,7}(?:\.\d{1,6})?$/.test(seconds) ? Math.round(Number(seconds) * 1000) : 0
  return value > 0 ? value : undefined
}

/** `name=value` or `value`, the value encoded as curl does: a space is a `+`. */
function urlEncoded(text: string): string {
  const at = text.indexOf('=')
  const value = encodeURIComponent(withoutHalves(at < 0 ? text : text.slice(at + 1)))
  const encoded = value
    .replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
  return at <= 0 ? encoded : `${text.slice(0, at)}=${encoded}`
}

function withoutHalves(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
}
