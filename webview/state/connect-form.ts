/** The fields of the form for a connection, and the specification that they stand for. */
import { checkCredentials } from '../../src/request/check-credentials.ts'
import { groupHeaders, type HeaderField } from '../../src/request/headers.ts'
import { curlConnection, looksLikeCurl } from '../../src/request/imports/curl/read.ts'
import { checkValue, type OptionName, readOption, splitNames, toWhole } from '../../src/request/options.ts'
import { SPEC_FIELDS } from '../../src/request/spec-fields.ts'
import { readTyped } from '../../src/request/typed-url.ts'
import { headerOf } from '../../src/shared/credentials.ts'
import { problemOf } from '../../src/shared/failure.ts'
import type { CertificateFile, FormDraft } from '../../src/shared/protocol/connecting.ts'
import { MASK } from '../../src/shared/secrets.ts'
import type { ConnectionSpec, Framing, HttpVersion, ReconnectPolicy } from '../../src/shared/spec.ts'
import { isSpoken, SPOKEN, type SpokenName } from '../../src/shared/spoken/table.ts'
import type { SpokenField } from '../../src/shared/spoken/traits.ts'
import { latin1 } from '../../src/shared/text/decode.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { parseUrl } from '../../src/shared/url.ts'
import { type AuthFields, authFieldsOf, credentialsOf, isHeader } from './form-credentials.ts'
import { spokenProblems, type Typed, typedOf, valuesOf } from './spoken-fields.ts'

export interface HeaderRow {
  readonly isUsed: boolean
  readonly name: string
  /** `***` stands for a value that the host fills in or asks for. */
  readonly value: string
}

export const BODY_KINDS = ['none', 'json', 'text'] as const
/** `kept` is a body that the host keeps; `file` are bytes. */
export type BodyKind = (typeof BODY_KINDS)[number] | 'kept' | 'file'

/** '' is the policy of the settings. */
export const RECONNECTS = ['', 'never', 'backoff', 'fixed'] as const
export type ReconnectKind = (typeof RECONNECTS)[number]

export interface FormFields extends AuthFields {
  readonly url: string
  readonly transport: TransportName | 'auto'
  /** '' is POST with a body, else GET. */
  readonly method: string
  readonly headers: readonly HeaderRow[]
  readonly subprotocols: string
  /** '' if none is spoken. */
  readonly protocol: SpokenName | ''
  /** The options of protocols. Those of the spoken one are used. */
  readonly protocolOptions: Typed
  readonly bodyKind: BodyKind
  readonly body: string
  readonly bytes: { readonly base64: string } | undefined
  /** Name of the file that the body was read from. */
  readonly bodyFile: string
  readonly isUnchecked: boolean
  readonly certificates: Readonly<Partial<Record<CertificateFile, string>>>
  /** Undefined if the user has not decided: then cookies are not used. */
  readonly cookieJar: boolean | undefined
  readonly asBrowser: boolean
  readonly http: HttpVersion
  readonly proxy: string
  readonly reconnect: ReconnectKind
  /** Milliseconds between attempts with a fixed delay. */
  readonly delay: string
  readonly interval: string
  readonly timeout: string
  readonly framing: Framing
  readonly cursor: string
  readonly remember: boolean
  /** What the form has no fields for. */
  readonly others: Partial<ConnectionSpec>
}

const AUTHORIZATION = 'authorization'

function headerRows({ spec, authorization }: FormDraft): HeaderRow[] {
  return Object.entries(spec.headers ?? {})
    .filter(([name]) => authorization === undefined || name.toLowerCase() !== AUTHORIZATION)
    .flatMap(([name, value]) => [value].flat().map((each) => ({ isUsed: true, name, value: each })))
}

