/** The fields of the connection form, typed or chosen. */
import { l10n } from 'vscode'
import { withHeader } from '../../request/headers.ts'
import { type OptionName, REQUEST_OPTIONS, readOption, splitNames } from '../../request/options.ts'
import { alwaysHasEffect, withText } from '../../request/request.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isSpoken, SPOKEN, SPOKEN_NAMES } from '../../shared/spoken/table.ts'
import { schemeOf, transportsWith } from '../../shared/transports.ts'

interface BaseField {
  readonly label: string
  /** The option of the request that it sets. */
  readonly option: OptionName
  /** Whether to offer it; if absent, wherever the option always has an effect. */
  isOffered?(spec: ConnectionSpec): boolean
  /** The current value, for display. */
  show(spec: ConnectionSpec): string
}

interface TypedField extends BaseField {
  readonly prompt: string | ((spec: ConnectionSpec) => string)
  /** The text to edit. */
  text(spec: ConnectionSpec): string
  /** The specification with the text; `parseSpec` checks it. Throws a `Failure` if the text has no meaning. */
  typed(spec: ConnectionSpec, text: string): ConnectionSpec
}

interface ChosenField extends BaseField {
  /** One of them is the current value. */
  readonly choices: readonly string[]
  chosen(spec: ConnectionSpec, choice: string): ConnectionSpec
}

export type Field = TypedField | ChosenField

const FROM_SETTINGS = l10n.t('from the settings')
const NONE = l10n.t('none')
const CHECKED = l10n.t('checked')
const NOT_CHECKED = l10n.t('not checked')
const USED = l10n.t('used')
const NOT_USED = l10n.t('not used')
const YES = l10n.t('yes')
const NO = l10n.t('no')

/** Sets the option to the trimmed text, or clears it if there is none. */
function set(spec: ConnectionSpec, option: OptionName, text: string): ConnectionSpec {
  const { sets } = REQUEST_OPTIONS[option]
  return text.trim() === '' ? { ...spec, [sets]: undefined } : withText(spec, option, text.trim())
}

