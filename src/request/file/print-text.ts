/** Writes texts so that they read back as they were: nothing in them becomes a placeholder, a comment or a separator. */
import { LONE_SURROGATE } from '../../shared/compose/compose.ts'
import { Failure } from '../../shared/failure.ts'
import { METHOD_KEYWORDS } from './methods.ts'

/** The only placeholders in a text that has none otherwise: what stands for a secret. */
const SECRET = /(\{\{\$secret [\w.-]{1,256}\}\})/

/** The text with braces that no request reads as a placeholder. */
export function escapeBraces(text: string): string {
  return text.replaceAll('{{', '{{$braces}}')
}

/** Text in which double braces mean nothing, as a text with placeholders. Placeholders of secrets stay. */
export function literal(text: string): string {
  const parts = text.split(SECRET)
  return parts.map((part, index) => (index % 2 === 1 ? part : escapeBraces(part))).join('')
}

/**
 * Characters that do not survive in a text file, or that editors take for the end of a line. LF is written as it is. The
 * groups are as long as the arguments of a placeholder can be.
 */
const UNWRITABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\0-\x08\x0b-\x1f\x7f\u0085\u2028\u2029\ufeff]{1,8}/g

/** Methods that httpYac also takes for a request inside a body. */
const OTHER_METHODS =
  'CONNECT TRACE PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK CHECKOUT CHECKIN REPORT MERGE MKACTIVITY MKWORKSPACE VERSION-CONTROL BASELINE-CONTROL MKCALENDAR ACL SEARCH MQTTS AMQPS'

/** What a line of a body must not begin with, here or in JetBrains' client or httpYac. */
const MEANS_SOMETHING = new RegExp(
  [
    String.raw`^\s*(?:#|\/\/|\/\*|===|\?\?|>|@`,
    String.raw`<(?:[ \t{@>]|$)`,
    String.raw`HTTP\/|WS\s*\d`,
    String.raw`proto\s*<`,
    String.raw`(?:${[...METHOD_KEYWORDS, ...OTHER_METHODS.split(' ')].join('|')})\s+\S`,
    String.raw`\{\{[@+\w\s]*$)`,
  ].join('|'),
)
/** What a line must not end with: httpYac takes it for a separator. */
const ENDS_MESSAGE = /={3}\s*(?:wait-for-server\s*)?$/

/** httpYac removes a last line with this. */
const REMOVED = '<--->'

const NOTHING = '{{$empty}}'

/** The lines of a body or a message, for a text with placeholders. Throws a `Failure` `BAD_TEXT`. */
export function contentLines(text: string): string[] {
  if (LONE_SURROGATE.test(text))
    throw new Failure(
      'BAD_TEXT',
      'The text has an incomplete character, which a file cannot hold; remove it.',
    )
  const writable = text.replaceAll(
    UNWRITABLE,
    (characters) => `{{$char ${[...characters].map((each) => each.charCodeAt(0)).join(' ')}}}`,
  )
  const lines = writable.replaceAll(REMOVED, `<-${NOTHING}-->`).split('\n')
  return lines.map((line, index) => {
    const isEdge = index === 0 || index === lines.length - 1
    const begin = MEANS_SOMETHING.test(line) || (isEdge && line.trim() === '') ? NOTHING : ''
    return begin + line + (ENDS_MESSAGE.test(line) ? NOTHING : '')
  })
}

/** A text for a place within a line. White space of any kind becomes one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** A URL in one line. What separates words in it is encoded, except in placeholders. */
export function urlText(url: string): string {
  return url
    .trim()
    .replaceAll(/[\t\r\n]/g, '')
    .split(/(\{\{[^{}]{1,300}\}\})/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(/\s/g, (blank) => encodeURIComponent(blank)),
    )
    .join('')
}