function bodyFields(body: ConnectionSpec['body']): Pick<FormFields, 'bodyKind' | 'body' | 'bytes'> {
  if (body === undefined) return { bodyKind: 'none', body: '', bytes: undefined }
  if (typeof body !== 'string') return { bodyKind: 'file', body: '', bytes: body }
  if (body === MASK) return { bodyKind: 'kept', body: '', bytes: undefined }
  return { bodyKind: /^\s*[{[]/.test(body) ? 'json' : 'text', body, bytes: undefined }
}

function reconnectKind(policy: ReconnectPolicy | undefined): ReconnectKind {
  return typeof policy === 'number' ? 'fixed' : (policy ?? '')
}

/** The options that a protocol has. */
export function optionsOf(protocol: FormFields['protocol']): readonly SpokenField[] {
  return protocol === '' ? [] : SPOKEN[protocol].options
}

/** The fields as the host has opened the form. */
export function fieldsOf(draft: FormDraft): FormFields {
  const { spec, authorization, certificates, isRemembered } = draft
  const { url, transport, method, headers, subprotocols, body, tls, proxy, ...more } = spec
  const {
    reconnect,
    interval,
    timeout,
    framing,
    cursor,
    protocol: named,
    protocolOptions,
    cookieJar,
    asBrowser,
    http = '1.1',
    credentials,
    ...rest
  } = more
  const typed = authFieldsOf(credentials)
  const others = typed.auth === 'none' && credentials !== undefined ? { ...rest, credentials } : rest
  const protocol = named !== undefined && isSpoken(named) ? named : ''
  const { insecure, ...otherTls } = tls ?? {}
  return {
    url,
    transport: transport ?? 'auto',
    method: method ?? '',
    headers: headerRows(draft),
    subprotocols: (subprotocols ?? []).join(', '),
    protocol,
    protocolOptions: typedOf(optionsOf(protocol), protocolOptions ?? {}),
    ...bodyFields(body),
    bodyFile: '',
    ...typed,
    ...(authorization !== undefined && { auth: authorization, secret: MASK, hasCredentials: false }),
    isUnchecked: insecure === true,
    cookieJar,
    asBrowser: asBrowser === true,
    http,
    certificates,
    proxy: proxy ?? '',
    reconnect: reconnectKind(reconnect),
    delay: typeof reconnect === 'number' ? String(reconnect) : '1000',
    interval: String(interval ?? ''),
    timeout: String(timeout ?? ''),
    framing: framing ?? 'auto',
    cursor: cursor ?? '',
    remember: isRemembered,
    others: { ...others, ...(Object.keys(otherTls).length > 0 && { tls: otherTls }) },
  }
}

export interface FromCurl {
  readonly change: Partial<FormFields>
  /** What of the command has no field; one sentence each. */
  readonly notTaken: readonly string[]
}

/** The fields that a curl command fills in; undefined if the text is none that can be read. */
export function fieldsOfCurl(text: string): FromCurl | undefined {
  if (!looksLikeCurl(text)) return undefined
  try {
    const { spec, notTaken } = curlConnection(text)
    const filled = fieldsOf({ id: 0, known: [], spec, certificates: {}, isRemembered: true })
    const { url, transport, method, headers, subprotocols, body, bodyKind, bytes, isUnchecked } = filled
    const { proxy, timeout, others } = filled
    const { credentials, ...more } = others
    return {
      change: {
        ...{ url, transport, method, headers, subprotocols, body, bodyKind, bytes, isUnchecked },
        ...(proxy !== '' && { proxy }),
        ...(timeout !== '' && { timeout }),
        ...(credentials?.kind === 'basic'
          ? { auth: 'basic', user: credentials.user, secret: credentials.password, others: more }
          : { others }),
      },
      notTaken,
    }
  } catch {
    // It stays as it was pasted, and the form says that it is not a URL.
    return undefined
  }
}

/** The URL that is meant, which may have been typed without its scheme. */
export function meantUrl({ url, transport }: Pick<FormFields, 'url' | 'transport'>): string {
  const read = readTyped(url)
  if (read.kind !== 'urls') return url.trim()
  const fits = (each: string) => problemOf(() => parseUrl(each, transport)) === undefined
  return read.urls.find(fits) ?? read.urls[0] ?? url.trim()
}

/** The value of the `Authorization` header; undefined if there is none. */
export function authorizationOf({
  auth,
  user,
  secret,
  hasCredentials,
}: Pick<FormFields, 'auth' | 'user' | 'secret' | 'hasCredentials'>): string | undefined {
  if (!isHeader({ auth, hasCredentials }) || (secret === '' && user === '')) return undefined
  if (secret === MASK) return MASK
  if (auth === 'bearer') return `Bearer ${secret}`
  return `Basic ${btoa(latin1(new TextEncoder().encode(`${user}:${secret}`)))}`
}

/** The header rows that are sent: those that are ticked and have a name. */
function usedHeaders(fields: FormFields): readonly HeaderRow[] {
  return fields.headers.filter(({ isUsed, name }) => isUsed && name.trim() !== '')
}

function headersOf(fields: FormFields): ConnectionSpec['headers'] {
  const authorization = authorizationOf(fields)
  const credentials = credentialsOf(fields)
  const set = authorization === undefined ? credentials && headerOf(credentials) : AUTHORIZATION
  const rows = usedHeaders(fields).map(({ name, value }): HeaderField => [name.trim(), value.trim()])
  const others = rows.filter(([name]) => name.toLowerCase() !== set)
  const sent: readonly HeaderField[] =
    authorization === undefined ? others : [...others, ['Authorization', authorization]]
  return sent.length === 0 ? undefined : groupHeaders(sent)
}

function bodyOf({ bodyKind, body, bytes }: FormFields): ConnectionSpec['body'] {
  if (bodyKind === 'none') return undefined
  if (bodyKind === 'kept') return MASK
  if (bodyKind === 'file') return bytes
  return body === '' ? undefined : body
}

/** Digits as a number, else undefined: `problemsOf` says what is wrong with other text. */
function wholeOf(text: string): number | undefined {
  const number = toWhole(text.trim())
  return Number.isNaN(number) ? undefined : number
}

/** The specification without fields that have no value. Certificates are added by the host. */
export function specOf(fields: FormFields): ConnectionSpec {
  const { transport, method, framing, others, isUnchecked, reconnect } = fields
  const subprotocols = splitNames(fields.subprotocols)
  const options = valuesOf(optionsOf(fields.protocol), fields.protocolOptions)
  const spec: { -readonly [K in keyof ConnectionSpec]: ConnectionSpec[K] | undefined } = {
    ...others,
    url: meantUrl(fields),
    transport: transport === 'auto' ? undefined : transport,
    method: method === '' ? undefined : method,
    headers: headersOf(fields),
    credentials: credentialsOf(fields) ?? others.credentials,
    body: bodyOf(fields),
    subprotocols: subprotocols.length === 0 ? undefined : subprotocols,
    protocol: fields.protocol === '' ? undefined : fields.protocol,
    protocolOptions: Object.keys(options).length === 0 ? undefined : options,
    tls: isUnchecked || others.tls ? { ...others.tls, ...(isUnchecked && { insecure: true }) } : undefined,
    cookieJar: fields.cookieJar,
    asBrowser: fields.asBrowser ? true : undefined,
    http: fields.http === '1.1' ? undefined : fields.http,
    proxy: fields.proxy.trim() === '' ? undefined : fields.proxy.trim(),
    reconnect: reconnect === 'fixed' ? wholeOf(fields.delay) : reconnect === '' ? undefined : reconnect,
    interval: wholeOf(fields.interval),
    timeout: wholeOf(fields.timeout),
    framing: framing === 'auto' ? undefined : framing,
    cursor: fields.cursor.trim() === '' ? undefined : fields.cursor.trim(),
  }
  return Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value !== undefined),
  ) as unknown as ConnectionSpec
}