const FIELDS: readonly Field[] = [
  {
    label: l10n.t('Transport'),
    option: 'transport',
    isOffered: ({ url }) => schemeOf(url) !== 'ws',
    show: ({ transport = 'auto' }) => transport,
    choices: ['auto', ...transportsWith('scheme', 'http')],
    chosen: (spec, choice) => withText(spec, 'transport', choice),
  },
  {
    label: l10n.t('Method'),
    option: 'method',
    show: methodOf,
    prompt: l10n.t('HTTP method'),
    text: methodOf,
    typed: (spec, text) => withText(spec, 'method', text.trim().toUpperCase()),
  },
  {
    label: l10n.t('Headers'),
    option: 'header',
    show: ({ headers = {} }) => Object.keys(headers).join(', ') || NONE,
    prompt: l10n.t('Name: value. Leave the value empty to remove the header.'),
    text: () => '',
    typed: withHeader,
  },
  {
    label: l10n.t('Subprotocols'),
    option: 'subprotocol',
    show: ({ subprotocols = [] }) => subprotocols.join(', ') || NONE,
    prompt: l10n.t('Subprotocols, separated by commas'),
    text: ({ subprotocols = [] }) => subprotocols.join(', '),
    typed: (spec, text) => ({ ...spec, subprotocols: splitNames(text) }),
  },
  {
    label: l10n.t('Protocol'),
    option: 'protocol',
    show: ({ protocol = NONE }) => protocol,
    choices: [NONE, ...SPOKEN_NAMES],
    chosen: (spec, choice) => ({ ...spec, protocol: choice === NONE ? undefined : choice }),
  },
  {
    label: l10n.t('Options of the protocol'),
    option: 'protocolOption',
    isOffered: ({ protocol }) => protocol !== undefined && optionNames(protocol).length > 0,
    show: ({ protocolOptions = {} }) => Object.keys(protocolOptions).join(', ') || NONE,
    prompt: ({ protocol = '' }) =>
      l10n.t(
        'NAME=VALUE, with one of the names {0}. Leave the value empty to remove it.',
        optionNames(protocol).join(', '),
      ),
    text: () => '',
    typed: withProtocolOption,
  },
  {
    label: l10n.t('Body'),
    option: 'data',
    show: ({ body }) => (typeof body === 'string' ? body : body === undefined ? NONE : l10n.t('bytes')),
    prompt: l10n.t('Request body. Leave empty to send none.'),
    text: ({ body }) => (typeof body === 'string' ? body : ''),
    typed: (spec, text) => ({ ...spec, body: text === '' ? undefined : text }),
  },
  {
    label: l10n.t('Interval'),
    option: 'interval',
    isOffered: ({ transport }) => transport === 'poll',
    show: ({ interval }) => (interval === undefined ? FROM_SETTINGS : `${interval} ms`),
    prompt: l10n.t('Milliseconds from one request to the next. Leave empty to use the settings.'),
    text: ({ interval = '' }) => String(interval),
    typed: (spec, text) => set(spec, 'interval', text),
  },
  {
    label: l10n.t('Cursor'),
    option: 'cursor',
    show: cursorOf,
    prompt: l10n.t(
      'How a request resumes: auto (ETag, Last-Modified), header:NAME:PARAM, json:/POINTER:PARAM, json:$.PATH:PARAM, or none',
    ),
    text: cursorOf,
    typed: (spec, text) => withText(spec, 'cursor', text.trim()),
  },
  {
    label: l10n.t('Framing'),
    option: 'framing',
    show: ({ framing = 'auto' }) => framing,
    choices: REQUEST_OPTIONS.framing.choices ?? [],
    chosen: (spec, choice) => withText(spec, 'framing', choice),
  },
  {
    label: l10n.t('Certificate'),
    option: 'insecure',
    isOffered: ({ url }) => /^(wss|https):/i.test(url),
    show: ({ tls }) => (tls?.insecure === true ? NOT_CHECKED : CHECKED),
    choices: [CHECKED, NOT_CHECKED],
    chosen: (spec, choice) => ({ ...spec, tls: { ...spec.tls, insecure: choice === NOT_CHECKED } }),
  },
  {
    label: l10n.t('Cookies'),
    option: 'cookieJar',
    show: ({ cookieJar }) => (cookieJar === true ? USED : NOT_USED),
    choices: [USED, NOT_USED],
    chosen: (spec, choice) => ({ ...spec, cookieJar: choice === USED }),
  },
  {
    label: l10n.t('HTTP version'),
    option: 'http',
    show: ({ http = '1.1' }) => http,
    choices: REQUEST_OPTIONS.http.choices ?? [],
    chosen: (spec, choice) => withText(spec, 'http', choice),
  },
  {
    label: l10n.t('Connect as a browser'),
    option: 'asBrowser',
    show: ({ asBrowser }) => (asBrowser === true ? YES : NO),
    choices: [YES, NO],
    chosen: (spec, choice) => ({ ...spec, asBrowser: choice === YES }),
  },
  {
    label: l10n.t('Reconnect'),
    option: 'reconnect',
    show: ({ reconnect = FROM_SETTINGS }) =>
      typeof reconnect === 'number' ? l10n.t('every {0} ms', reconnect) : reconnect,
    prompt: l10n.t('never, backoff, or a fixed delay in milliseconds. Leave empty to use the settings.'),
    text: ({ reconnect = '' }) => String(reconnect),
    typed: (spec, text) => set(spec, 'reconnect', text),
  },
]

function optionNames(protocol: string): readonly string[] {
  return isSpoken(protocol) ? SPOKEN[protocol].options.map(({ name }) => name) : []
}

function withProtocolOption(spec: ConnectionSpec, text: string): ConnectionSpec {
  const { name, value } = readOption('protocolOption', text.trim())
  const { [name]: _, ...others } = spec.protocolOptions ?? {}
  return { ...spec, protocolOptions: value === '' ? others : { ...others, [name]: value } }
}

function methodOf({ method, body }: ConnectionSpec): string {
  return method ?? (body === undefined ? 'GET' : 'POST')
}

function cursorOf({ cursor = 'auto' }: ConnectionSpec): string {
  return cursor
}

/** The fields to offer for a connection, by its URL and transport. */
export function fieldsOf(spec: ConnectionSpec): readonly Field[] {
  return FIELDS.filter(
    ({ option, isOffered = () => true }) => alwaysHasEffect(option, spec) && isOffered(spec),
  )
}
