/** What JetBrains, httpYac, REST Client and kulala read in a file of requests, and this tool does not run. */
import type { Line } from './lines.ts'
import type { Severity } from './request-file.ts'
import { kebab } from './settings.ts'

export interface Foreign {
  readonly severity: Severity
  readonly code: string
  readonly message: string
}

/** The part of a request that a line belongs to. */
export type Section =
  /** Comments, options and variables before the request line. */
  | 'before'
  /** From the request line on, with the headers. */
  | 'head'
  /** After the blank line: a body, or messages. */
  | 'body'

interface ForeignLine extends Foreign {
  readonly pattern: RegExp
  /** Where it has this meaning; if absent, everywhere. */
  readonly sections?: readonly Section[]
  /** It goes on to the line with this. */
  readonly until?: RegExp
  /** Without a line that ends it, it is not what it seems. */
  readonly mustEnd?: true
}

const SCRIPT = {
  severity: 'warning',
  code: 'SCRIPT',
  message:
    'Scripts are not run. Write # @set name = $.path to keep a value of a message, and # @expect to say what is expected.',
} as const

/** The first that fits is what a line is. No pattern takes longer than in proportion to its line. */
const LINES: readonly ForeignLine[] = [
  { ...SCRIPT, pattern: /^[ \t]*[<>][ \t]*\{%/, until: /%\}/ },
  {
    ...SCRIPT,
    pattern: /^[ \t]*\{\{(?:@js[ \t]+)?[+@]?(?:request|streaming|response|after|responseLogging)?[ \t]*$/i,
    until: /^[ \t]*\}\}[ \t]*$/,
    mustEnd: true,
  },
  { ...SCRIPT, pattern: /^[ \t]*>[ \t]+[^\s{%}]+[ \t]*$/ },
  { ...SCRIPT, pattern: /^[ \t]*<[ \t]+[^\s{%}]+[ \t]*$/, sections: ['before'] },
  {
    severity: 'warning',
    code: 'NOT_RUN',
    message: 'Requests of other files are not run from here; open that file, or name it in the terminal.',
    pattern: /^[ \t]*(?:import|run)[ \t]+\S/,
    sections: ['before'],
  },
  {
    severity: 'warning',
    code: 'NOT_WRITTEN',
    message: 'Responses are not written to files; save the session instead.',
    pattern: /^[ \t]*>>!?[ \t]+\S/,
  },
  {
    severity: 'info',
    code: 'NO_EFFECT',
    message: 'Responses saved by other tools are not read.',
    pattern: /^[ \t]*<>[ \t]*\S/,
  },
  {
    severity: 'info',
    code: 'NO_EFFECT',
    message: 'Definitions of gRPC are not read; GRPC requests do not run here.',
    pattern: /^[ \t]*proto[ \t]*</,
    sections: ['before'],
  },
  {
    severity: 'warning',
    code: 'SCRIPT',
    message: 'Headers from a script variable are not sent; write each header on a line of its own.',
    pattern: /^[ \t]*\.{3}\w/,
    sections: ['head'],
  },
]

/**
 * Finds what other tools read in lines. Looking for the end of something never looks at a line twice: what does not end
 * once does not end for the lines after it either.
 */
export class ForeignLines {
  readonly #lines: readonly Line[]
  readonly #end: number
  readonly #endless = new Set<ForeignLine>()

  /** For the lines before `end`. */
  constructor(lines: readonly Line[], end: number) {
    this.#lines = lines
    this.#end = end
  }

  /** What begins at a line, and the line after it. Undefined if that is nothing of another tool. */
  at(index: number, section: Section): { readonly what: Foreign; readonly next: number } | undefined {
    const text = this.#lines[index]?.text ?? ''
    // What all patterns begin with. Most lines of a body are not looked at again.
    if (!/^[ \t]*[<>{.ipr]/.test(text)) return undefined
    const what = LINES.find(
      ({ pattern, sections }) => (sections?.includes(section) ?? true) && pattern.test(text),
    )
    if (what === undefined) return undefined
    const next = this.#next(what, index)
    return next === undefined ? undefined : { what, next }
  }

  #next(what: ForeignLine, index: number): number | undefined {
    const { until } = what
    if (until === undefined) return index + 1
    // A block of httpYac begins on a line of its own.
    const from = what.mustEnd ? index + 1 : index
    if (!this.#endless.has(what))
      for (let at = from; at < this.#end; at++) if (until.test(this.#lines[at]?.text ?? '')) return at + 1
    this.#endless.add(what)
    return what.mustEnd ? undefined : this.#end
  }
}

const HARMLESS = 'It has no effect here.'
const info = (message: string): Foreign => ({ severity: 'info', code: 'NO_EFFECT', message })
const warning = (message: string): Foreign => ({ severity: 'warning', code: 'NOT_SUPPORTED', message })

/** `# @NAME` of other tools, in kebab case. */
const DIRECTIVES: Readonly<Record<string, Foreign>> = {
  ...Object.fromEntries(
    [
      'debug',
      'description',
      'extension',
      'grpc-reflection',
      'jwt',
      'language',
      'no-auto-encoding',
      'no-client-cert',
      'no-log',
      'no-response-view',
      'no-streaming-log',
      'open-with',
      'save',
      'tag',
      'title',
      'verbose',
    ].map((name) => [name, info(HARMLESS)]),
  ),
  'keep-streaming': info('It has no effect here: a connection stays open until it is closed.'),
  'connection-timeout': warning('It is not supported; write # @option timeout MS.'),
  disabled: warning('It is not supported: the request runs. Put # before its lines to keep it from running.'),
  'force-ref': warning('Requests do not run others first; run them in order, and keep values with # @set.'),
  import: warning('Requests of other files are not run from here.'),
  'inject-variables': warning('It is not supported; write <@ in place of < to fill the variables in a file.'),
  loop: warning('It is not supported: the request runs once.'),
  'no-proxy': warning('It is not supported; the proxy is that of the editor or the environment.'),
  'no-redirect': warning('It is not supported: redirects are followed.'),
  note: warning('It is not supported: the request runs without confirmation.'),
  prompt: warning('It is not supported; write {{$prompt Question}} where the answer belongs.'),
  'rate-limit': warning('It is not supported: requests are not delayed.'),
  ratelimit: warning('It is not supported: requests are not delayed.'),
  ref: warning('Requests do not run others first; run them in order, and keep values with # @set.'),
  sleep: warning('It is not supported: messages are sent without a pause.'),
  'use-os-credentials': warning('It is not supported; write an Authorization header.'),
}

/** What `# @NAME` means in another tool. Undefined if it is not known. */
export function foreignDirective(name: string): Foreign | undefined {
  const key = kebab(name)
  return Object.hasOwn(DIRECTIVES, key) ? DIRECTIVES[key] : undefined
}