/** The specification for display, in which a kept authorization has its scheme. */
export function shownSpecOf(fields: FormFields): ConnectionSpec {
  const spec = specOf(fields)
  if (!isHeader(fields) || fields.secret !== MASK) return spec
  const scheme = fields.auth === 'basic' ? 'Basic' : 'Bearer'
  return { ...spec, headers: { ...spec.headers, Authorization: `${scheme} ${MASK}` } }
}

/** A field with a mistake, and the sentence about it. A header has its number, an option of a protocol its name. */
export type Problems = Readonly<Record<string, string>>

function optionProblem(name: OptionName, text: string): string | undefined {
  return text.trim() === '' ? undefined : problemOf(() => void readOption(name, text.trim()))
}

/** Before the name of an option of the protocol. */
export const OF_PROTOCOL = 'protocol '

function optionProblems({ protocol, protocolOptions }: FormFields): [string, string][] {
  const problems = spokenProblems(optionsOf(protocol), protocolOptions)
  return Object.entries(problems).map(([name, problem]) => [OF_PROTOCOL + name, problem])
}

function credentialsProblem(fields: FormFields): string | undefined {
  const credentials = credentialsOf(fields)
  if (credentials === undefined) return undefined
  return problemOf(() => {
    checkValue(SPEC_FIELDS.credentials, credentials)
    checkCredentials({ url: meantUrl(fields), transport: fields.transport, credentials })
  })
}

/** What is wrong with the fields, by field. */
export function problemsOf(fields: FormFields): Problems {
  const found: [string, string | undefined][] = [
    ['url', problemOf(() => parseUrl(meantUrl(fields), fields.transport))],
    ['method', optionProblem('method', fields.method)],
    ...fields.headers.map(({ isUsed, name, value }, i): [string, string | undefined] => [
      `header ${i}`,
      isUsed && (name.trim() !== '' || value.trim() !== '')
        ? optionProblem('header', `${name}: ${value}`)
        : undefined,
    ]),
    [
      'subprotocols',
      splitNames(fields.subprotocols)
        .map((each) => optionProblem('subprotocol', each))
        .find(Boolean),
    ],
    ...optionProblems(fields),
    ['credentials', credentialsProblem(fields)],
    ['proxy', optionProblem('proxy', fields.proxy)],
    ['delay', fields.reconnect === 'fixed' ? optionProblem('reconnect', fields.delay || 'x') : undefined],
    ['interval', optionProblem('interval', fields.interval)],
    ['timeout', optionProblem('timeout', fields.timeout)],
    ['cursor', optionProblem('cursor', fields.cursor)],
  ]
  return Object.fromEntries(found.flatMap(([field, problem]) => (problem ? [[field, problem]] : [])))
}
